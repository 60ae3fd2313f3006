//! Whole winters: rules, people, plows and the worker around the machine, on a clock that is set
//! forward and back, with restarts, duplicates and messages out of order.
//!
//! What must hold is checked at every step (`watch.rs`): nobody is forgotten, nobody is called
//! twice, and no state is one that can't be.

mod people;
mod watch;
mod world;

use world::{Tally, night};

/// Runs nights of seeds and says what went on in them.
fn winters(seeds: std::ops::Range<u64>, nights: u64) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        for number in 0..nights {
            tally.add(&night(seed, number));
        }
    }
    tally
}

#[test]
fn no_call_out_is_lost_or_doubled() {
    let tally = winters(0..12, 20);
    // A night in which nothing happens proves nothing.
    assert!(tally.opened > 240, "{tally:?}");
    assert!(tally.clock_steps > 200, "{tally:?}");
    for happened in [
        tally.completed,
        tally.cancelled,
        tally.restarts,
        tally.duplicates,
        tally.late,
        tally.second_rounds,
        tally.by_hand,
    ] {
        assert!(happened > 10, "{tally:?}");
    }
}

/// The whole of it: `cargo test -p dispatch -- --ignored --nocapture nights`.
#[test]
#[ignore = "some minutes"]
fn a_thousand_winters() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let share = 1000_u64.div_ceil(threads);
    let begun = std::time::Instant::now();
    let runs: Vec<_> = (0..threads)
        .map(|i| std::thread::spawn(move || winters(i * share..((i + 1) * share).min(1000), 365)))
        .collect();
    let mut tally = Tally::default();
    for run in runs {
        tally.add(&run.join().unwrap());
    }
    println!(
        "365 nights x 1000 seeds in {:?}: {tally:#?}",
        begun.elapsed()
    );
    assert_eq!(tally.nights, 365_000);
}
