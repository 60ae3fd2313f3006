//! The text in a data folder that says where its database is, when it is not in it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::ClusterError;

const NOTE: &str = "database-is-elsewhere.txt";

/// Where an earlier start by root put the files. It counts even when `data_dir` was moved since.
pub(super) fn read(data_dir: &Path) -> Result<Option<PathBuf>, ClusterError> {
    let note = data_dir.join(NOTE);
    let text = match fs::read_to_string(&note) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ClusterError::io("read", &note)(error)),
    };
    match text.lines().map(Path::new).find(|line| line.is_absolute()) {
        Some(place) if place.is_dir() => Ok(Some(place.to_owned())),
        Some(place) => Err(ClusterError::unusable(
            &note,
            format!(
                "it says the database is in {}, which is not there; bring that folder back, or delete the note to begin with an empty database",
                place.display()
            ),
        )),
        None => Err(ClusterError::unusable(
            &note,
            "it names no folder; delete it to begin with an empty database",
        )),
    }
}

pub(super) fn write(data_dir: &Path, place: &Path) -> Result<(), ClusterError> {
    let text = format!(
        "The database of this folder is kept in\n\n{}\n\n\
         because yukimichi was started by root, PostgreSQL refuses to run as root, and the user it runs as\n\
         instead can't reach this folder. To delete the database, delete that folder and this note.\n",
        place.display()
    );
    let (fresh, note) = (data_dir.join(format!("{NOTE}.new")), data_dir.join(NOTE));
    let _ = fs::remove_file(&fresh); // of a start that was killed here
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&fresh)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| fs::rename(&fresh, &note))
        .map_err(ClusterError::io("write", &note))
}
