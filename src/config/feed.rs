//! `[[feed]]`: one source of one manager.

use super::covers::Covers;
use super::duration;
use super::sections::{self, FormatSections};
use crate::feed_source::FeedSource;
use anyhow::{Context, bail};
use ingest::formats::{FeedFormat, MAX_PAYLOAD_BYTES, decode_within};
use ingest::transport::CompanionSources;
use ingest::{DecodeError, Decoded};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use std::path::PathBuf;
use std::time::Duration;

/// `[[feed]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct FeedConfig {
    /// Its id.
    pub id: String,
    /// Code of its manager.
    pub manager: String,
    /// Name of its decoder.
    pub format: FeedFormat,
    /// Where it is pulled from; may name companions in braces. One of `url`, `path` and `push`.
    pub url: Option<String>,
    /// The folder into which its files are dropped.
    pub path: Option<PathBuf>,
    /// Whether its manager sends it by itself.
    #[serde(default)]
    pub push: bool,
    /// What is fetched along because the payload can't be understood without it: addresses, or
    /// paths of files.
    #[serde(default)]
    pub companions: CompanionSources,
    /// How often it is pulled, or expected.
    #[serde(deserialize_with = "duration")]
    pub every: Duration,
    /// Whether loopback and private addresses may be fetched.
    #[serde(default)]
    pub allow_private_address: bool,
    /// Whom to name beside its data.
    #[serde(default)]
    pub attribution: String,
    /// Licence of its data.
    #[serde(default)]
    pub licence: String,
    /// What it speaks for; [`FeedConfig::covers`] knows the default.
    pub covers: Option<Covers>,
    /// Whether each payload lists all closures that hold: one that is no longer listed is over.
    #[serde(default)]
    pub complete: bool,
    /// Units that are out whenever the feed speaks: when fewer of them are heard, what it covers is
    /// unconfirmed.
    pub units_on_duty: Option<u16>,
    /// Largest payload that is taken, in bytes.
    #[serde(default = "max_payload_bytes")]
    pub max_bytes: usize,
    /// `[feed.<format>]`.
    #[serde(skip)]
    pub sections: FormatSections,
}

fn max_payload_bytes() -> usize {
    MAX_PAYLOAD_BYTES
}

impl<'de> Deserialize<'de> for FeedConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mut feed, sections) = sections::apart(deserializer)?;
        feed.sections = sections;
        Ok(feed)
    }
}

impl FeedConfig {
    /// Where its payloads come from.
    ///
    /// # Errors
    /// When the configuration names none or several, or an address that can't be.
    pub fn source(&self) -> anyhow::Result<FeedSource<'_>> {
        FeedSource::of(self)
    }

    /// What it speaks for. Unless it says so, only a feed of positions speaks for its manager's
    /// roads: that a list of plans or a snow gauge is heard tells nothing of plows.
    pub fn covers(&self) -> Covers {
        let default = match self.format.tells_positions() {
            true => Covers::Manager,
            false => Covers::Passes,
        };
        self.covers.clone().unwrap_or(default)
    }

    /// Checks the source and the format's section.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let source = self.source()?;
        if self.id.contains(['/', ':']) {
            bail!("id: a feed's name holds neither / nor :");
        }
        if (source == FeedSource::Push) != (self.format == FeedFormat::PushJson) {
            bail!("push = true and format = \"push_json\" belong together");
        }
        let format = self.format.as_str();
        if let Some(other) = self.sections.formats().find(|other| *other != self.format) {
            let other = other.as_str();
            bail!("[feed.{other}] belongs to another format than {format:?}");
        }
        let Some(decoder) = self.sections.decoder(self.format) else {
            bail!("format = {format:?} needs a [feed.{format}] section");
        };
        decoder.check().with_context(|| format!("[feed.{format}]"))
    }

    /// Decodes a payload by the feed's format.
    ///
    /// # Errors
    /// What is wrong with the payload as a whole.
    pub fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        match self.sections.decoder(self.format) {
            Some(decoder) => decode_within(decoder.as_ref(), self.max_bytes, payload, now),
            None => Err(DecodeError(format!(
                "format = {:?} needs its section",
                self.format.as_str()
            ))),
        }
    }
}
