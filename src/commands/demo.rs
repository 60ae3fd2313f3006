//! `yukimichi demo` — placeholder until the simulator lands.
use crate::cli::DemoArgs;
use crate::config::Config;
use std::process::ExitCode;
/// tmp
pub async fn run(_config: Config, _args: DemoArgs) -> anyhow::Result<ExitCode> { Ok(ExitCode::SUCCESS) }
