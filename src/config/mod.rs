//! `yukimichi.toml`: one typed file; unknown keys are refused with their line and a suggestion.

mod covers;
mod feed;
pub mod notify;
mod sections;
mod snow;

use anyhow::{Context, bail};
use domain::quality::QualityParams;
use domain::road_manager::RoadManager;
use ingest::formats::FeedFormat;
use serde::Deserialize;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use covers::Covers;
pub use feed::FeedConfig;
pub use snow::SnowConfig;

/// Name of the file that is read when `--config` names none.
pub const DEFAULT_FILE: &str = "yukimichi.toml";

/// The whole configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Private cluster, caches.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub http: HttpConfig,
    /// The database; without it a private cluster in `data_dir`.
    pub database: Option<DatabaseConfig>,
    /// The web app.
    pub web: WebConfig,
    /// What a state hangs on.
    pub status: StatusConfig,
    /// Limits of quality control.
    pub quality: QualityParams,
    /// From how much new snow on roads are to be cleared.
    pub snow: SnowConfig,
    /// Tiles.
    pub tiles: TilesConfig,
    /// Call-outs.
    pub dispatch: notify::DispatchConfig,
    /// The ways on which messages go.
    pub notify: notify::NotifyConfig,
    /// Road managers.
    pub manager: Vec<RoadManager>,
    /// Feeds.
    pub feed: Vec<FeedConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            data_dir: PathBuf::from("./yukimichi-data"),
            http: HttpConfig::default(),
            database: None,
            web: WebConfig::default(),
            status: StatusConfig::default(),
            quality: QualityParams::default(),
            snow: SnowConfig::default(),
            tiles: TilesConfig::default(),
            dispatch: notify::DispatchConfig::default(),
            notify: notify::NotifyConfig::default(),
            manager: Vec::new(),
            feed: Vec::new(),
        }
    }
}

/// `[http]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpConfig {
    /// Address and port to listen on.
    pub listen: SocketAddr,
}

impl Default for HttpConfig {
    fn default() -> Self {
        HttpConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
        }
    }
}

/// `[database]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://user@host/database`; the password comes from `PGPASSWORD` or `~/.pgpass`.
    pub url: String,
}

/// `[web]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebConfig {
    /// A background map from outside; none by default, so that the page needs no other server.
    pub background: Option<Background>,
}

/// A background map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    /// 地理院タイル 淡色地図.
    GsiPale,
}

/// `[tiles]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TilesConfig {
    /// Memory for tiles in MiB.
    pub cache_mb: u64,
}

impl Default for TilesConfig {
    fn default() -> Self {
        TilesConfig { cache_mb: 256 }
    }
}

/// `[status]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusConfig {
    /// Without snow data, snow past the threshold is assumed this long after a clearing.
    #[serde(deserialize_with = "duration")]
    pub assume_snow_after: Duration,
}

impl Default for StatusConfig {
    fn default() -> Self {
        StatusConfig {
            assume_snow_after: Duration::from_secs(12 * 3600),
        }
    }
}

impl Config {
    /// Reads the file that `--config` names; without one, `yukimichi.toml` where it exists, else
    /// the defaults.
    ///
    /// # Errors
    /// When the named file is missing, or anything in it is wrong.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let file = match file {
            Some(file) => file,
            None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
            None => return Ok(Config::default()),
        };
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{}: can't be read", file.display()))?;
        let name = file.display().to_string();
        let mut config = Self::parse(&text, &name)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        for feed in &mut config.feed {
            if let Some(covers) = &mut feed.covers {
                covers.beside(folder);
                let of_feed = || format!("{name}: [[feed]] {}", feed.id);
                covers.scope().with_context(of_feed)?;
            }
        }
        Ok(config)
    }

    /// Reads a configuration's text; `name` is used in messages.
    ///
    /// # Errors
    /// When anything in it is wrong.
    pub fn parse(text: &str, name: &str) -> anyhow::Result<Self> {
        let config: Config = toml::from_str(text).map_err(|e| {
            anyhow::anyhow!(
                "{name}: {}{}",
                e.to_string().trim_end(),
                suggestion(e.message())
            )
        })?;
        config.check().with_context(|| name.to_owned())?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let mut codes = HashSet::new();
        for manager in &self.manager {
            if !codes.insert(manager.code.as_str()) {
                bail!("[[manager]] code {:?} stands twice", manager.code);
            }
        }
        self.snow.check(&codes)?;
        let mut ids = HashSet::new();
        for feed in &self.feed {
            let id = &feed.id;
            if !ids.insert(id.as_str()) {
                bail!("[[feed]] id {id:?} stands twice");
            }
            if !codes.contains(feed.manager.as_str()) {
                bail!(
                    "[[feed]] {id}: manager {:?} is no [[manager]]{}",
                    feed.manager,
                    nearest(&feed.manager, codes.iter().copied())
                );
            }
            if feed.every < Duration::from_secs(1) {
                bail!("[[feed]] {id}: every: at least \"1s\"");
            }
            feed.check().with_context(|| format!("[[feed]] {id}"))?;
        }
        Ok(())
    }
}

/// "did you mean" for serde's "unknown field `x`, expected one of `a`, `b`".
fn suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match quoted.next() {
        Some(unknown) if message.starts_with("unknown") => {
            let mut known: Vec<&str> = quoted.collect();
            // Among a feed's own keys: a format's section is none, but may be what was meant.
            if known.contains(&"every") {
                known.extend(FeedFormat::ALL.iter().map(|f| f.as_str()));
            }
            nearest(unknown, known.into_iter())
        }
        _ => String::new(),
    }
}

pub(crate) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|k| (strsim::jaro_winkler(unknown, k), k))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(String::new(), |(_, k)| format!("; did you mean `{k}`?"))
}

/// Spans such as `30s`, `5m`, `12h`.
fn duration<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let span: jiff::SignedDuration = text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "{text:?} is no span such as \"30s\", \"5m\" or \"12h\""
        ))
    })?;
    Duration::try_from(span).map_err(|_| serde::de::Error::custom(format!("{text:?} is negative")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
