//! The table of posts, by route.

use super::Unplaced;
use crate::geometry::LonLat;
use crate::place::RouteStretch;
use crate::route_name::{RouteKey, route_key};
use crate::work::Direction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kilometres that differ by less are the same.
const SAME_KM: f64 = 0.0005;
/// Two posts of the same kilometre within this distance are one that was surveyed twice.
const SAME_POST_M: f64 = 50.0;

/// One post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kilopost {
    /// The route's number or name, as the table writes it.
    pub route: String,
    /// What the post says, km.
    pub km: f64,
    /// Where it stands.
    pub at: LonLat,
    /// Carriageway that it belongs to: `Forward` = 上り; `None` = both.
    pub carriageway: Option<Direction>,
    /// Name of the place, where it has one.
    pub name: Option<String>,
}

/// A stretch of a route without posts.
#[derive(Debug, Clone, PartialEq)]
pub struct KilopostGap {
    /// The route, as the table writes it.
    pub route: String,
    /// The carriageway.
    pub carriageway: Option<Direction>,
    /// Last post before it.
    pub from_km: f64,
    /// First post behind it.
    pub to_km: f64,
}

/// A post that was not taken into the table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableProblem {
    /// Which of the given posts, from 0.
    pub position: usize,
    /// Why not.
    pub reason: String,
}

/// The posts of one route.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub key: RouteKey,
    name: String,
    /// In ascending order of kilometres.
    posts: Vec<Kilopost>,
}

/// All posts of a road manager, by route.
#[derive(Debug, Clone, Default)]
pub struct KilopostTable {
    routes: Vec<Route>,
}

impl KilopostTable {
    /// Orders the posts. Of two that say the same kilometre of the same carriageway the first counts;
    /// the other is a problem where it stands elsewhere.
    pub fn new(posts: Vec<Kilopost>) -> (Self, Vec<TableProblem>) {
        let mut problems = Vec::new();
        let mut by_key: BTreeMap<RouteKey, Route> = BTreeMap::new();
        for (position, post) in posts.into_iter().enumerate() {
            let mut refuse = |reason: String| problems.push(TableProblem { position, reason });
            if !post.km.is_finite() || !post.at.is_valid() {
                refuse(format!("km {} at {:?} is no place", post.km, post.at));
                continue;
            }
            let key = route_key(&post.route);
            if key.number.is_none() && key.name.is_empty() {
                refuse(format!("{:?} names no route", post.route));
                continue;
            }
            let route = by_key.entry(key.clone()).or_insert_with(|| Route {
                key,
                name: post.route.clone(),
                posts: Vec::new(),
            });
            let twin = route.posts.iter().find(|other| {
                (other.km - post.km).abs() < SAME_KM && other.carriageway == post.carriageway
            });
            match twin {
                None => route.posts.push(post),
                Some(twin) => {
                    let apart_m = twin.at.geodesic_m(post.at);
                    if apart_m > SAME_POST_M {
                        refuse(format!(
                            "another post of km {} stands {apart_m:.0} m away",
                            post.km
                        ));
                    }
                }
            }
        }
        let mut routes: Vec<Route> = by_key.into_values().collect();
        for route in &mut routes {
            route.posts.sort_by(|a, b| a.km.total_cmp(&b.km));
        }
        (KilopostTable { routes }, problems)
    }

    /// Where neighbouring posts of a carriageway lie farther apart than `most_km`.
    pub fn gaps(&self, most_km: f64) -> Vec<KilopostGap> {
        let mut gaps = Vec::new();
        for route in &self.routes {
            let own = Direction::BOTH
                .into_iter()
                .map(Some)
                .filter(|side| route.posts.iter().any(|post| post.carriageway == *side));
            let sides: Vec<Option<Direction>> = match own.collect::<Vec<_>>() {
                none if none.is_empty() => vec![None],
                own => own,
            };
            for carriageway in sides {
                let posts: Vec<&Kilopost> = match carriageway {
                    Some(side) => route.posts_of(side),
                    None => route.posts.iter().collect(),
                };
                for pair in posts.windows(2) {
                    if pair[1].km - pair[0].km > most_km {
                        gaps.push(KilopostGap {
                            route: route.name.clone(),
                            carriageway,
                            from_km: pair[0].km,
                            to_km: pair[1].km,
                        });
                    }
                }
            }
        }
        gaps
    }

    pub(super) fn route(&self, name: &str) -> Result<&Route, Unplaced> {
        let key = route_key(name);
        if let Some(exact) = self.routes.iter().find(|route| route.key == key) {
            return Ok(exact);
        }
        let found: Vec<&Route> = (self.routes.iter())
            .filter(|route| route.key.is_same(&key))
            .collect();
        match found[..] {
            [only] => Ok(only),
            [] => Err(Unplaced::UnknownRoute(name.to_owned())),
            _ => {
                let names: Vec<&str> = found.iter().map(|route| route.name.as_str()).collect();
                Err(Unplaced::AmbiguousRoute(name.to_owned(), names.join(", ")))
            }
        }
    }
}

impl Route {
    /// The posts of a carriageway and those of both; all where it has none of its own.
    fn posts_of(&self, carriageway: Direction) -> Vec<&Kilopost> {
        let on_it: Vec<&Kilopost> = (self.posts.iter())
            .filter(|post| post.carriageway.is_none_or(|side| side == carriageway))
            .collect();
        if on_it.len() < 2 {
            return self.posts.iter().collect();
        }
        let mut posts: Vec<&Kilopost> = Vec::with_capacity(on_it.len());
        for post in on_it {
            match posts.last_mut() {
                // Its own post is better than the one of both.
                Some(last) if post.km - last.km < SAME_KM => {
                    if last.carriageway.is_none() {
                        *last = post;
                    }
                }
                _ => posts.push(post),
            }
        }
        posts
    }

    /// The posts from the last at or before `low_km` to the first at or behind `high_km`.
    pub(super) fn posts_between(
        &self,
        carriageway: Direction,
        low_km: f64,
        high_km: f64,
        most_gap_km: f64,
    ) -> Result<Vec<&Kilopost>, Unplaced> {
        let posts = self.posts_of(carriageway);
        let (Some(first), Some(last)) = (posts.first(), posts.last()) else {
            return Err(Unplaced::UnknownRoute(self.name.clone()));
        };
        for km in [low_km, high_km] {
            if !(first.km - SAME_KM..=last.km + SAME_KM).contains(&km) {
                return Err(Unplaced::OffTheEnds {
                    km,
                    first: first.km,
                    last: last.km,
                });
            }
        }
        let start = posts.partition_point(|post| post.km <= low_km + SAME_KM);
        let end = posts.partition_point(|post| post.km < high_km - SAME_KM);
        let part = posts[start.saturating_sub(1)..=end.min(posts.len() - 1)].to_vec();
        match part.windows(2).find(|p| p[1].km - p[0].km > most_gap_km) {
            Some(gap) => Err(Unplaced::Gap(gap[0].km, gap[1].km)),
            None if part.len() < 2 => Err(Unplaced::NoLength(low_km)),
            None => Ok(part),
        }
    }
}

/// The kilometres of a stretch's ends: as given, or those of the posts that its ends or its section
/// (`A～B`) are named after.
pub(super) fn ends_of(route: &Route, stretch: &RouteStretch) -> Result<(f64, f64), Unplaced> {
    let named = |name: &str| {
        let wanted = route_key(name).name;
        let mut found = route.posts.iter().filter(|post| {
            (post.name.as_deref())
                .is_some_and(|name| !wanted.is_empty() && route_key(name).name == wanted)
        });
        found.next().map(|post| post.km)
    };
    let section = stretch.section.as_deref().unwrap_or_default();
    let (section_from, section_to) = section
        .split_once(['～', '〜', '~', '→'])
        .map_or((None, None), |(a, b)| (named(a), named(b)));
    let from = (stretch.from_km)
        .or_else(|| stretch.from_name.as_deref().and_then(named))
        .or(section_from);
    let to = (stretch.to_km)
        .or_else(|| stretch.to_name.as_deref().and_then(named))
        .or(section_to);
    match (from, to) {
        (Some(from), Some(to)) if from.is_finite() && to.is_finite() => Ok((from, to)),
        _ => Err(Unplaced::NoEnds(stretch.route.clone())),
    }
}
