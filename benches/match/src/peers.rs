//! The peers: child processes that match the same traces by their own engines.

use crate::cases::{Case, Trace, unix_s};
use crate::score::Score;
use anyhow::{Context, bail};
use domain::geometry::LonLat;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A routing engine with a matcher of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Valhalla Meili.
    Meili,
    /// OSRM, multi-level Dijkstra.
    Osrm,
}

impl Engine {
    /// Both.
    pub const ALL: [Engine; 2] = [Engine::Meili, Engine::Osrm];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Meili => "Meili",
            Engine::Osrm => "OSRM",
        }
    }

    fn driver(self) -> &'static str {
        match self {
            Engine::Meili => "meili.py",
            Engine::Osrm => "osrm_mld.py",
        }
    }
}

fn drivers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Builds the peers' data for a road file in `folder`, unless it is there and newer than the file.
///
/// # Errors
/// The interpreter can't be started, or building failed.
pub fn prepare(python: &Path, file: &Path, folder: &Path) -> anyhow::Result<()> {
    let changed = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified());
    let ready = folder.join("ready");
    if changed(&ready).is_ok_and(|ready| changed(file).is_ok_and(|file| file <= ready)) {
        return Ok(());
    }
    let status = Command::new(python)
        .arg(drivers().join("prepare.py"))
        .args([file, folder])
        .status()
        .with_context(|| format!("{} can't be started", python.display()))?;
    if !status.success() {
        let log = folder.join("prepare.log");
        bail!(
            "the peers' data of {} can't be built, see {}",
            file.display(),
            log.display()
        );
    }
    Ok(())
}

/// What a peer made of traces.
#[derive(Debug, Deserialize)]
pub struct Answer {
    /// Processor time of matching them once.
    pub seconds: f64,
    /// For each trace the lines along which it was matched.
    pub lines: Vec<Vec<Vec<[f64; 2]>>>,
}

/// A peer's figures for one set of traces.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct PeerFigures {
    /// How right it was.
    pub score: Score,
    /// Processor time of matching all traces once.
    pub seconds: f64,
    /// Metres of its lines that lie on no road of ours.
    pub lost_m: f64,
}

#[derive(Serialize)]
struct Request<'a> {
    traces: Vec<Columns>,
    sigma_m: f64,
    every_s: u32,
    at_least_s: f64,
    settings: &'a serde_json::Value,
}

#[derive(Serialize)]
struct Columns {
    lon: Vec<f64>,
    lat: Vec<f64>,
    t: Vec<i64>,
}

/// A running peer on one map.
#[derive(Debug)]
pub struct Peer {
    /// Which one.
    pub engine: Engine,
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a peer on the data that `prepare.py` made in `folder`.
    ///
    /// # Errors
    /// The interpreter can't be started.
    pub fn start(engine: Engine, python: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(python)
            .arg(drivers().join(engine.driver()))
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} can't be started", python.display()))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("{}: no pipes", engine.name());
        };
        Ok(Peer {
            engine,
            child,
            to,
            from: BufReader::new(from),
        })
    }

    /// Has it match the traces of a case, for at least so many seconds of processor time.
    ///
    /// # Errors
    /// The peer ended or answered what can't be read.
    pub fn answer(
        &mut self,
        case: &Case,
        traces: &[Trace],
        at_least_s: f64,
        settings: &serde_json::Value,
    ) -> anyhow::Result<Answer> {
        let request = Request {
            traces: traces.iter().map(columns).collect(),
            sigma_m: case.noise.told_sigma_m(),
            every_s: case.every_s,
            at_least_s,
            settings: &settings[self.engine.name()],
        };
        let mut line = serde_json::to_string(&request)?;
        line.push('\n');
        self.to.write_all(line.as_bytes())?;
        self.to.flush()?;
        let mut answer = String::new();
        if self.from.read_line(&mut answer)? == 0 {
            bail!("{} ended: {:?}", self.engine.name(), self.child.wait()?);
        }
        Ok(serde_json::from_str(&answer)?)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Nothing to be done about one that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn columns(trace: &Trace) -> Columns {
    Columns {
        lon: trace.reports.iter().map(|r| r.at.lon).collect(),
        lat: trace.reports.iter().map(|r| r.at.lat).collect(),
        t: trace.reports.iter().map(unix_s).collect(),
    }
}

/// A peer's line as positions.
pub fn positions(line: &[[f64; 2]]) -> Vec<LonLat> {
    line.iter().map(|p| LonLat::new(p[0], p[1])).collect()
}
