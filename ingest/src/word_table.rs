//! What a manager's words stand for: its own first, then the names of the interface, then what most say.

use crate::mapping::MappingError;
use crate::text::{normalize, without_explanation};
use std::collections::BTreeMap;

/// Words and their meanings.
#[derive(Debug, Clone)]
pub(crate) struct WordTable<T> {
    key: &'static str,
    values_key: &'static str,
    own: BTreeMap<String, T>,
    names: Vec<(&'static str, T)>,
    usual: BTreeMap<String, T>,
}

impl<T: Copy> WordTable<T> {
    /// A table for the field `key`; `own` is what the configuration has under `values_key`.
    ///
    /// # Errors
    /// When a word of the configuration stands for something that is none of `names`.
    pub(crate) fn new(
        key: &'static str,
        values_key: &'static str,
        own: &BTreeMap<String, String>,
        names: Vec<(&'static str, T)>,
        usual: &[(&str, T)],
    ) -> Result<Self, MappingError> {
        let own = own
            .iter()
            .map(|(word, name)| {
                let meaning = names.iter().find(|(known, _)| known == name);
                let (_, meaning) = meaning.ok_or_else(|| {
                    let what = format!("{name:?} is none of {}", listed(&names));
                    MappingError::new(values_key, what)
                })?;
                Ok((normalize(word), *meaning))
            })
            .collect::<Result<_, _>>()?;
        let usual = usual
            .iter()
            .map(|(word, meaning)| (normalize(word), *meaning))
            .collect();
        Ok(WordTable {
            key,
            values_key,
            own,
            names,
            usual,
        })
    }

    /// What a text stands for, as a whole or without its explanation in brackets.
    ///
    /// # Errors
    /// The field and, for a person, the word and how to say what it means.
    pub(crate) fn read(&self, text: &str) -> Result<T, (String, String)> {
        let whole = normalize(text);
        let word = without_explanation(&whole);
        let name = |word: &str| {
            let mut found = self.names.iter().filter(|(name, _)| *name == word);
            found.next().map(|(_, meaning)| *meaning)
        };
        for word in [whole.as_str(), word] {
            let own = self.own.get(word).copied();
            let meaning = own
                .or_else(|| name(word))
                .or_else(|| self.usual.get(word).copied());
            if let Some(meaning) = meaning {
                return Ok(meaning);
            }
        }
        let example = self.names.first().map_or("", |(name, _)| name);
        Err((
            self.key.to_owned(),
            format!(
                "{word:?} is not known; say what it means: {} = {{ {word:?} = {example:?} }}, which \
                 may be {}",
                self.values_key,
                listed(&self.names)
            ),
        ))
    }
}

fn listed<T>(names: &[(&'static str, T)]) -> String {
    let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
