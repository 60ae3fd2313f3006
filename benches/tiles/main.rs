//! Tiles on a made network: composing against the `mvt` crate with gzip, status updates per second, and
//! servers for a load generator (`script/bench tiles`).
//!
//!     cargo bench --bench tiles                      composing and updates
//!     cargo bench --bench tiles -- scale N           a network of N segments only
//!     cargo bench --bench tiles -- durable PORT N    the same routes over DATABASE_URL, N updates/s written to it
//!     cargo bench --bench tiles -- fixed PORT        axum with one tile's fixed bytes
//!     cargo bench --bench tiles -- ours PORT [N]     this program's own routes, N updates/s in memory
//!     cargo bench --bench tiles -- listeners PORT N  N idle clients of its events
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod compose;
mod durable;
mod listeners;
mod made;
mod serve;

fn main() {
    // Cargo adds `--bench`.
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        [] | ["compose"] => compose::run(),
        ["scale", count] => compose::scale(count.parse().expect("a number of segments")),
        ["fixed", port] => serve::fixed(port.parse().expect("a port")),
        ["ours", port] => serve::ours(port.parse().expect("a port"), 0),
        ["ours", port, updates] => serve::ours(
            port.parse().expect("a port"),
            updates.parse().expect("updates per second"),
        ),
        ["durable", port, updates] => durable::serve(
            port.parse().expect("a port"),
            serve::SEGMENTS,
            updates.parse().expect("updates per second"),
        ),
        ["listeners", port, count] => listeners::run(
            port.parse().expect("a port"),
            count.parse().expect("a number of clients"),
        ),
        _ => eprintln!(
            "usage: [compose | scale SEGMENTS | fixed PORT | ours PORT [UPDATES] | \
             durable PORT UPDATES | listeners PORT COUNT]"
        ),
    }
}
