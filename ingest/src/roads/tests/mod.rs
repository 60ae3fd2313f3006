#![allow(clippy::unwrap_used, clippy::expect_used)]

mod damaged;
mod geojson;
mod osm;
mod real_aomori_laid;
mod real_kashiwazaki;
mod real_kashiwazaki_laid;
mod real_osm;
mod real_osm_laid;
mod support;
