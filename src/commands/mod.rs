//! One file per command.

pub mod admin;
pub mod contractors;
pub mod daily_report;
pub mod demo;
mod demo_officer;
pub mod export;
pub mod feeds_check;
pub mod feeds_key;
pub mod feeds_rejected;
pub mod feeds_sync;
pub mod kiloposts;
pub mod match_fixes;
pub mod operator_key;
pub mod rebuild;
pub mod replay;
pub mod roads;
pub mod rules;
mod rules_test;
pub mod run;
pub mod snow_days;
pub mod snow_validate;
mod terminal;
mod understood;
