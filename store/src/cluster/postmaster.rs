//! The server's life: is it there, start it, stop it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use super::error::ClusterError;
use super::home::Home;
use super::log;

/// How long a start may last. Long, because after a crash the server first replays its journal.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(50);

/// A server that lives in our data folder, as its `postmaster.pid` tells.
struct Postmaster {
    ready: bool,
    /// `None` while it has not written it yet.
    socket_dir: Option<PathBuf>,
}

/// Sees to it that the server runs and answers: adopts one that is there, else starts one. Under `start.lock`.
pub(super) fn ensure_running(home: &Home, binaries: &Binaries) -> Result<(), ClusterError> {
    let begun = Instant::now();
    loop {
        let mut failed = None;
        match look(home)? {
            Some(_) if answers(home, binaries)? => return Ok(()),
            Some(one) if one.ready && !reachable(&one, home) => {
                tracing::warn!(socket = %home.socket().display(), "the database runs but its socket is gone; restarting it");
                stop(home, binaries)?;
                continue;
            }
            // It starts or stops just now.
            Some(_) => (),
            None => match start(home, binaries) {
                Ok(()) => continue,
                Err(error) if passes(&error) => failed = Some(error),
                Err(error) => return Err(error),
            },
        }
        if begun.elapsed() > PATIENCE {
            return Err(failed.unwrap_or_else(|| ClusterError::TooLong {
                what: format!("the database in {} to be ready", home.root().display()),
                seconds: PATIENCE.as_secs(),
                log: home.log(),
                tail: log::tail(home, 0),
            }));
        }
        thread::sleep(PAUSE);
    }
}

/// Stops the server if it runs, and waits until it is gone. Under `start.lock`.
pub(super) fn stop(home: &Home, binaries: &Binaries) -> Result<(), ClusterError> {
    if look(home)?.is_none() {
        return Ok(());
    }
    let before = log::length(home);
    let output = run(
        pg_ctl(home, binaries).args(["-D", "data", "-m", "fast", "-w", "-t", "120", "-s", "stop"]),
        home,
    )?;
    // It may have ended by itself between the look and the stop.
    if output.status.success() || look(home)?.is_none() {
        return Ok(());
    }
    Err(log::failure(
        "pg_ctl stop",
        home,
        &output,
        &log::tail(home, before),
    ))
}

/// The living server of this data folder, if there is one; a `postmaster.pid` that would wrongly
/// keep a new one from starting is removed.
fn look(home: &Home) -> Result<Option<Postmaster>, ClusterError> {
    let path = home.data().join("postmaster.pid");
    let text = match fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ClusterError::io("read", &path)(error)),
    };
    // pid, data folder, start time, port, socket folder, address, shared memory, status
    let mut lines = text.lines().map(str::trim);
    let pid = lines
        .next()
        .and_then(|line| line.parse::<i32>().ok())
        .filter(|pid| *pid != 0)
        .map(i32::unsigned_abs);
    let alive = match pid {
        Some(pid) if is_ours(home, pid)? => {
            let socket_dir = lines
                .nth(3)
                .filter(|line| !line.is_empty())
                .map(PathBuf::from);
            return Ok(Some(Postmaster {
                ready: lines.nth(2) == Some("ready"),
                socket_dir,
            }));
        }
        Some(pid) => Path::new(&format!("/proc/{pid}")).exists(),
        None => true,
    };
    // PostgreSQL itself gets over a pid that is dead. It doesn't over an empty or torn file (power cut),
    // a pid that now is another program's, or a zombie that nobody buries. Removing the file risks
    // nothing: whether processes of an old server still hold this folder's data, PostgreSQL learns from
    // the shared memory, whose key comes from the folder's inode.
    if alive {
        tracing::warn!(file = %path.display(), "removing a stale postmaster.pid");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(ClusterError::io("remove", &path)(error));
            }
            _ => (),
        }
    }
    Ok(None)
}

/// Whether a pid is a living PostgreSQL in our data folder. In doubt yes: who takes a living server
/// for dead does more harm than who waits for a stranger.
fn is_ours(home: &Home, pid: u32) -> Result<bool, ClusterError> {
    // "pid (name) state ..."
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let named = stat.contains(" (postgres) ") && !stat.contains(" (postgres) Z");
    Ok(named && home.account.stands_in(pid, &home.data())?.unwrap_or(true))
}

fn reachable(postmaster: &Postmaster, home: &Home) -> bool {
    postmaster.socket_dir.as_deref() == Some(home.socket_dir()) && home.socket().exists()
}

fn answers(home: &Home, binaries: &Binaries) -> Result<bool, ClusterError> {
    let mut command = home
        .account
        .command(&binaries.program("pg_isready"), Path::new("/"));
    command.arg("-q").arg("-h").arg(home.socket_dir());
    command.args(["-p", "5432", "-d", "postgres", "-U", super::ROLE]);
    Ok(run(&mut command, home)?.status.success())
}

fn start(home: &Home, binaries: &Binaries) -> Result<(), ClusterError> {
    home.make_socket_dir()?;
    // Nobody is alive in our own folder, so what lies there is stale; and a socket's lock file has
    // the same weakness as postmaster.pid.
    let socket = home.socket();
    let _ = fs::remove_file(&socket);
    let _ = fs::remove_file(socket.with_extension("5432.lock"));
    log::turn_over(home);
    let before = log::length(home);
    // pg_ctl puts the server into a session of its own, so that Ctrl-C in our terminal doesn't reach it.
    // Relative paths, because pg_ctl hands them through a shell.
    let mut command = pg_ctl(home, binaries);
    command.args(["-D", "data", "-l", "postgres.log", "-o", &options(home)]);
    command.args(["-w", "-t", "60", "-s", "start"]);
    let output = run(&mut command, home)?;
    // "Did not start in time" is no failure while it lives: the caller waits on.
    if output.status.success() || look(home)?.is_some() {
        return Ok(());
    }
    Err(log::failure(
        "pg_ctl start",
        home,
        &output,
        &log::tail(home, before),
    ))
}

/// What must hold whatever the configuration file says.
fn options(home: &Home) -> String {
    let list_item = format!(
        "\"{}\"",
        home.socket_dir().to_string_lossy().replace('"', "\"\"")
    );
    [
        "listen_addresses=",
        "port=5432",
        "unix_socket_permissions=0700",
        "logging_collector=off",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([format!("unix_socket_directories={list_item}")])
    .map(|setting| format!("-c '{}'", setting.replace('\'', "'\\''")))
    .collect::<Vec<_>>()
    .join(" ")
}

/// Whether a failed start may succeed a moment later: processes of a killed server are still
/// leaving, or a start whose starter was killed won the race.
fn passes(error: &ClusterError) -> bool {
    let ClusterError::Program { tail, .. } = error else {
        return false;
    };
    ["is still in use", "already exists", "is already in use"]
        .iter()
        .any(|sign| tail.contains(sign))
}

fn pg_ctl(home: &Home, binaries: &Binaries) -> Command {
    home.account
        .command(&binaries.program("pg_ctl"), &home.root())
}

fn run(command: &mut Command, home: &Home) -> Result<Output, ClusterError> {
    let program = PathBuf::from(command.get_program());
    command.output().map_err(|error| {
        tracing::debug!(home = %home.root().display(), %error, "could not run a program");
        ClusterError::io("run", &program)(error)
    })
}
