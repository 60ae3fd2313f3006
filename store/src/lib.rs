//! REMEMBERS: every query, and the private database cluster.
//!
//! This crate must never know HTTP, and takes no decisions: it keeps what it is given and gives
//! back what it kept. Each aggregate has a file of its own.

mod api_keys;
mod attempts;
mod batch;
mod binary_copy;
mod call_links;
mod closures;
pub mod cluster;
mod contractors;
mod database;
mod dispatch_events;
mod dispatches;
mod driver_alerts;
mod driver_subscriptions;
mod facts;
mod feeds;
mod fixes;
mod fresh_fixes;
mod instants;
mod kiloposts;
mod laid;
mod laying;
mod map_facts;
mod network;
mod network_rows;
mod night_work;
mod observations;
mod open_traces;
mod orders;
mod outbox;
mod passes;
mod plans;
mod push_subscriptions;
mod rebuild;
mod rejections;
mod reports;
mod road_files;
mod road_managers;
mod shards;
mod status;
mod text_copy;
mod units;
mod work_log;
mod worker_cycles;

pub use api_keys::KeyHolder;
pub use attempts::FeedTrust;
pub use batch::{StoredPayload, payload_sha256};
pub use call_links::CallLink;
pub use closures::ClosureRecord;
pub use contractors::BookChanges;
pub use database::{Store, StoreError};
pub use dispatch_events::{DispatchChange, DispatchEventRecord};
pub use dispatches::{DispatchRecord, LifeRow, NewDispatch, Raised};
pub use driver_alerts::{AlertEnd, AlertKind, AlertLease, NewAlert};
pub use driver_subscriptions::{
    AlertLanguage, DriverSubscription, KeptSubscription, PushAddress, Watch,
};
pub use facts::{Batch, ClockFinding, Cursor, Facts, Kept};
pub use feeds::{FeedEntry, FeedHealth, FeedLease};
pub use fresh_fixes::{FreshFixes, MatchingBatch};
pub use laid::{Laid, LaidClosure, LaidKey, LaidKind, LaidStretch};
pub use laying::{FactVersion, LayingBatch, PlacedFact};
pub use map_facts::SidewalkPass;
pub use network::{ImportLock, StoredNetwork};
pub use night_work::HeardVehicle;
pub use observations::{ObservationFilter, ObservationRecord, StationRecord};
pub use open_traces::{OpenState, OpenTrace};
pub use orders::{OrderRecord, ZoneRecord};
pub use outbox::{AttemptEnd, AttemptRecord, NewMessage, OutboxLease, Settled};
pub use passes::{PassKey, PassRecord, SegmentPass, Vehicle};
pub use plans::PlanRecord;
pub use push_subscriptions::PushSubscription;
pub use rejections::{RejectedRecord, RejectionFilter};
pub use reports::{Report, ReportRecord};
pub use road_files::{RoadFile, RoadFileEntry};
pub use shards::{SHARDS, ShardLocks};
pub use status::{ChangeListener, QueuedSegment, StatusBatch, StatusRow, WriterLock, WriterRow};
pub use units::Unit;
pub use work_log::WorkLogRecord;
pub use worker_cycles::WorkerCycle;
