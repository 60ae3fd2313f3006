//! Idle clients of `/api/v1/events`: what they cost the server in memory.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Files that the process needs beside its connections.
const OTHER_FILES: u64 = 100;
const PATIENCE: Duration = Duration::from_secs(120);

/// Opens `wanted` connections to a server of its own, or as many as this process may hold, keeps them past
/// a keep-alive, and says what the server's memory is before and after.
pub(crate) fn run(port: u16, wanted: u64) {
    let may = open_files_allowed().saturating_sub(OTHER_FILES);
    let count = wanted.min(may);
    if count < wanted {
        println!("{count} clients instead of {wanted}: more files may not be open (ulimit -n)");
    }
    let mut server = server(port);
    let process = server.id();
    let done = std::panic::catch_unwind(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(listen(port, count, process));
    });
    server.kill().expect("a server");
    server.wait().expect("a server");
    if let Err(panic) = done {
        std::panic::resume_unwind(panic);
    }
}

fn server(port: u16) -> Child {
    let own = std::env::current_exe().expect("this program");
    let mut server = Command::new(own)
        .args(["ours", &port.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a server");
    // It prints a word once it listens.
    let mut word = [0; 9];
    let mut stdout = server.stdout.take().expect("a pipe");
    stdout.read_exact(&mut word).expect("a server that listens");
    server
}

async fn listen(port: u16, count: u64, server: u32) {
    let before = resident_kib(server);
    let began = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..count {
        let mut client = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("a connection");
        let request = b"GET /api/v1/events HTTP/1.1\r\nhost: x\r\n\r\n";
        client.write_all(request).await.expect("a connection");
        until_said(&mut client, b"retry: 3000").await;
        clients.push(client);
    }
    let opened = began.elapsed();
    let fresh = resident_kib(server);
    // Everybody has heard a keep-alive: what it costs is counted too.
    for client in &mut clients {
        until_said(client, b":\n\n").await;
    }
    let after = resident_kib(server);
    println!(
        "{count} idle clients, opened in {:.1} s: server {} MiB before, {} MiB with them, {} MiB past a \
         keep-alive: {:.1} KiB each",
        opened.as_secs_f64(),
        before / 1024,
        fresh / 1024,
        after / 1024,
        (after.saturating_sub(before)) as f64 / count.max(1) as f64
    );
}

/// Reads until the words have come.
async fn until_said(client: &mut TcpStream, words: &[u8]) {
    let mut said = Vec::new();
    let read = async {
        let mut some = [0; 512];
        while !said.windows(words.len()).any(|w| w == words) {
            let n = client.read(&mut some).await.expect("a connection");
            assert!(n > 0, "the server has dropped a client");
            said.extend_from_slice(&some[..n]);
        }
    };
    tokio::time::timeout(PATIENCE, read)
        .await
        .expect("an answer");
}

fn open_files_allowed() -> u64 {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(1024)
}

fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
