//! Who may do what at the same time: three files, locked with `flock`, which the kernel lets go of
//! when their holder dies, however it dies. Nothing in them needs cleaning up.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::ClusterError;

/// How long another process may take to start or stop the server: longer than a start may last.
const PATIENCE: Duration = Duration::from_secs(360);
const PAUSE: Duration = Duration::from_millis(50);

/// The exclusive right of one `run` or `demo` on a data folder, until it is dropped or its process dies.
#[derive(Debug)]
pub struct RunLock {
    file: File,
}

impl RunLock {
    /// Takes the right on `data_dir` for `what` (the command's name), or says who has it.
    ///
    /// # Errors
    /// [`ClusterError::Busy`] when another process has it; otherwise what the system refused.
    pub fn acquire(data_dir: &Path, what: &str) -> Result<Self, ClusterError> {
        fs::create_dir_all(data_dir).map_err(ClusterError::io("create", data_dir))?;
        let path = data_dir.join("run.lock");
        let mut file = open(&path)?;
        if !try_exclusive(&file, &path)? {
            return Err(ClusterError::Busy {
                data_dir: data_dir.to_owned(),
                holder: read_holder(&mut file),
            });
        }
        let since = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
        let text = format!("{what} (pid {}, since {since})\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()))
            .map_err(ClusterError::io("write", &path))?;
        Ok(Self { file })
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // The lock goes with the file; the words only must not outlive it.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// What the holder wrote. It takes the lock a moment before it writes, so a few looks are worth it.
fn read_holder(file: &mut File) -> String {
    for _ in 0..10 {
        let mut text = String::new();
        if file
            .rewind()
            .and_then(|()| file.read_to_string(&mut text))
            .is_ok()
            && text.ends_with('\n')
        {
            return text.trim().to_owned();
        }
        thread::sleep(PAUSE);
    }
    "process".to_owned()
}

/// Held while a server is made, started, adopted or stopped: one process at a time.
pub(super) fn lock_start(place: &Path) -> Result<File, ClusterError> {
    let path = place.join("start.lock");
    let file = open(&path)?;
    let begun = Instant::now();
    while !try_exclusive(&file, &path)? {
        if begun.elapsed() > PATIENCE {
            return Err(ClusterError::TooLong {
                what: format!(
                    "another yukimichi that starts or stops the database ({})",
                    path.display()
                ),
                seconds: PATIENCE.as_secs(),
                log: place.join("postgres/postgres.log"),
                tail: String::new(),
            });
        }
        thread::sleep(PAUSE);
    }
    Ok(file)
}

/// A share in the running server. Taken and given back only under [`lock_start`].
pub(super) fn lock_share(place: &Path) -> Result<File, ClusterError> {
    let path = place.join("cluster.lock");
    let file = open(&path)?;
    // Exclusive locks on this file are held only under `start.lock`, which we hold: this cannot wait.
    file.lock_shared()
        .map_err(ClusterError::io("lock", &path))?;
    Ok(file)
}

/// The proof that nobody holds a share, or `None` when somebody does.
pub(super) fn lock_last(place: &Path) -> Result<Option<File>, ClusterError> {
    let path = place.join("cluster.lock");
    let file = open(&path)?;
    Ok(try_exclusive(&file, &path)?.then_some(file))
}

fn open(path: &Path) -> Result<File, ClusterError> {
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path);
    match opened {
        // Made by root, wanted by the owner of the cluster: reading is enough to lock.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => File::open(path),
        other => other,
    }
    .map_err(ClusterError::io("open", path))
}

fn try_exclusive(file: &File, path: &Path) -> Result<bool, ClusterError> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(ClusterError::io("lock", path)(error)),
    }
}
