//! REMEMBERS: every query, and the private database cluster.
//!
//! This crate must never know HTTP, and takes no decisions: it keeps what it is given and gives
//! back what it kept. Each aggregate has a file of its own.

pub mod cluster;
mod database;
mod feeds;
mod fixes;
mod fresh_fixes;
mod instants;
mod network;
mod network_rows;
mod open_traces;
mod passes;
mod rebuild;
mod road_files;
mod shards;
mod status;

pub use database::{Store, StoreError};
pub use feeds::{FeedEntry, FeedHealth, FeedLease};
pub use fixes::{Batch, payload_sha256};
pub use fresh_fixes::{FreshFixes, MatchingBatch};
pub use network::{ImportLock, StoredNetwork};
pub use open_traces::{OpenState, OpenTrace};
pub use passes::{PassKey, PassRecord, SegmentPass, Vehicle};
pub use road_files::{RoadFile, RoadFileEntry};
pub use shards::{SHARDS, ShardLocks};
pub use status::{ChangeListener, QueuedSegment, StatusBatch, StatusRow, WriterLock, WriterRow};
