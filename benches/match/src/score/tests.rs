//! Known drives, known scores.
#![allow(clippy::unwrap_used)]
