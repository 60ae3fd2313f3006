//! `yukimichi run`, `serve`, `ingest`, `dispatch`: the wiring.

use super::feeds_sync::sync_feeds;
use crate::call_outs::notifiers::{vapid_key, web_push};
use crate::clock::{Clock, SystemClock};
use crate::config::{Background, Config};
use crate::database::Database;
use crate::http::{self, AppState, EventHub, FactLayers};
use crate::passwords::Passwords;
use crate::workers::dispatching::Dispatching;
use crate::workers::driver_alerts::DriverAlerts;
use crate::workers::follow::{Follower, MapViews};
use crate::workers::judging::ReadingJudge;
use crate::workers::laying::FactLayer;
use crate::workers::matching::TraceMatcher;
use crate::workers::pull::FeedPuller;
use crate::workers::ruling::RuleWatch;
use crate::workers::snow_watch::SnowView;
use crate::workers::status_writer::StatusWriter;
use crate::workers::{Shutdown, called, keep_going};
use anyhow::Context;
use domain::coverage::NarrowRules;
use domain::snow_field::FieldParams;
use domain::status::{StatusPolicy, Thresholds};
use jiff::SignedDuration;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use store::Store;
use tiles::TileSettings;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Which parts a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Pulling, matching, writing status.
    pub ingest: bool,
    /// HTTP.
    pub serve: bool,
    /// Calling people out.
    pub dispatch: bool,
    name: &'static str,
}

impl Parts {
    /// `run`.
    pub const ALL: Parts = Parts {
        ingest: true,
        serve: true,
        dispatch: true,
        name: "run",
    };
    /// `serve`.
    pub const SERVE: Parts = Parts {
        ingest: false,
        serve: true,
        dispatch: false,
        name: "serve",
    };
    /// `ingest`.
    pub const INGEST: Parts = Parts {
        ingest: true,
        serve: false,
        dispatch: false,
        name: "ingest",
    };
    /// `dispatch`.
    pub const DISPATCH: Parts = Parts {
        ingest: false,
        serve: false,
        dispatch: true,
        name: "dispatch",
    };
}

/// Runs the command until SIGTERM or SIGINT.
///
/// # Errors
/// What kept it from starting or stopping.
pub async fn run(config: Config, parts: Parts) -> anyhow::Result<ExitCode> {
    super::demo::refuse_demo_folder(&config.data_dir)?;
    let shutdown = shutdown_on_signals()?;
    // `serve` and `ingest` may run beside each other; only a second `run` is refused.
    let database = if parts == Parts::ALL {
        Database::for_run(&config, parts.name).await?
    } else {
        Database::join(&config).await?
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let done = async {
        let listener = match parts.serve {
            true => Some(listen(config.http.listen, "[http] listen").await?),
            false => None,
        };
        if let Some(listener) = &listener {
            println!("yukimichi serves http://{}/", listener.local_addr()?);
        }
        work(
            &config,
            &database.store,
            clock,
            listener,
            parts,
            false,
            shutdown,
        )
        .await
    }
    .await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

/// Binds the web server's address; `setting` is what the user would change.
///
/// # Errors
/// When it is taken or not ours.
pub async fn listen(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("can't listen on {address}; is another server there? {setting} chooses another")
    })
}

/// True once SIGTERM or SIGINT has come.
///
/// # Errors
/// When signals can't be watched.
pub fn shutdown_on_signals() -> anyhow::Result<Shutdown> {
    let (sender, shutdown) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        sender.send_replace(true);
    });
    Ok(shutdown)
}

/// The status policy that a configuration sets.
///
/// # Errors
/// Spans too long to be times.
pub fn policy_of(config: &Config) -> anyhow::Result<StatusPolicy> {
    Ok(StatusPolicy {
        assume_snow_after: SignedDuration::try_from(config.status.assume_snow_after)?,
        narrow: NarrowRules::of(&config.manager),
        thresholds: Thresholds {
            own: config.snow.threshold.clone(),
        },
        ..StatusPolicy::default()
    })
}

/// How tiles are kept under a configuration.
fn tile_settings(config: &Config) -> TileSettings {
    TileSettings {
        cache_bytes: config.tiles.cache_mb << 20,
        ..TileSettings::default()
    }
}

/// Runs the workers and the server until the shutdown.
///
/// # Errors
/// What kept a part from starting; parts that fail later are started again.
pub async fn work(
    config: &Config,
    store: &Store,
    clock: Arc<dyn Clock>,
    listener: Option<TcpListener>,
    parts: Parts,
    simulated: bool,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let policy = policy_of(config)?;
    let mut tasks = JoinSet::new();
    if parts.ingest || parts.dispatch {
        sync_feeds(config, store).await?;
    }
    let push = if parts.dispatch {
        web_push(&config.notify)?
    } else {
        None
    };
    let views = if listener.is_some() || push.is_some() {
        Some(follow(&mut tasks, config, store, &shutdown).await?)
    } else {
        None
    };
    // The demo's people open its links on this machine.
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let public_url = address
        .filter(|_| simulated)
        .map(|at| format!("http://{at}"));
    if let (Some(push), Some(views)) = (push, &views) {
        let url = config.dispatch.public_url.clone().or(public_url.clone());
        let (own, time) = (store.clone(), Arc::clone(&clock));
        let alerts = DriverAlerts::new(own, time, views.clone(), push, url, simulated);
        Arc::new(alerts).spawn(&mut tasks, &shutdown);
    }
    if parts.dispatch {
        let (own, time) = (store.clone(), Arc::clone(&clock));
        let dispatching = Dispatching::new(config, own, time, public_url)?;
        Arc::new(dispatching).spawn(&mut tasks, &shutdown);
        let (own, time, stop) = (store.clone(), Arc::clone(&clock), shutdown.clone());
        tasks.spawn(async move {
            keep_going("rules", stop.clone(), || {
                let params = FieldParams::default();
                let mut watch = RuleWatch::new(own.clone(), Arc::clone(&time), params);
                let stop = stop.clone();
                async move { watch.run(stop).await }
            })
            .await;
        });
    }
    if parts.ingest {
        spawn_ingest(&mut tasks, config, store, &clock, &policy, &shutdown)?;
    }
    if let (Some(listener), Some(views)) = (listener, views) {
        let events = EventHub::default();
        let (own, seen, stop) = (events.clone(), views.clone(), shutdown.clone());
        tasks.spawn(async move { own.run(seen, stop).await });
        let state = AppState {
            events,
            started: Instant::now(),
            store: store.clone(),
            views,
            clock,
            wall_clock: Arc::new(SystemClock),
            passwords: Passwords::new()?,
            policy,
            quality: config.quality.clone(),
            snow: SnowView::new(store.clone()),
            simulated,
            feeds: Arc::new(
                config
                    .feed
                    .iter()
                    .map(|f| (f.id.clone(), f.clone()))
                    .collect(),
            ),
            background: config.web.background.filter(|b| *b == Background::GsiPale),
            fact_layers: FactLayers::default(),
            push_key: vapid_key(&config.notify)?.map(|key| key.public_key()),
        };
        let stop = shutdown.clone();
        tasks.spawn(async move {
            if let Err(error) = http::serve(listener, state, stop).await {
                tracing::error!("HTTP: {error:#}");
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.context("a worker broke")?;
    }
    Ok(())
}

/// Keeps a view of the map up to date until the shutdown.
async fn follow(
    tasks: &mut JoinSet<()>,
    config: &Config,
    store: &Store,
    shutdown: &Shutdown,
) -> anyhow::Result<MapViews> {
    let (follower, views) = Follower::start(store.clone(), tile_settings(config)).await?;
    let stop = shutdown.clone();
    tasks.spawn(async move {
        let follower = &follower;
        keep_going("follow", stop.clone(), || follower.run(stop.clone())).await;
    });
    Ok(views)
}

fn spawn_ingest(
    tasks: &mut JoinSet<()>,
    config: &Config,
    store: &Store,
    clock: &Arc<dyn Clock>,
    policy: &StatusPolicy,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    let holder = format!("{}-{:08x}", std::process::id(), rand::random::<u32>());
    let puller = Arc::new(FeedPuller::new(
        store.clone(),
        Arc::clone(clock),
        &config.feed,
        holder,
    )?);
    // They stop in the order in which facts pass through them, so that nothing is left half-way:
    // no new fixes, then the last readings are judged and the last windows matched, then the last status
    // is written.
    let (fixes_done, no_more_fixes) = watch::channel(false);
    let no_more_readings = no_more_fixes.clone();
    let (verdicts_done, no_more_verdicts) = watch::channel(false);
    let (passes_done, no_more_passes) = watch::channel(false);
    let stop = shutdown.clone();
    tasks.spawn(async move {
        keep_going("pull", stop.clone(), || {
            Arc::clone(&puller).run(stop.clone())
        })
        .await;
        fixes_done.send_replace(true);
    });
    let (own, time) = (store.clone(), Arc::clone(clock));
    tasks.spawn(async move {
        keep_going("match", no_more_fixes.clone(), || {
            let mut matcher = TraceMatcher::new(own.clone(), Arc::clone(&time));
            let stop = no_more_fixes.clone();
            async move { matcher.run(stop).await }
        })
        .await;
        called(&no_more_verdicts).await;
        passes_done.send_replace(true);
    });
    let judge = ReadingJudge::new(store.clone(), Arc::clone(clock), config.quality.clone());
    let stop = no_more_readings;
    tasks.spawn(async move {
        keep_going("judge", stop.clone(), || judge.run(stop.clone())).await;
        verdicts_done.send_replace(true);
    });
    let (own, time) = (store.clone(), Arc::clone(clock));
    let stop = shutdown.clone();
    tasks.spawn(async move {
        keep_going("lay", stop.clone(), || {
            let mut layer = FactLayer::new(own.clone(), Arc::clone(&time));
            let stop = stop.clone();
            async move { layer.run(stop).await }
        })
        .await;
    });
    let (own, time) = (store.clone(), Arc::clone(clock));
    let policy = policy.clone();
    tasks.spawn(async move {
        keep_going("status", no_more_passes.clone(), || {
            let (own, time, policy) = (own.clone(), Arc::clone(&time), policy.clone());
            let stop = no_more_passes.clone();
            async move {
                match StatusWriter::acquire(own, time, policy, &stop).await? {
                    Some(mut writer) => writer.run(stop).await,
                    None => Ok(()),
                }
            }
        })
        .await;
    });
    Ok(())
}
