//! A watched folder, into which others drop files (SFTP, a share): a file is taken only when it is
//! complete, and moved only after what it says is kept.
//!
//! Two phases: [`WatchedFolder::look`] says which files are ready, and after the caller has committed
//! what one says, [`WatchedFolder::settle`] moves it to `done/`, or to `failed/` beside a text with the
//! reason. A crash in between leaves the file where it is; read again, it says nothing new.

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How long a file's size and time must not change before it counts as complete.
pub const STEADY_FOR: SignedDuration = SignedDuration::from_secs(5);

/// Ends of names that programs give to files that they are still writing.
const UNFINISHED: [&str; 7] = [
    ".tmp",
    ".temp",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".swp",
];
const DONE: &str = "done";
const FAILED: &str = "failed";

/// A folder that is looked into again and again.
#[derive(Debug)]
pub struct WatchedFolder {
    path: PathBuf,
    /// As each file was when it was first seen so.
    seen: HashMap<OsString, (Shape, Timestamp)>,
    /// Files that were taken but could not be moved: not to be taken twice.
    stuck: HashMap<OsString, Shape>,
}

/// What shows that a file was written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    size: u64,
    modified: Option<SystemTime>,
}

/// A complete file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyFile {
    /// Its name in the folder.
    pub name: String,
    path: PathBuf,
    shape: Shape,
}

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Complete files, the oldest first.
    pub ready: Vec<ReadyFile>,
    /// How many may still be written to.
    pub unsteady: usize,
    /// Names of files that were taken and could not be moved away.
    pub stuck: Vec<String>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOutcome {
    /// What it says is kept.
    Taken,
    /// It could not be read, and this is why.
    Failed(String),
}

/// Why a folder or one of its files can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system says no.
    #[error("{path}: {source}")]
    Io {
        /// The folder or file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is larger than what is taken.
    #[error("{name}: larger than {limit} bytes")]
    TooLarge {
        /// The file.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// The file was written to after it was found complete. It stays, and is looked at again.
    #[error("{name}: changed while it was read")]
    Changed {
        /// The file.
        name: String,
    },
}

impl WatchedFolder {
    /// A folder; it need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        WatchedFolder {
            path: path.into(),
            seen: HashMap::new(),
            stuck: HashMap::new(),
        }
    }

    /// Looks at the folder's own files; names of unfinished ones, names with a leading dot, links and
    /// folders are passed over. A file is ready when it looked the same at an earlier look at least
    /// [`STEADY_FOR`] ago.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn look(&mut self, now: Timestamp) -> Result<Look, FolderError> {
        let mut found = HashMap::new();
        let mut ready = Vec::new();
        let mut look = Look {
            ready: Vec::new(),
            unsteady: 0,
            stuck: Vec::new(),
        };
        for entry in fs::read_dir(&self.path).map_err(io(&self.path))? {
            let entry = entry.map_err(io(&self.path))?;
            let name = entry.file_name();
            let shown = name.to_string_lossy().into_owned();
            if is_unfinished(&shown) {
                continue;
            }
            // Not followed: a link could lead out of the folder. A file may vanish meanwhile.
            let Ok(metadata) = fs::symlink_metadata(entry.path()) else {
                continue;
            };
            if !metadata.is_file() {
                continue;
            }
            let shape = Shape::of(&metadata);
            if self.stuck.get(&name) == Some(&shape) {
                look.stuck.push(shown);
                continue;
            }
            let since = match self.seen.get(&name) {
                Some((before, since)) if *before == shape => *since,
                _ => now,
            };
            found.insert(name, (shape, since));
            if now.duration_since(since) >= STEADY_FOR {
                let (name, path) = (shown, entry.path());
                ready.push(ReadyFile { name, path, shape });
            } else {
                look.unsteady += 1;
            }
        }
        self.seen = found;
        ready.sort_by(|a, b| (a.shape.modified, &a.name).cmp(&(b.shape.modified, &b.name)));
        look.stuck.sort();
        look.ready = ready;
        Ok(look)
    }

    /// Reads a ready file.
    ///
    /// # Errors
    /// [`FolderError::Changed`] when it is not what the look saw: it is to be left alone. Any other
    /// error is the file's own, and it is to be settled as failed.
    pub fn read(&self, file: &ReadyFile, max_bytes: usize) -> Result<Vec<u8>, FolderError> {
        let failed = io(&file.path);
        let mut opened = fs::File::open(&file.path).map_err(&failed)?;
        let mut bytes = Vec::new();
        opened
            .by_ref()
            .take(max_bytes as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(&failed)?;
        if bytes.len() > max_bytes {
            return Err(FolderError::TooLarge {
                name: file.name.clone(),
                limit: max_bytes,
            });
        }
        // The file that was opened, and the one that has its name now.
        let same = |metadata: std::io::Result<fs::Metadata>| {
            metadata.is_ok_and(|m| Shape::of(&m) == file.shape)
        };
        if same(opened.metadata()) && same(fs::symlink_metadata(&file.path)) {
            Ok(bytes)
        } else {
            Err(FolderError::Changed {
                name: file.name.clone(),
            })
        }
    }

    /// Moves a file away after what it says is kept. One that was written to since it was read stays,
    /// to be read again. Nothing in `done/` or `failed/` is overwritten.
    ///
    /// # Errors
    /// When it can't be moved; then it stays, and is not ready again until it is written to.
    pub fn settle(&mut self, file: &ReadyFile, outcome: &FileOutcome) -> Result<(), FolderError> {
        let key = file.path.file_name().unwrap_or_default().to_owned();
        match fs::symlink_metadata(&file.path) {
            Ok(metadata) if Shape::of(&metadata) == file.shape => {}
            // Written to, or taken away by hand.
            _ => {
                self.seen.remove(&key);
                return Ok(());
            }
        }
        let moved = self.move_away(file, outcome);
        match &moved {
            Ok(()) => self.seen.remove(&key).map(|_| ()),
            Err(_) => self.stuck.insert(key, file.shape).map(|_| ()),
        };
        moved
    }

    fn move_away(&self, file: &ReadyFile, outcome: &FileOutcome) -> Result<(), FolderError> {
        let folder = self.path.join(match outcome {
            FileOutcome::Taken => DONE,
            FileOutcome::Failed(_) => FAILED,
        });
        fs::create_dir_all(&folder).map_err(io(&folder))?;
        let target = free_name(&folder, &file.name);
        if let FileOutcome::Failed(reason) = outcome {
            // First the reason, so that no file ever lies there without one.
            let mut note = target.clone().into_os_string();
            note.push(".reason.txt");
            fs::write(&note, format!("{reason}\n")).map_err(io(Path::new(&note)))?;
        }
        fs::rename(&file.path, &target).map_err(io(&file.path))
    }
}

impl Shape {
    fn of(metadata: &fs::Metadata) -> Self {
        Shape {
            size: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

fn is_unfinished(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with(['.', '~']) || UNFINISHED.iter().any(|end| lower.ends_with(end))
}

/// `name`, or with a number before its extension where that is taken.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem, format!(".{extension}")),
        None => (name, String::new()),
    };
    std::iter::once(folder.join(name))
        .chain((2..u32::MAX).map(|n| folder.join(format!("{stem}-{n}{extension}"))))
        .find(|path| fs::symlink_metadata(path).is_err())
        .unwrap_or_else(|| folder.join(name))
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> FolderError + '_ {
    move |source| FolderError::Io {
        path: path.display().to_string(),
        source,
    }
}
