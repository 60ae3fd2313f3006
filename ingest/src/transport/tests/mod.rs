#![allow(clippy::unwrap_used, clippy::expect_used)]

mod companions;
mod folder;
mod pull;
mod retry;
mod server;
