//! One file per command.

pub mod demo;
pub mod feeds_check;
pub mod match_fixes;
pub mod rebuild;
pub mod roads;
pub mod run;
mod understood;
