//! The values that change: of fixed width, so that the rest of a tile never does.
//!
//! A value is an MVT `uint_value` whose varint is padded with empty groups to the width that any value
//! may need. Protobuf's decoders take such varints; its encoders write shorter ones.
//!
//! Slots stand in columns: those of a block of features for one key, then for the next. Neighbours are
//! often cleared in the same minute, and both directions too, which deflate finds in columns and within
//! its window of 32 KiB.

use domain::status::SegmentStatus;

/// Features whose slots stand together.
pub(crate) const BLOCK: usize = 512;
/// Bytes of the three slots of a feature.
pub(crate) const STATUS_SLOTS_LEN: usize = 2 * slot_len(MINUTES_WIDTH) + slot_len(STATUS_WIDTH);
/// Bytes of the fourth slot of a merged line.
pub(crate) const SHARE_SLOT_LEN: usize = slot_len(PERCENT_WIDTH);

/// 28 bits hold the minutes up to the year 2480.
const MINUTES_WIDTH: usize = 4;
/// 21 bits hold six decimal digits.
const STATUS_WIDTH: usize = 3;
const PERCENT_WIDTH: usize = 1;

/// Tag and length of the layer's value, tag of its number, the number.
const fn slot_len(width: usize) -> usize {
    3 + width
}

/// What a feature's slots say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SlotValues {
    pub(crate) status: SegmentStatus,
    /// Share of a merged line.
    pub(crate) cleared_percent: Option<u32>,
}

/// Appends the slots of at most [`BLOCK`] features.
pub(crate) fn put_block(out: &mut Vec<u8>, block: &[SlotValues]) {
    for values in block {
        put_slot::<MINUTES_WIDTH>(out, values.status.cleared_fwd_min);
    }
    for values in block {
        put_slot::<MINUTES_WIDTH>(out, values.status.cleared_rev_min);
    }
    for values in block {
        put_slot::<STATUS_WIDTH>(out, values.status.status);
    }
    for percent in block.iter().filter_map(|values| values.cleared_percent) {
        put_slot::<PERCENT_WIDTH>(out, percent);
    }
}

fn put_slot<const WIDTH: usize>(out: &mut Vec<u8>, n: u32) {
    // Field 4 of the layer is a value, field 5 of a value an unsigned number.
    out.extend_from_slice(&[4 << 3 | 2, 1 + WIDTH as u8, 5 << 3]);
    let mut n = n.min((1 << (7 * WIDTH)) - 1);
    let mut groups = [0u8; WIDTH];
    for (i, group) in groups.iter_mut().enumerate() {
        let more = if i + 1 < WIDTH { 0x80 } else { 0 };
        *group = (n & 0x7f) as u8 | more;
        n >>= 7;
    }
    out.extend_from_slice(&groups);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_takes_the_same_room() {
        for (minutes, digits) in [(0, 0), (29_473_680, 357_788), (u32::MAX, 999_999)] {
            let mut values = SlotValues {
                status: SegmentStatus {
                    cleared_fwd_min: minutes,
                    cleared_rev_min: 0,
                    status: digits,
                },
                cleared_percent: None,
            };
            let mut out = Vec::new();
            put_block(&mut out, &[values]);
            assert_eq!(out.len(), STATUS_SLOTS_LEN);
            values.cleared_percent = Some(100);
            put_block(&mut out, &[values]);
            assert_eq!(out.len(), 2 * STATUS_SLOTS_LEN + SHARE_SLOT_LEN);
        }
    }
}
