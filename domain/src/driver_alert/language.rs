//! The languages in which drivers are told.

use serde::{Deserialize, Serialize};

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Japanese.
    #[default]
    Ja,
    /// やさしい日本語: short sentences and easy words, for those who are learning it.
    Easy,
    /// English.
    En,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 3] = [Language::Ja, Language::Easy, Language::En];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Ja => "ja",
            Language::Easy => "easy",
            Language::En => "en",
        }
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == name)
    }
}
