//! How payloads come in: pulled over HTTP(S), with what they need to be understood, or dropped into
//! a folder; and when to try again after a failure.

mod address;
mod companions;
mod folder;
mod http;
mod retry;

#[cfg(test)]
mod tests;

pub use companions::{CompanionSources, PullRequest, check_address};
pub use folder::{FileOutcome, FolderError, Look, ReadyFile, STEADY_FOR, WatchedFolder};
pub use http::{CompanionFailure, FetchError, Fetched, Puller, TIMEOUT, Validators};
pub use retry::{Circuit, FailureKind, RetryPolicy, Verdict};
