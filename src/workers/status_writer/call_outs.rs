//! The call-outs of zones, as tiles show them.

use super::StatusWriter;
use super::zones::Zones;
use dispatch::life::State;
use std::collections::{HashMap, HashSet};
use store::ZoneDispatch;

impl StatusWriter {
    /// Reads the open call-outs; returns the segments that show another one.
    pub(super) async fn load_call_outs(&mut self) -> anyhow::Result<Vec<u32>> {
        let called = self.store.zone_dispatches().await?;
        if self.called.as_ref() == Some(&called) {
            return Ok(Vec::new());
        }
        let digits = digits(&called, &self.surroundings.zones);
        self.called = Some(called);
        Ok(self.standings.call_out(digits))
    }

    /// Shows call-outs as soon as they change.
    ///
    /// # Errors
    /// Database errors.
    pub(super) async fn follow_call_outs(&mut self) -> anyhow::Result<()> {
        let changed = self.load_call_outs().await?;
        if !self.look_at(&changed, self.clock.now()).await? {
            self.reload().await?;
            self.tick().await?;
        }
        Ok(())
    }
}

/// The tile digit of each segment whose zone has an open call-out; of several the highest.
fn digits(called: &[ZoneDispatch], zones: &Zones) -> HashMap<u32, u8> {
    let mut of_zone: HashMap<(&str, &str), u8> = HashMap::new();
    for call_out in called {
        let digit = State::parse(&call_out.state).map_or(0, State::tile_digit) as u8;
        let highest = of_zone
            .entry((&call_out.manager_code, &call_out.zone))
            .or_default();
        *highest = digit.max(*highest);
    }
    if of_zone.is_empty() {
        return HashMap::new();
    }
    zones
        .segments()
        .filter_map(|(segment, (manager, zone))| {
            let digit = of_zone.get(&(manager.as_str(), zone.as_str()))?;
            (*digit > 0).then_some((segment, *digit))
        })
        .collect()
}

/// Segments that have another digit than before.
pub(super) fn changed(before: &HashMap<u32, u8>, after: &HashMap<u32, u8>) -> Vec<u32> {
    let all: HashSet<u32> = before.keys().chain(after.keys()).copied().collect();
    let mut changed: Vec<u32> = all
        .into_iter()
        .filter(|segment| before.get(segment) != after.get(segment))
        .collect();
    changed.sort_unstable();
    changed
}
