//! A file that is there whole or not at all.

use anyhow::Context;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file in the making, beside the one that it replaces.
pub(super) struct ReplacedFile {
    path: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
    kept: bool,
}

impl ReplacedFile {
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let mut name = path
            .file_name()
            .with_context(|| format!("{}: is no file", path.display()))?
            .to_owned();
        name.push(format!(".part-{}", std::process::id()));
        let part = path.with_file_name(name);
        let file =
            File::create(&part).with_context(|| format!("{}: can't be written", path.display()))?;
        Ok(ReplacedFile {
            path: path.to_owned(),
            part,
            file: BufWriter::new(file),
            kept: false,
        })
    }

    pub(super) fn writer(&mut self) -> &mut BufWriter<File> {
        &mut self.file
    }

    /// Puts it in its place; its length in bytes.
    pub(super) fn keep(mut self) -> anyhow::Result<u64> {
        let name = self.path.display();
        let written = || -> std::io::Result<u64> {
            self.file.flush()?;
            let file = self.file.get_ref();
            file.sync_all()?;
            let length = file.metadata()?.len();
            std::fs::rename(&self.part, &self.path)?;
            Ok(length)
        };
        let mut written = written;
        let length = written().with_context(|| format!("{name}: can't be written"))?;
        self.kept = true;
        Ok(length)
    }
}

impl Drop for ReplacedFile {
    fn drop(&mut self) {
        if !self.kept {
            // What failed is told already.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}
