//! Under whose name PostgreSQL runs. It refuses root, so root lends it another user's.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::ClusterError;

/// The user that owns the cluster's files and runs its programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// We are root and become this user for each program.
    pub(super) switch: bool,
}

/// The user and group that this process acts as. Without libc: the kernel says it in `/proc`.
pub(super) fn myself() -> Result<Account, ClusterError> {
    let path = Path::new("/proc/self");
    let me = fs::metadata(path).map_err(ClusterError::io("look at", path))?;
    Ok(Account {
        uid: me.uid(),
        gid: me.gid(),
        switch: false,
    })
}

/// The user as whom root runs PostgreSQL: Debian's own for this, which comes with the package.
pub(super) fn unprivileged() -> Result<Account, ClusterError> {
    match (id("-u"), id("-g")) {
        (Some(uid), Some(gid)) if uid != 0 => Ok(Account {
            uid,
            gid,
            switch: true,
        }),
        _ => Err(ClusterError::NoUser {
            why:
                "PostgreSQL refuses to run as root, and there is no user `postgres` to run it as; \
                  run yukimichi as an ordinary user, or make one: adduser --system --group postgres"
                    .to_owned(),
        }),
    }
}

fn id(which: &str) -> Option<u32> {
    let output = Command::new("id")
        .args([which, "postgres"])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

impl Account {
    /// A program run as this user in `folder`, with a clean environment: none of our secrets, and
    /// none of the caller's `PG*` variables, which PostgreSQL would obey.
    pub(super) fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(folder).stdin(Stdio::null());
        for kept in ["PATH", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("HOME", "/");
        if self.switch {
            // With a uid given, std also drops root's supplementary groups.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this user really gets into `folder`: tried, not worked out from mode bits.
    pub(super) fn reaches(&self, folder: &Path) -> Result<bool, ClusterError> {
        match self.command(Path::new("true"), folder).status() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(ClusterError::io("enter", folder)(error)),
        }
    }

    /// Whether a process stands in `folder`; `None` when that can't be seen, as when it just ended.
    ///
    /// Asked as this user, because root in a container may lack the right to look. By device and inode,
    /// which are the same through symbolic links and bind mounts.
    pub(super) fn stands_in(&self, pid: u32, folder: &Path) -> Result<Option<bool>, ClusterError> {
        let link = format!("/proc/{pid}/cwd");
        let output = self
            .command(Path::new("stat"), Path::new("/"))
            .args(["-L", "-c", "%d %i", &link])
            .output()
            .map_err(ClusterError::io("look at", Path::new(&link)))?;
        if !output.status.success() {
            return Ok(None);
        }
        let wanted = fs::metadata(folder).map_err(ClusterError::io("look at", folder))?;
        let wanted = format!("{} {}", wanted.dev(), wanted.ino());
        Ok(Some(
            String::from_utf8_lossy(&output.stdout).trim() == wanted,
        ))
    }
}
