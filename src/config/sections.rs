//! Sections of formats within a `[[feed]]`, read apart from its other keys.
//!
//! serde's `flatten` would take them, but gives up refusing unknown keys; so they are lifted out of the
//! map while it is read, and every error keeps its line.

use super::feed::FeedConfig;
use ingest::formats::{Decoder, FeedFormat};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sections of one feed by their formats.
#[derive(Debug, Clone, Default)]
pub struct FormatSections(BTreeMap<FeedFormat, Arc<dyn Decoder>>);

impl FormatSections {
    /// Formats that have a section.
    pub fn formats(&self) -> impl Iterator<Item = FeedFormat> {
        self.0.keys().copied()
    }

    /// The decoder of a format; `None` when it needs a section and has none.
    pub fn decoder(&self, format: FeedFormat) -> Option<Arc<dyn Decoder>> {
        self.0
            .get(&format)
            .cloned()
            .or_else(|| format.without_section())
    }
}

/// Reads a `[[feed]]`: its format sections into the second value, all else as [`FeedConfig`]'s fields.
pub(super) fn apart<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<(FeedConfig, FormatSections), D::Error> {
    deserializer.deserialize_map(FeedVisitor)
}

struct FeedVisitor;

impl<'de> Visitor<'de> for FeedVisitor {
    type Value = (FeedConfig, FormatSections);

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a feed's keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut sections = BTreeMap::new();
        let fields = MapAccessDeserializer::new(Lifting {
            map,
            sections: &mut sections,
        });
        // The derived function, which knows the fields alone.
        let feed = FeedConfig::deserialize(fields)?;
        Ok((feed, FormatSections(sections)))
    }
}

/// A map that keeps the sections for itself.
struct Lifting<'a, A> {
    map: A,
    sections: &'a mut BTreeMap<FeedFormat, Arc<dyn Decoder>>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Lifting<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        mut seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.map.next_key_seed(KeySeed(seed))? {
                None => return Ok(None),
                Some(Key::Field(field)) => return Ok(Some(field)),
                Some(Key::Section(format, unused)) => {
                    let decoder = self.map.next_value_seed(SectionSeed(format))?;
                    self.sections.insert(format, decoder);
                    seed = unused;
                }
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

enum Key<K, V> {
    Section(FeedFormat, K),
    Field(V),
}

struct KeySeed<K>(K);

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for KeySeed<K> {
    type Value = Key<K, K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let name = String::deserialize(deserializer)?;
        match FeedFormat::parse(&name) {
            Some(format) => Ok(Key::Section(format, self.0)),
            None => self.0.deserialize(name.into_deserializer()).map(Key::Field),
        }
    }
}

struct SectionSeed(FeedFormat);

impl<'de> DeserializeSeed<'de> for SectionSeed {
    type Value = Arc<dyn Decoder>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.section(deserializer)
    }
}
