//! Frames one MVT layer such that all that changes stands at its end.
//!
//! MVT 2.1 §4.1 says that a layer SHOULD NOT hold a value twice. This one does where two roads have
//! the same status: each feature has value slots of its own, so that a change of one road rewrites
//! its slots and nothing else.

use crate::coordinate::EXTENT;
use crate::protobuf::{put_bytes, put_number, put_varint, varint_len};
use crate::slots::{BLOCK, SHARE_SLOT_LEN, STATUS_SLOTS_LEN};
use rustc_hash::FxHashMap;

const LINE_STRING: u64 = 2;

/// Keys of the slots of a feature, in their order.
const STATUS_KEYS: [&str; 3] = ["cleared_fwd_min", "cleared_rev_min", "status"];
const SHARE_KEY: &str = "cleared_share";

/// A layer in the making.
#[derive(Default)]
pub(crate) struct LayerDraft {
    keys: Vec<&'static str>,
    values: FxHashMap<Vec<u8>, u32>,
    in_order: Vec<Vec<u8>>,
    features: Vec<FeatureDraft>,
    slots_len: usize,
}

struct FeatureDraft {
    id: u64,
    /// Key and value numbers.
    tags: Vec<[u32; 2]>,
    has_share: bool,
    geometry: Vec<u8>,
}

/// A static attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tag<'a> {
    Text(&'a str),
    Number(u64),
}

impl LayerDraft {
    /// Adds lines, with room for a status, and for a share where `has_share`.
    pub(crate) fn add<'a>(
        &mut self,
        id: u64,
        tags: impl Iterator<Item = (&'static str, Tag<'a>)>,
        geometry: Vec<u8>,
        has_share: bool,
    ) {
        let tags = tags
            .map(|(key, tag)| [self.key(key), self.value(tag)])
            .collect();
        self.slots_len += STATUS_SLOTS_LEN;
        if has_share {
            self.slots_len += SHARE_SLOT_LEN;
        }
        self.features.push(FeatureDraft {
            id,
            tags,
            has_share,
            geometry,
        });
    }

    fn key(&mut self, key: &'static str) -> u32 {
        let known = self.keys.iter().position(|k| *k == key);
        known.unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        }) as u32
    }

    fn value(&mut self, tag: Tag<'_>) -> u32 {
        let mut bytes = Vec::new();
        match tag {
            Tag::Text(text) => put_bytes(&mut bytes, 1, text.as_bytes()),
            Tag::Number(n) => put_number(&mut bytes, 5, n),
        }
        let next = self.values.len() as u32;
        *self.values.entry(bytes).or_insert_with_key(|bytes| {
            self.in_order.push(bytes.clone());
            next
        })
    }

    /// Length of all slots in bytes.
    pub(crate) fn slots_len(&self) -> usize {
        self.slots_len
    }

    /// The tile up to its slots, which follow it in the order of the features; empty without features.
    ///
    /// What varies from feature to feature stands apart from what does not, in the order that deflate
    /// packs best: with the slots' numbers before the names and the id at the end, by a tenth better than
    /// in the order of the fields' numbers.
    pub(crate) fn finish(mut self, name: &str) -> Vec<u8> {
        if self.features.is_empty() {
            return Vec::new();
        }
        let status_keys = STATUS_KEYS.map(|key| self.key(key));
        // Only lines of several segments have it.
        let share_key = match self.features.iter().any(|f| f.has_share) {
            true => self.key(SHARE_KEY),
            false => 0,
        };
        let mut layer = Vec::new();
        put_number(&mut layer, 15, 2);
        put_bytes(&mut layer, 1, name.as_bytes());
        put_number(&mut layer, 5, EXTENT as u64);
        for key in &self.keys {
            put_bytes(&mut layer, 3, key.as_bytes());
        }
        let (mut tags, mut feature) = (Vec::new(), Vec::new());
        let mut first_slot = self.in_order.len() as u32;
        for block in self.features.chunks(BLOCK) {
            let n = block.len() as u32;
            let mut share_slot = first_slot + 3 * n;
            for (draft, slot) in block.iter().zip(first_slot..) {
                tags.clear();
                let mut put_tag = |key: u32, value: u32| {
                    put_varint(&mut tags, u64::from(key));
                    put_varint(&mut tags, u64::from(value));
                };
                for (column, key) in (0..).zip(status_keys) {
                    put_tag(key, slot + column * n);
                }
                if draft.has_share {
                    put_tag(share_key, share_slot);
                    share_slot += 1;
                }
                draft
                    .tags
                    .iter()
                    .for_each(|[key, value]| put_tag(*key, *value));
                feature.clear();
                put_number(&mut feature, 3, LINE_STRING);
                put_bytes(&mut feature, 4, &draft.geometry);
                put_bytes(&mut feature, 2, &tags);
                put_number(&mut feature, 1, draft.id);
                put_bytes(&mut layer, 2, &feature);
            }
            first_slot = share_slot;
        }
        for value in &self.in_order {
            put_bytes(&mut layer, 4, value);
        }
        let whole = (layer.len() + self.slots_len) as u64;
        let mut tile = Vec::with_capacity(1 + varint_len(whole) + layer.len());
        tile.push(3 << 3 | 2);
        put_varint(&mut tile, whole);
        tile.append(&mut layer);
        tile
    }
}
