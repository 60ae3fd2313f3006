//! The matcher's bench: simulated vehicles of known truth, a scorer, and peers side by side.
//!
//! `script/bench match` runs it and writes the table of `BENCHMARKS.md`.

pub mod cases;
pub mod maps;
pub mod score;
pub mod simulation;
pub mod town;
