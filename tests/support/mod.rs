//! Runs the real binary, and asks it over HTTP.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a condition may take to come true before a test gives up.
const PATIENCE: Duration = Duration::from_secs(90);

pub fn yukimichi(data_dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yukimichi"));
    command.arg("--data-dir").arg(data_dir).args(args);
    // Not the developer's own configuration.
    command.current_dir(data_dir);
    command
}

/// A folder for a private cluster. Run by root, the cluster's own user must reach it; else its
/// files would go elsewhere and stay there after the test.
pub fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Runs a command to its end.
pub fn run(data_dir: &Path, args: &[&str]) -> Output {
    yukimichi(data_dir, args)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server that was started by a test, killed at the latest when the test ends.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts a command that prints its URL.
    pub fn start(data_dir: &Path, args: &[&str]) -> Self {
        let mut child = yukimichi(data_dir, args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let after = line.split("http://").nth(1)?;
            Some(after.split('/').next()?.to_owned())
        });
        let Some(address) = address else {
            let mut said = String::new();
            child
                .stderr
                .take()
                .unwrap()
                .read_to_string(&mut said)
                .unwrap();
            panic!("{args:?} printed no URL: {said}");
        };
        // Both pipes are read on, so that the server never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let stderr = child.stderr.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                eprintln!("[server] {line}");
            }
        });
        Server { child, address }
    }

    pub fn get(&self, path: &str) -> Answer {
        get(&self.address, path, &[])
    }

    pub fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", text(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and the way it ended.
    pub fn stop(mut self) -> ExitStatus {
        let done = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(done.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // SIGTERM first: the private cluster should not be left behind by a failed test.
            let _ = Command::new("kill")
                .args(["-TERM", &self.child.id().to_string()])
                .status();
            let _ = self.child.wait();
        }
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// One request over HTTP/1.0, whose answer ends with the connection.
pub fn get(address: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    request(address, "GET", path, headers, b"")
}

/// A POST of a body with a key and a media type.
pub fn post(address: &str, path: &str, key: &str, media_type: &str, body: &[u8]) -> Answer {
    let (bearer, length) = (format!("Bearer {key}"), body.len().to_string());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", media_type),
        ("content-length", length.as_str()),
    ];
    request(address, "POST", path, &headers, body)
}

/// A request with a JSON body; none where that is null.
pub fn send(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &serde_json::Value,
) -> Answer {
    let body = match body.is_null() {
        true => String::new(),
        false => body.to_string(),
    };
    let length = body.len().to_string();
    let mut headers = headers.to_vec();
    headers.push(("content-type", "application/json"));
    headers.push(("content-length", &length));
    request(address, method, path, &headers, body.as_bytes())
}

/// Any request, with a body.
pub fn request(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut request = format!("{method} {path} HTTP/1.0\r\nhost: {address}\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    // A server that has seen enough may answer and close before it has read everything.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = text(&answer[..end]);
    Answer {
        status: head.split_whitespace().nth(1).unwrap().parse().unwrap(),
        headers: head,
        body: answer[end + 4..].to_vec(),
    }
}

/// Asks until the answer is there. Waits for the world, not for a time: the pause only keeps the
/// asking from taking the processor away from what is asked.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "{what} never came");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}
