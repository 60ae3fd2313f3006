//! What an attempt on a feed brings, whatever way it comes: over HTTP(S), or dropped into a folder.

use crate::config::FeedConfig;
use crate::feed_source::FeedSource;
use anyhow::Context;
use ingest::payload::pack;
use ingest::transport::{
    FailureKind, Fetched, FileOutcome, FolderError, PullRequest, Puller, ReadyFile, STEADY_FOR,
    Validators, WatchedFolder,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What came.
pub(super) enum Arrival {
    /// The source was heard, and has nothing new.
    Unchanged,
    /// No file is ready; that says nothing of the manager.
    NoFile,
    /// A file could not be read or moved; the others are not to wait for it.
    FileTrouble(String),
    /// A file was moved away without being read, and this is its name and why.
    FileRefused(String, String),
    /// A payload.
    Payload(Incoming),
    /// Nothing, and this is why.
    Failed(String, FailureKind),
}

/// A payload with what is to be done once it is kept.
pub(super) struct Incoming {
    pub bytes: Vec<u8>,
    pub validators: Validators,
    /// The file that it was, to be moved away after it is kept.
    pub file: Option<DroppedFile>,
}

/// A file of a watched folder, with the folder.
pub(super) struct DroppedFile {
    folder: Folder,
    file: ReadyFile,
    /// Whether others wait behind it.
    more: bool,
}

type Folder = Arc<Mutex<WatchedFolder>>;

/// The ways in which payloads come.
pub(super) struct Arrivals {
    public: Puller,
    private: Puller,
    folders: HashMap<String, Folder>,
}

impl Arrivals {
    pub(super) fn new<'a>(feeds: impl Iterator<Item = &'a FeedConfig>) -> anyhow::Result<Self> {
        let mut folders = HashMap::new();
        for feed in feeds {
            if let FeedSource::Folder(path) = feed.source()? {
                let folder = Arc::new(Mutex::new(WatchedFolder::new(path)));
                folders.insert(feed.id.clone(), folder);
            }
        }
        Ok(Arrivals {
            public: Puller::new(false)?,
            private: Puller::new(true)?,
            folders,
        })
    }

    /// Makes one attempt.
    pub(super) async fn next(
        &self,
        feed: &FeedConfig,
        validators: &Validators,
        now: Timestamp,
    ) -> anyhow::Result<Arrival> {
        match feed.source()? {
            FeedSource::Url(url) => self.pull(feed, url, validators, now).await,
            FeedSource::Folder(path) => self.take(feed, path, now).await,
            FeedSource::Push => Ok(Arrival::Unchanged),
        }
    }

    async fn pull(
        &self,
        feed: &FeedConfig,
        url: &str,
        validators: &Validators,
        now: Timestamp,
    ) -> anyhow::Result<Arrival> {
        let request = PullRequest {
            url,
            companions: &feed.companions,
            validators,
            max_bytes: feed.max_bytes,
        };
        Ok(match self.puller(feed).pull(request).await {
            Ok(Fetched::NotModified) => Arrival::Unchanged,
            Ok(Fetched::Body { bytes, validators }) => Arrival::Payload(Incoming {
                bytes,
                validators,
                file: None,
            }),
            Err(error) => Arrival::Failed(error.to_string(), error.kind(now)),
        })
    }

    async fn take(
        &self,
        feed: &FeedConfig,
        path: &Path,
        now: Timestamp,
    ) -> anyhow::Result<Arrival> {
        let folder = self
            .folders
            .get(&feed.id)
            .with_context(|| format!("{}: a folder that is not watched", path.display()))?;
        let watched = Arc::clone(folder);
        let max_bytes = feed.max_bytes;
        let found: Result<Found, FolderError> = blocking(move || {
            let mut watched = lock(&watched);
            let look = watched.look(now)?;
            let Some(file) = look.ready.first() else {
                return Ok(Found::Nothing { stuck: look.stuck });
            };
            let more = look.ready.len() > 1;
            match watched.read(file, max_bytes) {
                Ok(bytes) => Ok(Found::File(file.clone(), bytes, more)),
                Err(FolderError::Changed { .. }) => Ok(Found::Nothing { stuck: look.stuck }),
                Err(error) => {
                    let reason = error.to_string();
                    watched.settle(file, &FileOutcome::Failed(reason.clone()))?;
                    Ok(Found::Unusable(file.name.clone(), reason))
                }
            }
        })
        .await?;
        Ok(match found {
            Err(error) => Arrival::Failed(error.to_string(), FailureKind::Passing),
            Ok(Found::Unusable(name, reason)) => Arrival::FileRefused(name, reason),
            Ok(Found::Nothing { stuck }) if stuck.is_empty() => Arrival::NoFile,
            Ok(Found::Nothing { stuck }) => Arrival::FileTrouble(format!(
                "{} was taken but can't be moved away; may this program write to the folder?",
                stuck.join(", ")
            )),
            Ok(Found::File(file, bytes, more)) => {
                let bytes = match self.with_companions(feed, &file.name, bytes, now).await {
                    Ok(bytes) => bytes,
                    Err((reason, kind)) => return Ok(Arrival::Failed(reason, kind)),
                };
                Arrival::Payload(Incoming {
                    bytes,
                    validators: Validators::default(),
                    file: Some(DroppedFile {
                        folder: Arc::clone(folder),
                        file,
                        more,
                    }),
                })
            }
        })
    }

    async fn with_companions(
        &self,
        feed: &FeedConfig,
        name: &str,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<Vec<u8>, (String, FailureKind)> {
        if feed.companions.is_empty() {
            return Ok(bytes);
        }
        let companions = self
            .puller(feed)
            .gather(&feed.companions, feed.max_bytes)
            .await
            .map_err(|e| (e.to_string(), e.kind(now)))?;
        pack(name, &bytes, &companions).map_err(|e| (e.to_string(), FailureKind::Unreadable))
    }

    fn puller(&self, feed: &FeedConfig) -> &Puller {
        if feed.allow_private_address {
            &self.private
        } else {
            &self.public
        }
    }
}

enum Found {
    Nothing { stuck: Vec<String> },
    File(ReadyFile, Vec<u8>, bool),
    Unusable(String, String),
}

impl Incoming {
    /// When to look again after this was taken, of a feed that is asked each `every`.
    pub(super) fn next_after(&self, every: SignedDuration) -> SignedDuration {
        match &self.file {
            None => every,
            Some(file) if file.more => SignedDuration::ZERO,
            Some(_) => every.min(STEADY_FOR),
        }
    }
}

impl DroppedFile {
    /// Moves the file away, after what it says is kept.
    pub(super) async fn settle(self, outcome: FileOutcome) -> anyhow::Result<()> {
        let settled = blocking(move || lock(&self.folder).settle(&self.file, &outcome)).await?;
        Ok(settled?)
    }
}

fn lock(folder: &Folder) -> MutexGuard<'_, WatchedFolder> {
    // What a look saw is whole, whatever broke after it.
    folder.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
    Ok(tokio::task::spawn_blocking(work).await?)
}
