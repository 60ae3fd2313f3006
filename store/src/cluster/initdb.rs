//! Makes the cluster's data folder, once, so that being killed half-way leaves nothing in the way.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use super::ROLE;
use super::binaries::Binaries;
use super::error::ClusterError;
use super::home::Home;
use super::log::failure;

const HALF_MADE: &str = "data.half-made";

/// What one machine wants. In the file and not on the command line, so that its owner can change it.
const SETTINGS: &str = "
# Written by yukimichi when it made this database. Yours to change; restart yukimichi afterwards.
# (listen_addresses, port and the unix_socket settings are given at each start and can't be changed here.)
shared_buffers = 256MB
max_connections = 100
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
fsync = on
synchronous_commit = on
# Files instead of /dev/shm: containers make that too small, and systemd clears it when a user logs out.
dynamic_shared_memory_type = mmap
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
";

/// Makes `data` if it is not there: into a folder beside it that is renamed when all is written.
pub(super) fn make_data(home: &Home, binaries: &Binaries) -> Result<(), ClusterError> {
    let data = home.data();
    if data.join("PG_VERSION").exists() {
        return Ok(());
    }
    clear_half_made(home)?;
    // A name of its own: an initdb whose starter was killed may still be at work in another one,
    // and removes that by its name when it fails.
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    let name = format!("{HALF_MADE}-{}-{nanos}", std::process::id());
    tracing::info!(folder = %data.display(), postgresql = binaries.major, "making the private database");
    let initdb = binaries.program("initdb");
    let output = home
        .account
        .command(&initdb, &home.root())
        .args(["--pgdata", &name])
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"])
        // trust: whoever gets to the socket is let in. Its folder is 0700, so that is the cluster's
        // own user and root, who could read the files anyway. Nothing listens on TCP.
        .args(["--auth-local=trust", "--auth-host=reject"])
        .args(["--username", ROLE])
        .output()
        .map_err(ClusterError::io("run", &initdb))?;
    if !output.status.success() {
        return Err(failure("initdb", home, &output, ""));
    }
    append_settings(home, &name)?;
    let root = home.root();
    fs::rename(root.join(&name), &data)
        .map_err(ClusterError::io("rename the new database to", &data))?;
    File::open(&root)
        .and_then(|folder| folder.sync_all())
        .map_err(ClusterError::io("sync", &root))
}

/// Written as the cluster's user: root writes no file in another's folder.
fn append_settings(home: &Home, name: &str) -> Result<(), ClusterError> {
    let path = home.root().join(name).join("postgresql.conf");
    let mut tee = home
        .account
        .command(Path::new("tee"), &home.root())
        .args(["-a", &format!("{name}/postgresql.conf")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(ClusterError::io("write", &path))?;
    let written = match tee.stdin.take() {
        Some(mut stdin) => stdin.write_all(SETTINGS.as_bytes()),
        None => Ok(()),
    };
    let done = tee.wait().map_err(ClusterError::io("write", &path))?;
    written.map_err(ClusterError::io("write", &path))?;
    if done.success() {
        Ok(())
    } else {
        Err(ClusterError::unusable(
            &path,
            "the settings could not be written; make room there",
        ))
    }
}

fn clear_half_made(home: &Home) -> Result<(), ClusterError> {
    let root = home.root();
    for entry in fs::read_dir(&root)
        .map_err(ClusterError::io("read", &root))?
        .flatten()
    {
        if entry.file_name().to_string_lossy().starts_with(HALF_MADE)
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            // Somebody's initdb may still be writing there. It is in nobody's way; the next start removes it.
            tracing::debug!(folder = %entry.path().display(), %error, "could not remove a half-made database");
        }
    }
    Ok(())
}
