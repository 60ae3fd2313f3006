//! The values that change: of fixed width, so that the rest of a tile never does.
//!
//! A value is an MVT `uint_value` whose varint is padded with empty groups to the width that any value
//! may need. Protobuf's decoders take such varints; its encoders write shorter ones.

use domain::status::SegmentStatus;

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

/// Appends the slots of a status.
pub(crate) fn put_status(out: &mut Vec<u8>, status: SegmentStatus) {
    put_slot::<MINUTES_WIDTH>(out, status.cleared_fwd_min);
    put_slot::<MINUTES_WIDTH>(out, status.cleared_rev_min);
    put_slot::<STATUS_WIDTH>(out, status.status);
}

/// Appends the slot of a merged line's share.
pub(crate) fn put_share(out: &mut Vec<u8>, percent: u32) {
    put_slot::<PERCENT_WIDTH>(out, percent);
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
            let mut out = Vec::new();
            put_status(
                &mut out,
                SegmentStatus {
                    cleared_fwd_min: minutes,
                    cleared_rev_min: 0,
                    status: digits,
                },
            );
            assert_eq!(out.len(), STATUS_SLOTS_LEN);
            put_share(&mut out, 100);
            assert_eq!(out.len(), STATUS_SLOTS_LEN + SHARE_SLOT_LEN);
        }
    }
}
