//! Companions: what is fetched along because a payload can't be understood without it.
//!
//! `url` may name them in braces: `{latest}` is a companion's text, `{latest:%Y%m%d%H%M%S}` the time
//! that it states, written in that form. So JMA's map file is found, whose address holds the time of
//! the newest one and whose stations stand in a file of their own:
//!
//! ```toml
//! url = "https://www.jma.go.jp/bosai/amedas/data/map/{latest:%Y%m%d%H%M%S}.json"
//! [feed.companions]
//! latest = "https://www.jma.go.jp/bosai/amedas/data/latest_time.txt"
//! stations = "https://www.jma.go.jp/bosai/amedas/const/amedastable.json"
//! ```

use super::http::{CompanionFailure, FetchError, Fetched, Puller, Validators};
use crate::payload::{Companions, pack};
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longest time for a payload with all its companions; below the time that a feed is leased for.
const LONGEST_PULL: Duration = Duration::from_secs(25);

/// Where companions come from, by name: an address, or the path of a file.
pub type CompanionSources = BTreeMap<String, String>;

/// Companions as they were last fetched, so that servers are asked for news only.
pub(super) type CompanionCache = Arc<Mutex<HashMap<String, (Validators, Vec<u8>)>>>;

/// What to pull.
#[derive(Debug, Clone, Copy)]
pub struct PullRequest<'a> {
    /// The address, which may name companions.
    pub url: &'a str,
    /// The companions.
    pub companions: &'a CompanionSources,
    /// Of the last answer.
    pub validators: &'a Validators,
    /// Largest answer that is taken, of each file.
    pub max_bytes: usize,
}

impl Puller {
    /// Gets a payload with its companions, packed together when there are any.
    ///
    /// # Errors
    /// [`FetchError`]; nothing is retried here.
    pub async fn pull(&self, request: PullRequest<'_>) -> Result<Fetched, FetchError> {
        if request.companions.is_empty() {
            let PullRequest {
                url, validators, ..
            } = request;
            return self.fetch(url, validators, request.max_bytes).await;
        }
        tokio::time::timeout(LONGEST_PULL, self.pull_with_companions(request))
            .await
            .map_err(|_| FetchError::Transport("no whole answer in time".to_owned()))?
    }

    async fn pull_with_companions(&self, request: PullRequest<'_>) -> Result<Fetched, FetchError> {
        let companions = self.gather(request.companions, request.max_bytes).await?;
        let url = fill(request.url, &companions)?;
        // What a server says of one address can't be asked of another.
        let none = Validators::default();
        let validators = if url == request.url {
            request.validators
        } else {
            &none
        };
        match self.fetch(&url, validators, request.max_bytes).await? {
            Fetched::NotModified => Ok(Fetched::NotModified),
            Fetched::Body { bytes, validators } => {
                let path = url.split(['?', '#']).next().unwrap_or_default();
                let name = path.rsplit('/').next().unwrap_or_default();
                let bytes = pack(name, &bytes, &companions)
                    .map_err(|e| FetchError::Transport(e.to_string()))?;
                Ok(Fetched::Body { bytes, validators })
            }
        }
    }

    /// Gets all companions; those of a server that has nothing new as they were last time.
    ///
    /// # Errors
    /// [`FetchError::Companion`], naming the first that can't be had.
    pub async fn gather(
        &self,
        sources: &CompanionSources,
        max_bytes: usize,
    ) -> Result<Companions, FetchError> {
        let mut companions = Companions::new();
        for (name, source) in sources {
            let bytes = if is_url(source) {
                self.companion_at(source, max_bytes).await
            } else {
                companion_file(source, max_bytes).await
            };
            let bytes = bytes.map_err(|e| FetchError::Companion {
                name: name.clone(),
                reason: e.to_string(),
                kind: match e {
                    FetchError::Status {
                        status: 408 | 425 | 429 | 500..,
                        ..
                    }
                    | FetchError::Transport(_) => CompanionFailure::Passing,
                    _ => CompanionFailure::Lasting,
                },
            })?;
            companions.insert(name.clone(), bytes);
        }
        Ok(companions)
    }

    async fn companion_at(&self, url: &str, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
        let known = self.cache(|cache| cache.get(url).cloned());
        let (validators, last) = known.unwrap_or_default();
        match self.fetch(url, &validators, max_bytes).await? {
            Fetched::NotModified => Ok(last),
            Fetched::Body { bytes, validators } => {
                let kept = (validators, bytes.clone());
                self.cache(|cache| cache.insert(url.to_owned(), kept));
                Ok(bytes)
            }
        }
    }

    fn cache<T>(&self, with: impl FnOnce(&mut HashMap<String, (Validators, Vec<u8>)>) -> T) -> T {
        let cache = self.companions.lock();
        // Nothing is left half done in it by a panic.
        with(&mut cache.unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

async fn companion_file(path: &str, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let failed = |e: std::io::Error| FetchError::Transport(format!("{path}: {e}"));
    let size = tokio::fs::metadata(path).await.map_err(failed)?.len();
    if size > max_bytes as u64 {
        return Err(FetchError::TooLarge { limit: max_bytes });
    }
    tokio::fs::read(path).await.map_err(failed)
}

/// Whether a companion's source is an address; else it is a file's path.
fn is_url(source: &str) -> bool {
    source.contains("://")
}

/// What is wrong with an address that names companions, without any of them: a brace that is not
/// closed, a name that is not among `known`, or one where the server's name is to be.
///
/// # Errors
/// A text for a person.
pub fn check_address(url: &str, known: &CompanionSources) -> Result<(), String> {
    let server_at = url.find("://").map_or(0, |scheme| scheme + 3);
    let path_at = url[server_at..].find('/').map(|at| server_at + at);
    let names_server = |brace| path_at.is_none_or(|path| brace < path);
    if url.find('{').is_some_and(names_server) {
        return Err("a companion can't name the server, only what is asked of it".to_owned());
    }
    for part in parts(url)? {
        if let Part::Companion { name, .. } = part
            && !known.contains_key(name)
        {
            return Err(format!("{{{name}}} is none of [feed.companions]"));
        }
    }
    Ok(())
}

enum Part<'a> {
    Text(&'a str),
    Companion {
        name: &'a str,
        time_format: Option<&'a str>,
    },
}

fn parts(url: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = url;
    while let Some((text, from_name)) = rest.split_once('{') {
        let (inner, after) = from_name
            .split_once('}')
            .ok_or_else(|| "a { without its }".to_owned())?;
        let (name, time_format) = match inner.split_once(':') {
            Some((name, format)) => (name, Some(format)),
            None => (inner, None),
        };
        parts.push(Part::Text(text));
        parts.push(Part::Companion { name, time_format });
        rest = after;
    }
    parts.push(Part::Text(rest));
    Ok(parts)
}

/// Puts the companions' texts into an address.
fn fill(url: &str, companions: &Companions) -> Result<String, FetchError> {
    let mut filled = String::with_capacity(url.len());
    let bad_url = |_| FetchError::BadUrl {
        url: url.to_owned(),
    };
    for part in parts(url).map_err(bad_url)? {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Companion { name, time_format } => {
                let bytes = companions.get(name).map_or(&b""[..], Vec::as_slice);
                let text =
                    text_for(bytes, time_format).map_err(|reason| FetchError::Companion {
                        name: name.to_owned(),
                        reason,
                        kind: CompanionFailure::Passing,
                    })?;
                filled.push_str(&text);
            }
        }
    }
    Ok(filled)
}

/// A companion's text, or its time in the wanted form. Only what can't change the meaning of an
/// address is let through.
fn text_for(bytes: &[u8], time_format: Option<&str>) -> Result<String, String> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{FEFF}').trim();
    let filled = match time_format {
        None => text.to_owned(),
        Some(format) => {
            // As the clock on the wall shows it where the companion comes from.
            let civil: DateTime = text
                .parse()
                .or_else(|_| {
                    text.parse::<Timestamp>()
                        .map(|at| jiff::tz::TimeZone::UTC.to_datetime(at))
                })
                .map_err(|_| format!("{text:?} is no time such as 2026-01-15T05:00:00+09:00"))?;
            jiff::fmt::strtime::format(format, civil).map_err(|e| format!("{format}: {e}"))?
        }
    };
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if filled.is_empty()
        || filled.len() > 100
        || !filled.chars().all(harmless)
        || filled.contains("..")
    {
        return Err(format!(
            "{:?} can't stand in an address",
            filled.chars().take(100).collect::<String>()
        ));
    }
    Ok(filled)
}
