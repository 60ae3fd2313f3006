//! The matcher's bench: simulated vehicles of known truth, a scorer, and peers side by side.
//!
//! `script/bench match` runs it and writes the table of `BENCHMARKS.md`.

pub mod cache;
pub mod cases;
pub mod figures;
pub mod maps;
pub mod peers;
pub mod reference;
pub mod score;
pub mod simulation;
pub mod table;
pub mod town;
