//! Feeds of a great many simulated plows over HTTP, for measuring `yukimichi run`; see `script/bench ingest`.
//!
//! Towns lie side by side, each with its plows; a plow follows one of some hundred beats, each from its
//! own place in it. A feed tells the last position of each of its plows, as real ones do.

use anyhow::Context;
use clap::Parser;
use domain::geometry::{LocalPlane, LonLat};
use domain::network::{DEFAULT_TOLERANCE_M, build};
use ingest::roads::decode_roads;
use jiff::Timestamp;
use match_bench::simulation::{Behaviour, Streets, trip};
use match_bench::town;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

/// Noise of the positions, metres per axis.
const SIGMA_M: f64 = 7.0;

#[derive(Debug, Parser)]
struct Args {
    /// Writes `roads.osm` and `yukimichi.toml` there.
    #[arg(long)]
    work: PathBuf,
    /// Where the feeds are served.
    #[arg(long, default_value = "127.0.0.1:18090")]
    listen: SocketAddr,
    /// Where yukimichi is to serve.
    #[arg(long, default_value = "127.0.0.1:18091")]
    web: SocketAddr,
    /// Plows.
    #[arg(long, default_value_t = 33_000)]
    vehicles: usize,
    /// How often each reports, seconds.
    #[arg(long, default_value_t = 5)]
    every: i64,
    /// Feeds, as many as Japan has prefectures.
    #[arg(long, default_value_t = 47)]
    feeds: usize,
    /// Towns.
    #[arg(long, default_value_t = 144)]
    towns: usize,
    /// Different beats.
    #[arg(long, default_value_t = 300)]
    beats: u64,
}

struct Fleet {
    args: Args,
    beats: Vec<Vec<LonLat>>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let write = |name: &str, text: String| {
        let path = args.work.join(name);
        std::fs::write(&path, text).with_context(|| format!("{}", path.display()))
    };
    write("roads.osm", town::osm_xml_of_copies(1, args.towns))?;
    write("yukimichi.toml", configuration(&args))?;
    let xml = town::osm_xml(1);
    let source = decode_roads("town.osm", xml.as_bytes(), None, &|_, _| {})?;
    let (network, _) = build(vec![source], DEFAULT_TOLERANCE_M)?;
    let streets = Streets::new(&network);
    let beats = (0..args.beats)
        .filter_map(|seed| Some(trip(&streets, Behaviour::Beat, seed)?.places))
        .collect();
    let listener = TcpListener::bind(args.listen).context("the feeds' address")?;
    let fleet = Arc::new(Fleet { args, beats });
    println!("ready");
    for connection in listener.incoming() {
        let fleet = Arc::clone(&fleet);
        std::thread::spawn(move || {
            if let Err(error) = connection.map_err(Into::into).and_then(|c| fleet.answer(c)) {
                eprintln!("fleet-feeds: {error:#}");
            }
        });
    }
    Ok(())
}

fn configuration(args: &Args) -> String {
    let mut toml = format!(
        "[http]\nlisten = \"{}\"\n\n[[manager]]\ncode = \"bench\"\nlevel = \"municipal\"\n\
         name = {{ ja = \"模擬\", en = \"Simulated\" }}\n",
        args.web
    );
    for feed in 0..args.feeds {
        let _ = write!(
            toml,
            "\n[[feed]]\nid = \"feed-{feed}\"\nmanager = \"bench\"\nformat = \"plow_json\"\n\
             url = \"http://{}/{feed}\"\nevery = \"{}s\"\nallow_private_address = true\n\
             attribution = \"simulated\"\nlicence = \"CC0-1.0\"\ncovers = \"manager\"\n\
             [feed.plow_json]\nitems = \"/vehicles\"\nvehicle_id = \"/id\"\nobserved_at = \"/at\"\n\
             lon = \"/lon\"\nlat = \"/lat\"\nwork = \"/work\"\nwork_values = {{ \"1\" = \"plowing\" }}\n",
            args.listen, args.every
        );
    }
    toml
}

impl Fleet {
    /// Answers one request for a feed and closes the connection.
    fn answer(&self, mut connection: TcpStream) -> anyhow::Result<()> {
        let mut lines = BufReader::new(connection.try_clone()?).lines();
        let request = lines.next().context("an empty request")??;
        // The rest of the head, up to the empty line.
        for line in lines {
            if line?.is_empty() {
                break;
            }
        }
        let feed = request
            .split(' ')
            .nth(1)
            .and_then(|path| path.trim_start_matches('/').parse().ok())
            .with_context(|| format!("no such feed: {request}"))?;
        let body = self.document(feed, Timestamp::now().as_second());
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
        write!(
            connection,
            "{head}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        Ok(())
    }

    /// The last position of each plow of a feed.
    fn document(&self, feed: usize, now_s: i64) -> String {
        let mut json = String::from("{\"vehicles\":[");
        let mine = (feed..self.args.vehicles).step_by(self.args.feeds);
        for (i, vehicle) in mine.enumerate() {
            let mut rng = ChaCha8Rng::seed_from_u64(vehicle as u64);
            let phase_s = rng.random_range(0..self.args.every);
            let at_s = now_s - (now_s - phase_s).rem_euclid(self.args.every);
            let at = self.place(vehicle, at_s, rng.random());
            let observed_at = Timestamp::from_second(at_s).unwrap_or_default();
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(
                json,
                "{comma}{{\"id\":\"{vehicle}\",\"at\":\"{observed_at}\",\"lon\":{:.6},\"lat\":{:.6},\"work\":1}}",
                at.lon, at.lat
            );
        }
        json.push_str("]}");
        json
    }

    /// Where a plow seems to be at a time: on its beat in its town, from its own start, with noise.
    fn place(&self, vehicle: usize, at_s: i64, start: u32) -> LonLat {
        let beat = &self.beats[vehicle % self.beats.len()];
        let second = (at_s + i64::from(start)).rem_euclid(beat.len() as i64) as usize;
        let [east_deg, north_deg] = town::copy_offset_deg(vehicle % self.args.towns);
        let true_place = LonLat::new(beat[second].lon + east_deg, beat[second].lat + north_deg);
        let mut rng = ChaCha8Rng::seed_from_u64(vehicle as u64 ^ (at_s as u64) << 20);
        // The sum of four even ones is normal enough.
        let error_m = [0, 1].map(|_| {
            let sum: f64 = (0..4).map(|_| rng.random::<f64>() - 0.5).sum();
            SIGMA_M * sum * 3.0_f64.sqrt()
        });
        LocalPlane::at(true_place).unproject(error_m)
    }
}
