//! What PostgreSQL said: its log file, and the errors that quote it.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::process::Output;

use super::error::ClusterError;
use super::home::Home;

const LIMIT: u64 = 16 << 20;
const TAIL_LINES: usize = 15;

/// The error for a program that said no, with what it and the log said.
pub(super) fn failure(
    program: &'static str,
    home: &Home,
    output: &Output,
    tail: &str,
) -> ClusterError {
    ClusterError::Program {
        program,
        home: home.root(),
        output: String::from_utf8_lossy(&output.stderr).into_owned(),
        log: home.log(),
        tail: tail.to_owned(),
    }
}

pub(super) fn length(home: &Home) -> u64 {
    fs::metadata(home.log()).map_or(0, |log| log.len())
}

/// The last lines of the log from a byte on.
pub(super) fn tail(home: &Home, from: u64) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(home.log())?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(
            from.max(length.saturating_sub(16 << 10)).min(length),
        ))?;
        let mut bytes = Vec::new();
        file.take(64 << 10).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

/// Begins a new log file when the old one has grown long, and keeps that once.
pub(super) fn turn_over(home: &Home) {
    if length(home) > LIMIT {
        let _ = fs::rename(home.log(), home.root().join("postgres.log.old"));
    }
}
