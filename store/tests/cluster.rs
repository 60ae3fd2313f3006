//! The private cluster against a real PostgreSQL. Works as root and as an ordinary user.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use store::cluster::{ClusterError, PrivateCluster, RunLock};
use tempfile::TempDir;

/// A data folder that is not there yet, in a temporary one that everybody may enter.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("ym")
            .tempdir_in("/tmp")
            .unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn pgdata(&self) -> PathBuf {
        self.data_dir().join("postgres/data")
    }

    fn pid_file(&self) -> PathBuf {
        self.pgdata().join("postmaster.pid")
    }

    fn pid(&self) -> u32 {
        let text = fs::read_to_string(self.pid_file()).unwrap();
        text.lines().next().unwrap().parse().unwrap()
    }

    async fn join(&self) -> PrivateCluster {
        PrivateCluster::join(&self.data_dir())
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for Place {
    /// A failed test must not leave its server behind.
    fn drop(&mut self) {
        if thread::panicking() && self.pid_file().exists() && name_of(self.pid()) == "postgres" {
            kill(self.pid());
        }
    }
}

fn name_of(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/comm"))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// What the kernel tells of a process after its name: state, parent, process group, session …
fn stat_of(pid: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// Neither gone nor a zombie.
fn is_alive(pid: u32) -> bool {
    stat_of(pid).is_some_and(|fields| fields[0] != "Z")
}

fn kill(pid: u32) {
    assert!(
        Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "waited in vain until {what}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// Root starts this program as the database's user, others as themselves.
fn as_owner_of(path: &Path, command: &mut Command) {
    if i_am_root() {
        let owner = fs::metadata(path).unwrap();
        command.uid(owner.uid()).gid(owner.gid());
    }
}

fn i_am_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

async fn connect(cluster: &PrivateCluster) -> PgConnection {
    PgConnection::connect_with(&cluster.connect_options())
        .await
        .unwrap()
}

async fn text(cluster: &PrivateCluster, sql: &'static str) -> String {
    sqlx::query_scalar(sql)
        .fetch_one(&mut connect(cluster).await)
        .await
        .unwrap()
}

async fn remember(cluster: &PrivateCluster, cm: i32) {
    let mut connection = connect(cluster).await;
    sqlx::query("CREATE TABLE IF NOT EXISTS snow (cm integer)")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query("INSERT INTO snow VALUES ($1)")
        .bind(cm)
        .execute(&mut connection)
        .await
        .unwrap();
}

async fn remembered(cluster: &PrivateCluster) -> Vec<i32> {
    sqlx::query_scalar("SELECT cm FROM snow ORDER BY cm")
        .fetch_all(&mut connect(cluster).await)
        .await
        .unwrap()
}

// ---- another process ----

const ROLE: &str = "YUKIMICHI_TEST_ROLE";
const DATA_DIR: &str = "YUKIMICHI_TEST_DATA_DIR";

/// This test program again, as another process that joins or locks and then waits to be killed.
struct Other(Child);

impl Other {
    fn start(role: &str, data_dir: &Path) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "other_process", "--ignored", "--nocapture"])
            .env(ROLE, role)
            .env(DATA_DIR, data_dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Started, and it has what it wanted.
    fn with(role: &str, data_dir: &Path) -> Self {
        let mut other = Self::start(role, data_dir);
        let mut lines = BufReader::new(other.0.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        assert!(
            lines.any(|line| line == "READY"),
            "the other process ended early"
        );
        other
    }

    /// SIGKILL, and buried.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "the other tests start it as a process of its own"]
fn other_process() {
    let (Ok(role), Some(data_dir)) = (std::env::var(ROLE), std::env::var_os(DATA_DIR)) else {
        return;
    };
    let data_dir = Path::new(&data_dir);
    let wait_to_be_killed = || {
        println!("\nREADY");
        let _ = std::io::stdin().read_line(&mut String::new());
    };
    match role.as_str() {
        "join" => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .unwrap();
            let _cluster = runtime.block_on(PrivateCluster::join(data_dir)).unwrap();
            wait_to_be_killed();
        }
        "run" => {
            let _lock = RunLock::acquire(data_dir, "demo").unwrap();
            wait_to_be_killed();
        }
        other => panic!("no role {other}"),
    }
}

// ---- starting and stopping ----

#[tokio::test]
async fn a_restart_keeps_the_data() {
    let place = Place::new();
    let cluster = place.join().await;
    assert!(
        text(&cluster, "SELECT postgis_version()")
            .await
            .starts_with('3')
    );
    remember(&cluster, 25).await;
    cluster.leave().await.unwrap();
    assert!(!place.pid_file().exists());

    let cluster = place.join().await;
    assert_eq!(remembered(&cluster).await, [25]);
    cluster.leave().await.unwrap();
    assert!(!place.pid_file().exists());
}

#[tokio::test]
async fn it_is_set_up_as_promised() {
    let place = Place::new();
    let cluster = place.join().await;
    for (sql, expected) in [
        ("SHOW listen_addresses", ""),
        ("SHOW server_encoding", "UTF8"),
        (
            "SELECT datcollate::text FROM pg_database WHERE datname = 'yukimichi'",
            "C.UTF-8",
        ),
        ("SHOW data_checksums", "on"),
        ("SHOW fsync", "on"),
        ("SHOW synchronous_commit", "on"),
        ("SHOW max_connections", "100"),
        ("SHOW shared_buffers", "256MB"),
        ("SHOW TimeZone", "UTC"),
        ("SELECT current_user::text", "yukimichi"),
        ("SELECT current_database()::text", "yukimichi"),
        ("SELECT (inet_server_addr() IS NULL)::text", "true"),
    ] {
        assert_eq!(text(&cluster, sql).await, expected, "{sql}");
    }

    let hba = fs::read_to_string(place.pgdata().join("pg_hba.conf")).unwrap();
    let hosts: Vec<_> = hba
        .lines()
        .filter(|line| line.starts_with("host"))
        .collect();
    assert!(
        !hosts.is_empty() && hosts.iter().all(|line| line.ends_with("reject")),
        "{hosts:?}"
    );

    for folder in ["postgres", "postgres/data", "postgres/socket"] {
        let found = fs::metadata(place.data_dir().join(folder)).unwrap();
        assert_eq!(found.mode() & 0o7777, 0o700, "{folder}");
        assert_ne!(found.uid(), 0, "{folder}");
    }
    assert!(
        place
            .data_dir()
            .join("postgres/postgres.log")
            .metadata()
            .unwrap()
            .len()
            > 0
    );
    cluster.leave().await.unwrap();
}

#[tokio::test]
async fn no_tcp_socket_is_listened_on() {
    let place = Place::new();
    let cluster = place.join().await;
    let pid = place.pid();
    // A listening socket is one of the server's open files, which its own user may look at.
    let mut ls = Command::new("ls");
    ls.args(["-l", &format!("/proc/{pid}/fd")]);
    as_owner_of(&place.pgdata(), &mut ls);
    let open_files = String::from_utf8(ls.output().unwrap().stdout).unwrap();
    assert!(open_files.contains("socket:["), "{open_files}");
    for table in ["tcp", "tcp6"] {
        let table = fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default();
        for line in table.lines().skip(1) {
            let fields: Vec<_> = line.split_whitespace().collect();
            let (listens, inode) = (fields[3] == "0A", fields[9]);
            assert!(
                !(listens && open_files.contains(&format!("socket:[{inode}]"))),
                "{line}"
            );
        }
    }
    cluster.leave().await.unwrap();
}

#[tokio::test]
async fn the_server_is_out_of_reach_of_our_terminal() {
    let place = Place::new();
    let cluster = place.join().await;
    let session = |pid| stat_of(pid).unwrap()[3].clone();
    assert_ne!(session(place.pid()), session(std::process::id()));
    cluster.leave().await.unwrap();
}

// ---- sharing ----

#[tokio::test]
async fn the_last_one_out_stops_it() {
    let place = Place::new();
    let first = place.join().await;
    let pid = place.pid();
    let second = place.join().await;
    assert_eq!(place.pid(), pid);

    first.leave().await.unwrap();
    assert_eq!(place.pid(), pid);
    remember(&second, 5).await;

    second.leave().await.unwrap();
    assert!(!place.pid_file().exists() && !is_alive(pid));
}

#[tokio::test]
async fn two_who_come_first_at_once_share_one() {
    let place = Place::new();
    let data_dir = place.data_dir();
    let (one, other) = tokio::join!(
        PrivateCluster::join(&data_dir),
        PrivateCluster::join(&data_dir)
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    remember(&one, 7).await;
    assert_eq!(remembered(&other).await, [7]);
    let (one, other) = tokio::join!(one.leave(), other.leave());
    one.unwrap();
    other.unwrap();
    assert!(!place.pid_file().exists());
}

#[tokio::test]
async fn another_process_keeps_it_up_and_its_death_gives_its_share_back() {
    let place = Place::new();
    let mut other = Other::with("join", &place.data_dir());
    let pid = place.pid();
    place.join().await.leave().await.unwrap();
    assert!(is_alive(pid), "the other one still uses it");

    let cluster = place.join().await;
    other.kill();
    cluster.leave().await.unwrap();
    assert!(!place.pid_file().exists() && !is_alive(pid));
}

#[tokio::test]
async fn dropped_without_leave_it_leaves_all_the_same() {
    let place = Place::new();
    drop(place.join().await);
    assert!(!place.pid_file().exists());
}

#[tokio::test]
async fn broken_off_while_joining_it_leaves_no_server() {
    let place = Place::new();
    let data_dir = place.data_dir();
    let joining = tokio::spawn(async move { PrivateCluster::join(&data_dir).await.map(|_| ()) });
    let pid_file = place.pid_file();
    tokio::task::spawn_blocking(move || until("the server starts", || pid_file.exists()))
        .await
        .unwrap();
    joining.abort();
    let _ = joining.await;
    // What was begun goes on in its thread, and takes itself down at its end.
    let pid_file = place.pid_file();
    tokio::task::spawn_blocking(move || until("the server stops", || !pid_file.exists()))
        .await
        .unwrap();
    place.join().await.leave().await.unwrap();
}

// ---- crashes ----

#[tokio::test]
async fn an_orphan_is_adopted() {
    let place = Place::new();
    let mut starter = Other::with("join", &place.data_dir());
    let pid = place.pid();
    starter.kill();
    assert!(is_alive(pid), "the server outlives its starter");

    let cluster = place.join().await;
    assert_eq!(place.pid(), pid);
    remember(&cluster, 10).await;
    cluster.leave().await.unwrap();
    assert!(!place.pid_file().exists() && !is_alive(pid));
}

#[tokio::test]
async fn a_killed_server_comes_back_with_its_data() {
    let place = Place::new();
    let mut starter = Other::with("join", &place.data_dir());
    let cluster = place.join().await;
    remember(&cluster, 55).await;
    let pid = place.pid();
    starter.kill();
    kill(pid);
    // The dead one still stands in its file, and perhaps as a zombie in the process table.
    let again = place.join().await;
    assert_ne!(place.pid(), pid);
    assert_eq!(remembered(&again).await, [55]);
    cluster.leave().await.unwrap();
    assert!(is_alive(place.pid()));
    again.leave().await.unwrap();
    assert!(!place.pid_file().exists());
}

#[tokio::test]
async fn a_stale_pid_file_does_not_block() {
    let place = Place::new();
    place.join().await.leave().await.unwrap();
    let pgdata = place.pgdata();
    let socket_lock = place.data_dir().join("postgres/socket/.s.PGSQL.5432.lock");

    // A pid that is another program's now: of this very user, and standing in this very folder.
    let mut sleeper = Command::new("sleep");
    sleeper.arg("600").current_dir(&pgdata);
    as_owner_of(&pgdata, &mut sleeper);
    let mut sleeper = sleeper.spawn().unwrap();
    // And one that stays dead and unburied while this test lasts.
    let mut zombie = Command::new("true");
    as_owner_of(&pgdata, &mut zombie);
    let mut zombie = zombie.spawn().unwrap();
    until("it is a zombie", || !is_alive(zombie.id()));

    let named = |pid: u32| {
        format!(
            "{pid}\n{}\n1700000000\n5432\n/nowhere\n\n  1234 5\nready   \n",
            pgdata.display()
        )
    };
    for (what, content) in [
        ("empty", String::new()),
        ("garbage", "\0\0雪\n".to_owned()),
        ("torn", sleeper.id().to_string()),
        ("reused", named(sleeper.id())),
        ("this test's", named(std::process::id())),
        ("zombie", named(zombie.id())),
        ("dead", named(2_147_483_647)),
    ] {
        fs::write(place.pid_file(), &content).unwrap();
        fs::write(&socket_lock, &content).unwrap();
        let cluster = PrivateCluster::join(&place.data_dir())
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        cluster.leave().await.unwrap();
    }
    assert!(is_alive(sleeper.id()), "the stranger was left alone");
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    zombie.wait().unwrap();
}

#[tokio::test]
async fn a_half_made_database_does_not_block() {
    let place = Place::new();
    let home = place.data_dir().join("postgres");
    let leftover = home.join("data.half-made-1-1");
    fs::create_dir_all(leftover.join("base/1")).unwrap();
    fs::write(leftover.join("PG_VERSION"), "15\n").unwrap();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).unwrap();

    let cluster = place.join().await;
    remember(&cluster, 1).await;
    assert!(!leftover.exists());
    cluster.leave().await.unwrap();
}

#[tokio::test]
async fn killed_while_making_the_database_it_is_made_anew() {
    let place = Place::new();
    let mut starter = Other::start("join", &place.data_dir());
    let home = place.data_dir().join("postgres");
    until("initdb works", || {
        fs::read_dir(&home).is_ok_and(|mut entries| {
            entries.any(|entry| entry.unwrap().path().join("base").exists())
        })
    });
    starter.kill();
    assert!(!place.pgdata().exists());

    let cluster = place.join().await;
    remember(&cluster, 1).await;
    cluster.leave().await.unwrap();
    assert!(!place.pid_file().exists());
}

#[tokio::test]
async fn without_its_socket_folder_it_is_restarted() {
    let place = Place::new();
    let mut starter = Other::with("join", &place.data_dir());
    let pid = place.pid();
    starter.kill();
    fs::remove_dir_all(place.data_dir().join("postgres/socket")).unwrap();

    let cluster = place.join().await;
    assert_ne!(place.pid(), pid);
    remember(&cluster, 3).await;
    cluster.leave().await.unwrap();
    assert!(!is_alive(pid));
}

// ---- where it lives ----

#[tokio::test]
async fn a_long_path_works_with_a_private_socket_folder_in_tmp() {
    let place = Place::new();
    let data_dir = place
        .data_dir()
        .join("a 'b' \"c\", $d `e` \\f 雪")
        .join("d".repeat(200));
    let cluster = PrivateCluster::join(&data_dir)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    remember(&cluster, 2).await;
    let socket = cluster.connect_options().get_socket().unwrap().clone();
    assert!(
        socket.starts_with("/tmp") && socket.as_os_str().len() < 80,
        "{}",
        socket.display()
    );
    assert_eq!(fs::metadata(&socket).unwrap().mode() & 0o7777, 0o700);
    cluster.leave().await.unwrap();

    // Anybody can make that folder before us: then it must not be used.
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o755)).unwrap();
    let refusal = PrivateCluster::join(&data_dir)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("its mode 755 ") && refusal.contains(socket.to_str().unwrap()),
        "{refusal}"
    );
    fs::remove_dir(&socket).unwrap();
    std::os::unix::fs::symlink(place.folder.path(), &socket).unwrap();
    let refusal = PrivateCluster::join(&data_dir)
        .await
        .unwrap_err()
        .to_string();
    assert!(refusal.contains("it is no folder"), "{refusal}");
    fs::remove_file(&socket).unwrap();
}

#[tokio::test]
async fn odd_characters_in_the_path_work() {
    let place = Place::new();
    let data_dir = place.data_dir().join("a 'b' \"c\" $d `e` \\f 雪");
    let cluster = PrivateCluster::join(&data_dir)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(
        cluster
            .connect_options()
            .get_socket()
            .unwrap()
            .starts_with(&data_dir)
    );
    remember(&cluster, 2).await;
    cluster.leave().await.unwrap();
}

#[tokio::test]
async fn where_the_unprivileged_user_cannot_go_the_files_are_elsewhere() {
    if !i_am_root() {
        return; // only root runs it as another user
    }
    let place = Place::new();
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let cluster = place.join().await;
    let note = fs::read_to_string(place.data_dir().join("database-is-elsewhere.txt")).unwrap();
    let elsewhere = PathBuf::from(note.lines().find(|line| line.starts_with('/')).unwrap());
    assert!(elsewhere.starts_with("/var/lib/yukimichi"), "{note}");
    assert!(!place.data_dir().join("postgres").exists());
    remember(&cluster, 9).await;
    cluster.leave().await.unwrap();

    // The folder moves, and can even be reached now: the data are still those.
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let moved = place.folder.path().join("moved");
    fs::rename(place.data_dir(), &moved).unwrap();
    let cluster = PrivateCluster::join(&moved).await.unwrap();
    assert_eq!(remembered(&cluster).await, [9]);
    cluster.leave().await.unwrap();

    fs::remove_dir_all(&elsewhere).unwrap();
    let _ = fs::remove_dir("/var/lib/yukimichi"); // if it is empty now
    let refusal = PrivateCluster::join(&moved).await.unwrap_err().to_string();
    assert!(refusal.contains("delete the note"), "{refusal}");
}

// ---- words ----

#[tokio::test]
async fn a_start_that_fails_shows_the_log() {
    let place = Place::new();
    place.join().await.leave().await.unwrap();
    let settings = place.pgdata().join("postgresql.conf");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text + "snow_depth = high\n").unwrap();
    let refusal = PrivateCluster::join(&place.data_dir())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("unrecognized configuration parameter \"snow_depth\""),
        "{refusal}"
    );
    assert!(refusal.contains("postgres/postgres.log"), "{refusal}");
}

#[tokio::test]
async fn data_of_a_version_that_is_not_installed_are_named() {
    let place = Place::new();
    place.join().await.leave().await.unwrap();
    fs::write(place.pgdata().join("PG_VERSION"), "9\n").unwrap();
    let refusal = PrivateCluster::join(&place.data_dir()).await.unwrap_err();
    assert!(matches!(refusal, ClusterError::NotInstalled { .. }));
    let refusal = refusal.to_string();
    assert!(
        refusal.contains("postgres/data was made by PostgreSQL 9"),
        "{refusal}"
    );
    assert!(refusal.contains("apt install postgresql-9"), "{refusal}");
}

// ---- the right to run ----

#[test]
fn a_second_run_is_refused_with_words_until_the_first_dies() {
    let place = Place::new();
    let mut other = Other::with("run", &place.data_dir());
    let refusal = RunLock::acquire(&place.data_dir(), "run")
        .unwrap_err()
        .to_string();
    let begin = format!("another yukimichi demo (pid {}, since 20", other.0.id());
    let end = format!(
        "Z) is using {}; stop it first, or give another --data-dir",
        place.data_dir().display()
    );
    assert!(
        refusal.starts_with(&begin) && refusal.ends_with(&end),
        "{refusal}"
    );

    other.kill();
    let lock = RunLock::acquire(&place.data_dir(), "run").unwrap();
    let refusal = RunLock::acquire(&place.data_dir(), "demo")
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains(&format!("yukimichi run (pid {}", std::process::id())),
        "{refusal}"
    );
    drop(lock);
    RunLock::acquire(&place.data_dir(), "demo").unwrap();
}

#[tokio::test]
async fn others_join_beside_a_run() {
    let place = Place::new();
    let lock = RunLock::acquire(&place.data_dir(), "run").unwrap();
    let run = place.join().await;
    let import = place.join().await;
    import.leave().await.unwrap();
    run.leave().await.unwrap();
    drop(lock);
}
