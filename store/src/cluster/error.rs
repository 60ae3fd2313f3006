//! What can go wrong with the private cluster, each with the place and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private database cluster (or the right to run on a data folder) could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Another `run` or `demo` holds the data folder.
    #[error(
        "another yukimichi {holder} is using {}; stop it first, or give another --data-dir",
        data_dir.display()
    )]
    Busy {
        /// The folder as it was given.
        data_dir: PathBuf,
        /// What runs there, with its pid and since when as far as it is known.
        holder: String,
    },

    /// No PostgreSQL that is new enough, or not the one that the data need.
    #[error("{why}; on Debian: apt install {packages}")]
    NotInstalled {
        /// What was looked for and not found.
        why: String,
        /// The Debian packages that bring it.
        packages: String,
    },

    /// The database cannot be run under this user.
    #[error("{why}")]
    NoUser {
        /// Which user is missing or wrong, and what to do.
        why: String,
    },

    /// A file or folder is there but must not or cannot be used.
    #[error("cannot use {}: {why}", path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// Why not, and what to do.
        why: String,
    },

    /// The operating system refused something.
    #[error("cannot {doing} {}: {source}{}", path.display(), hint(source))]
    Io {
        /// A verb: what was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// A program of PostgreSQL's failed.
    #[error("{program} failed for the database in {}{}{}", home.display(), said(output), logged(log, tail))]
    Program {
        /// Its name.
        program: &'static str,
        /// The folder of the cluster.
        home: PathBuf,
        /// What it printed.
        output: String,
        /// Where PostgreSQL logs.
        log: PathBuf,
        /// The end of that log.
        tail: String,
    },

    /// The server did not become ready, or another process keeps the cluster locked, for minutes.
    #[error(
        "waited {seconds} s in vain for {what}; look what holds it, then try again{}",
        logged(log, tail)
    )]
    TooLong {
        /// What was waited for, with its path.
        what: String,
        /// How long.
        seconds: u64,
        /// Where PostgreSQL logs.
        log: PathBuf,
        /// The end of that log.
        tail: String,
    },

    /// The server runs but a statement failed.
    #[error("cannot {doing} in the private database at {}: {source}; its log is {}", socket.display(), log.display())]
    Database {
        /// A verb with its object.
        doing: &'static str,
        /// The socket folder.
        socket: PathBuf,
        /// Where PostgreSQL logs.
        log: PathBuf,
        /// What the driver said.
        source: sqlx::Error,
    },

    /// The thread that did the waiting died.
    #[error("starting or stopping the private database was broken off: {0}")]
    BrokenOff(#[from] tokio::task::JoinError),
}

impl ClusterError {
    /// For `map_err` on a call of the operating system.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn unusable(path: &Path, why: impl Into<String>) -> Self {
        Self::Unusable {
            path: path.to_owned(),
            why: why.into(),
        }
    }
}

fn hint(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied => {
            "; run yukimichi as the owner of that folder, or give another --data-dir"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room there, or give another --data-dir"
        }
        io::ErrorKind::DirectoryNotEmpty => "; move what is there away",
        io::ErrorKind::ReadOnlyFilesystem => "; give another --data-dir",
        _ => "",
    }
}

fn said(output: &str) -> String {
    let output = output.trim();
    if output.is_empty() {
        String::new()
    } else {
        format!(": {output}")
    }
}

fn logged(log: &Path, tail: &str) -> String {
    let tail = tail.trim_end();
    if tail.is_empty() {
        return format!(" (log: {})", log.display());
    }
    let lines: String = tail.lines().map(|line| format!("\n    {line}")).collect();
    format!("\n  the end of {}:{lines}", log.display())
}
