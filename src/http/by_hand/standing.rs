//! Whose roads a stated place lies on, and who may record there: an operator's key belongs to a road
//! manager, and is for that manager's roads, unless it was made for those of any.

use super::bad_field;
use crate::http::officer::Officer;
use crate::http::{AppState, Problem};
use crate::workers::laying::{Survey, survey};
use domain::place::Place;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Laid, LaidThen};

/// A place that may be recorded.
pub(super) struct Standing {
    /// Code of the manager under whose name it is to stand.
    pub manager_code: String,
    /// Where it lies.
    laid: Laid,
}

impl Standing {
    /// Looks where a place lies.
    ///
    /// # Errors
    /// 422 for a route or zone that is nowhere on the network, and for one that lies on roads of
    /// several managers; 403 for roads of another manager than the key's.
    pub(super) async fn of(
        state: &AppState,
        key: &Officer,
        place: &Place,
    ) -> Result<Self, Problem> {
        let view = state.views.borrow().clone();
        let found = survey(&state.store, view, place.clone(), &key.manager_code)
            .await
            .map_err(|e| Problem::internal(format!("{e:#}")))?;
        if found.anywhere.stretches.is_empty()
            && let Some(field) = words_of(place)
        {
            return Err(bad_field(field, &found.anywhere.unplaced));
        }
        if key.any_manager {
            return among_all(key, found);
        }
        // A zone is its manager's by contract, whoever owns a road in it.
        let own = &key.manager_code;
        if !is_zone_alone(place)
            && let Some(other) = foreign(&found, own)
        {
            let detail = format!(
                "it lies on a road of {other}; this key is for the roads of {own}, and one for \
                 those of any manager is made with `yukimichi operator key --any-manager`"
            );
            return Err(Problem::forbidden(detail).with("manager", json!(other)));
        }
        Ok(Standing {
            manager_code: own.clone(),
            laid: found.own,
        })
    }

    /// Where it lies, as an answer tells it.
    pub(super) fn laid_then(&self, now: Timestamp) -> LaidThen {
        LaidThen {
            laid: self.laid.clone(),
            since: Some(now),
            as_then: true,
        }
    }

    /// Adds to an answer what could not be placed, with what that means.
    pub(super) fn warn(&self, answer: &mut Value) {
        let unplaced = &self.laid.unplaced;
        if unplaced.is_empty() {
            return;
        }
        answer["unplaced"] = json!(unplaced);
        answer["warning"] = json!(if self.laid.stretches.is_empty() {
            "recorded, but it lies on no road of the network: no road shows it"
        } else {
            "recorded, but part of it lies on no road of the network: see unplaced"
        });
    }
}

/// The member that names the place in words alone, without any shape of its own.
fn words_of(place: &Place) -> Option<&'static str> {
    let drawn = !(place.lines.is_empty() && place.areas.is_empty() && place.picked.is_empty());
    match (&place.route, &place.zone) {
        _ if drawn => None,
        (Some(_), _) => Some("place.route"),
        (None, Some(_)) => Some("place.zone"),
        (None, None) => None,
    }
}

fn is_zone_alone(place: &Place) -> bool {
    words_of(place) == Some("place.zone")
}

/// Another manager on whose roads the place lies. What lies wholly on own roads does so even where
/// others' would fit too.
fn foreign(found: &Survey, own: &str) -> Option<String> {
    let whole = found.own.unplaced.is_empty() && !found.own.stretches.is_empty();
    let owners = if whole {
        &found.owners_of_own
    } else {
        &found.owners_anywhere
    };
    owners.iter().find(|code| *code != own).cloned()
}

/// Under a key for roads of any manager a record stands under the manager of its roads, so that it is
/// laid on these and that manager's people may end it.
fn among_all(key: &Officer, found: Survey) -> Result<Standing, Problem> {
    let owners: BTreeSet<String> = found.owners_anywhere;
    let mut codes = owners.iter();
    let manager_code = match (codes.next(), codes.next()) {
        (Some(one), None) => one.clone(),
        (None, _) => key.manager_code.clone(),
        (Some(_), Some(_)) => {
            let list: Vec<&str> = owners.iter().map(String::as_str).collect();
            let reason = format!(
                "lies on roads of several managers ({}); record it for each",
                list.join(", ")
            );
            return Err(bad_field("place", &reason));
        }
    };
    Ok(Standing {
        manager_code,
        laid: found.anywhere,
    })
}
