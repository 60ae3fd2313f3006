#![allow(clippy::unwrap_used)]

mod against_mvt;
mod by_gdal;
mod changes;
mod golden;
mod prefecture;
mod small_scales;
mod support;
