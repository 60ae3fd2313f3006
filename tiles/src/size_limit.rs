//! No tile is too large to send: where too much lies in one, its smallest roads are left out.
//!
//! What is left out hangs on the network alone, so all servers leave out the same, in every encoding; and
//! changes of what is left out still count in the tile's number, which then only grows more often.

use crate::encoding::{EncodeError, Encoding, Prefix};
use crate::merged::MergedLines;
use crate::shown::Shown;
use crate::visibility::min_zoom;
use domain::network::RoadNetwork;
use std::cmp::Reverse;

/// Most bytes of a tile in gzip.
const MOST_BYTES: usize = 500_000;
/// Bytes that the slots of a feature take in gzip at most, where no two are alike.
const SLOTS_BYTES: usize = 12;

/// How many features there may be; `None` where all of them fit. `raw` is the part that stays.
pub(crate) fn features_to_keep(raw: &[u8], features: usize) -> Result<Option<usize>, EncodeError> {
    let slots = features * SLOTS_BYTES;
    // Hardly any tile is so large that it must be packed to know.
    if raw.len() + slots <= MOST_BYTES {
        return Ok(None);
    }
    let size = Prefix::new(Encoding::Gzip, raw)?.len() + slots;
    if size <= MOST_BYTES {
        return Ok(None);
    }
    // A little less than the share, since small roads take less than their share of the bytes.
    let share = MOST_BYTES as f64 / size as f64 * 0.95;
    Ok(Some((features as f64 * share) as usize))
}

impl Shown {
    /// How many features are shown.
    pub(crate) fn len(&self) -> usize {
        match self {
            Shown::Segments(numbers) | Shown::Lines(_, numbers) => numbers.len(),
        }
    }

    /// Leaves out all but `most`: the smallest classes first, of one class the shortest.
    pub(crate) fn keep_largest(&mut self, network: &RoadNetwork, most: usize) {
        let segment_rank = |segment: u32| {
            let class = min_zoom(&network.road(segment).attributes);
            let part = &network.segments()[segment as usize];
            (class, Reverse(part.length_m.to_bits()), part.id.0)
        };
        match self {
            Shown::Segments(segments) => keep_first(segments, most, segment_rank),
            Shown::Lines(merged, numbers) => {
                let line_rank = |number: u32| {
                    let members = merged.members(&merged.lines()[number as usize]);
                    let length_m = MergedLines::length_m(network, members);
                    let (class, _, id) = segment_rank(members[0].segment());
                    (class, Reverse(length_m.to_bits()), id)
                };
                keep_first(numbers, most, line_rank);
            }
        }
    }
}

/// Keeps the `most` numbers of lowest rank, in the order in which they stand.
fn keep_first<R: Ord + Copy>(numbers: &mut Vec<u32>, most: usize, rank: impl Fn(u32) -> R) {
    if most >= numbers.len() {
        return;
    }
    let mut ranks: Vec<R> = numbers.iter().map(|number| rank(*number)).collect();
    let (_, first_out, _) = ranks.select_nth_unstable(most);
    let first_out = *first_out;
    numbers.retain(|number| rank(*number) < first_out);
}
