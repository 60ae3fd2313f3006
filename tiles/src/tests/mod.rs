#![allow(clippy::unwrap_used)]

mod against_mvt;
mod changes;
mod golden;
mod prefecture;
mod small_scales;
mod support;
