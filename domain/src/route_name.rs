//! Names and numbers of routes, compared as people mean them.
//!
//! `国道7号`, `一般国道 ７号線` and `7` on a national road are one route; `県道7号` is another. The number
//! of a route counts within its class (路線番号, Road Act arts. 5 and 7); names count where there is
//! no number. What is not understood is a name, and equals only itself.

use crate::network::RoadAttributes;
use crate::road_manager::ManagerLevel;
use unicode_normalization::UnicodeNormalization;

/// What a route is by law, whoever keeps it: a 国道 kept by a prefecture is national here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RouteClass {
    /// 高速自動車国道.
    Expressway,
    /// 国道.
    National,
    /// 都道府県道: 主要地方道 and 一般県道, which share their numbers.
    Prefectural,
    /// 市町村道.
    Municipal,
}

/// A route's name taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouteKey {
    /// Its class, where the name says it.
    pub class: Option<RouteClass>,
    /// Its number within the class.
    pub number: Option<u32>,
    /// The rest of its name, normalised; empty where there is none.
    pub name: String,
}

/// Words before the number or name, the longest of each kind first.
const CLASS_WORDS: [(&str, RouteClass); 17] = [
    ("一般国道", RouteClass::National),
    ("国道", RouteClass::National),
    ("主要地方道", RouteClass::Prefectural),
    ("主要道道", RouteClass::Prefectural),
    ("主要県道", RouteClass::Prefectural),
    ("一般県道", RouteClass::Prefectural),
    ("一般道道", RouteClass::Prefectural),
    ("一般府道", RouteClass::Prefectural),
    ("一般都道", RouteClass::Prefectural),
    ("県道", RouteClass::Prefectural),
    ("道道", RouteClass::Prefectural),
    ("府道", RouteClass::Prefectural),
    ("都道", RouteClass::Prefectural),
    ("市道", RouteClass::Municipal),
    ("町道", RouteClass::Municipal),
    ("村道", RouteClass::Municipal),
    ("区道", RouteClass::Municipal),
];

/// The abbreviations of road managers' lists: `(主)青森浪岡線`.
const ABBREVIATIONS: [(&str, RouteClass); 8] = [
    ("(国)", RouteClass::National),
    ("(主)", RouteClass::Prefectural),
    ("(一)", RouteClass::Prefectural),
    ("(県)", RouteClass::Prefectural),
    ("(道)", RouteClass::Prefectural),
    ("(市)", RouteClass::Municipal),
    ("(町)", RouteClass::Municipal),
    ("(村)", RouteClass::Municipal),
];

/// Takes a route's name or number apart.
///
/// Full-width characters, blanks and the kinds of dashes and of ヶ make no difference; an owner before
/// the class (`青森県道12号`) and brackets behind the name are left out. A bypass goes by the number of its
/// route; what was a route once (`旧国道7号`) does not.
pub fn route_key(route: &str) -> RouteKey {
    let text = plain(route);
    if text.starts_with('旧') {
        return RouteKey {
            name: text,
            ..RouteKey::default()
        };
    }
    let (class, rest) = class_of(&text);
    let rest = without_brackets(rest);
    let (number, name) = number_of(rest, class.is_some());
    RouteKey {
        class,
        number,
        name: name.to_owned(),
    }
}

/// What a road of the network goes by: each of its numbers, and its name.
///
/// The class of a number comes from the road's class as OSM uses it in Japan (trunk = 国道, primary and
/// secondary = 都道府県道), since the manager's level does not tell it: prefectures keep national roads.
pub fn keys_of_road(attributes: &RoadAttributes) -> Vec<RouteKey> {
    let class = class_of_road(attributes);
    let numbers = attributes
        .reference
        .iter()
        .flat_map(|r| r.split([';', ',']));
    let mut keys: Vec<RouteKey> = Vec::new();
    for text in numbers.chain(attributes.name.as_deref()) {
        let mut key = route_key(text);
        if key.number.is_some() || key.class.is_none() {
            key.class = key.class.or(class);
        }
        if key.number.is_some() || !key.name.is_empty() {
            keys.push(key);
        }
    }
    keys
}

impl RouteKey {
    /// Whether both mean the same route as far as they say: no class or number contradicts, and a
    /// number or a name is common to both.
    pub fn is_same(&self, other: &RouteKey) -> bool {
        let differ = |a: bool, b: bool, same: bool| a && b && !same;
        if differ(
            self.class.is_some(),
            other.class.is_some(),
            self.class == other.class,
        ) || differ(
            self.number.is_some(),
            other.number.is_some(),
            self.number == other.number,
        ) {
            return false;
        }
        let same_number = self.number.is_some() && self.number == other.number;
        same_number || (!self.name.is_empty() && self.name == other.name)
    }
}

fn class_of_road(attributes: &RoadAttributes) -> Option<RouteClass> {
    match attributes.class.trim_end_matches("_link") {
        "motorway" => Some(RouteClass::Expressway),
        "trunk" => Some(RouteClass::National),
        "primary" | "secondary" => Some(RouteClass::Prefectural),
        _ => match attributes.manager_level {
            ManagerLevel::National => Some(RouteClass::National),
            ManagerLevel::Municipal => Some(RouteClass::Municipal),
            ManagerLevel::Expressway => Some(RouteClass::Expressway),
            ManagerLevel::Prefectural | ManagerLevel::Unknown => None,
        },
    }
}

/// One form for the ways of typing a name.
fn plain(text: &str) -> String {
    let normal: Vec<char> = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            'ヶ' | 'ヵ' => 'ケ',
            c => c.to_ascii_uppercase(),
        })
        .collect();
    let is_number = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    (normal.iter().enumerate())
        .map(|(i, c)| {
            // `11ー109号線`: a long vowel between digits is a dash.
            let before = i.checked_sub(1).and_then(|i| normal.get(i));
            if *c == 'ー' && is_number(before) && is_number(normal.get(i + 1)) {
                '-'
            } else {
                *c
            }
        })
        .collect()
}

fn class_of(text: &str) -> (Option<RouteClass>, &str) {
    for (word, class) in ABBREVIATIONS {
        if let Some(rest) = text.strip_prefix(word) {
            let (inner, rest) = class_of(rest);
            return (inner.or(Some(class)), rest);
        }
    }
    for (word, class) in CLASS_WORDS {
        // An owner's name may stand before it, no longer than a municipality's.
        let Some(at) = text.find(word) else { continue };
        let (owner, rest) = (&text[..at], &text[at + word.len()..]);
        let is_owner = owner.is_empty()
            || (owner.chars().count() <= 4 && !owner.contains(|c: char| c.is_ascii_digit()));
        // 四日市道路 is no 市道, and 国道 in 国道沿い線 no class.
        if is_owner && !rest.starts_with(['路', '沿']) {
            return (Some(class), rest);
        }
    }
    (None, text)
}

fn without_brackets(text: &str) -> &str {
    match text.find('(') {
        Some(at) if at > 0 && text.ends_with(')') => &text[..at],
        _ => text,
    }
}

/// The number at the start and the name behind it. Digits alone are a number; otherwise 号 must
/// follow, and without a class nothing may stand behind it but 線 or バイパス.
fn number_of(text: &str, has_class: bool) -> (Option<u32>, &str) {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let Ok(number) = text[..digits].parse::<u32>() else {
        return (None, text);
    };
    let rest = &text[digits..];
    if rest.is_empty() {
        return (Some(number), rest);
    }
    let Some(rest) = rest.strip_prefix('号') else {
        return (None, text);
    };
    let name = rest.strip_prefix('線').unwrap_or(rest);
    if has_class || name.is_empty() || name == "バイパス" {
        (Some(number), name)
    } else {
        (None, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        use RouteClass::{Municipal, National, Prefectural};
        let cases = [
            ("7", None, Some(7), ""),
            ("７号", None, Some(7), ""),
            ("国道7号", Some(National), Some(7), ""),
            ("一般国道 ７号線", Some(National), Some(7), ""),
            ("(国)279号", Some(National), Some(279), ""),
            ("国道7号バイパス", Some(National), Some(7), "バイパス"),
            ("国道４号（下り）", Some(National), Some(4), ""),
            ("旧国道7号", None, None, "旧国道7号"),
            ("県道１２号", Some(Prefectural), Some(12), ""),
            ("青森県道12号", Some(Prefectural), Some(12), ""),
            ("北海道道1号", Some(Prefectural), Some(1), ""),
            (
                "主要地方道青森浪岡線",
                Some(Prefectural),
                None,
                "青森浪岡線",
            ),
            ("主要地方道 12号", Some(Prefectural), Some(12), ""),
            ("（主）青森浪岡線", Some(Prefectural), None, "青森浪岡線"),
            (
                "県道27号青森浪岡線",
                Some(Prefectural),
                Some(27),
                "青森浪岡線",
            ),
            (
                "市道柏崎11-109号線",
                Some(Municipal),
                None,
                "柏崎11-109号線",
            ),
            ("柏崎１１－１０９号線", None, None, "柏崎11-109号線"),
            ("柏崎11ー109号線", None, None, "柏崎11-109号線"),
            ("四日市道路", None, None, "四日市道路"),
            ("鶴ヶ坂線", None, None, "鶴ケ坂線"),
            ("中央通り", None, None, "中央通り"),
            ("3号橋通り", None, None, "3号橋通り"),
            ("e4", None, None, "E4"),
            ("", None, None, ""),
            ("99999999999号", None, None, "99999999999号"),
        ];
        for (text, class, number, name) in cases {
            let expected = RouteKey {
                class,
                number,
                name: name.to_owned(),
            };
            assert_eq!(route_key(text), expected, "{text}");
        }
    }

    #[test]
    fn routes_are_the_same_where_nothing_contradicts() {
        let cases = [
            ("国道7号", "7", true),
            ("国道7号", "一般国道７号", true),
            ("国道7号", "県道7号", false),
            ("国道7号", "国道17号", false),
            ("県道12号", "主要地方道12号", true),
            ("県道27号青森浪岡線", "(主)青森浪岡線", true),
            ("県道27号", "(主)青森浪岡線", false),
            ("柏崎11-109号線", "市道柏崎１１－１０９号線", true),
            ("柏崎11-109号線", "柏崎11-10号線", false),
            ("鶴ヶ坂線", "鶴ケ坂線", true),
            ("旧国道7号", "国道7号", false),
            ("", "", false),
            ("国道", "国道", false),
        ];
        for (a, b, expected) in cases {
            assert_eq!(route_key(a).is_same(&route_key(b)), expected, "{a} {b}");
            assert_eq!(route_key(b).is_same(&route_key(a)), expected, "{b} {a}");
        }
    }

    #[test]
    fn roads_go_by_their_numbers_and_names() {
        use ManagerLevel::{Municipal, National, Prefectural, Unknown};
        let cases = [
            ("trunk", Unknown, "7", "", "国道7号", true),
            ("trunk", Prefectural, "279", "", "国道279号", true),
            ("secondary", Prefectural, "7", "", "国道7号", false),
            ("primary", Prefectural, "12", "", "県道１２号", true),
            ("primary", Prefectural, "12;27", "", "県道27号", true),
            ("trunk", National, "4", "奥州街道", "4", true),
            ("unclassified", National, "7", "", "国道7号", true),
            ("unclassified", National, "7", "", "県道7号", false),
            (
                "unclassified",
                Municipal,
                "",
                "柏崎11-109号線",
                "柏崎１１－１０９号線",
                true,
            ),
            (
                "primary",
                Prefectural,
                "",
                "青森浪岡線",
                "主要地方道青森浪岡線",
                true,
            ),
            ("residential", Unknown, "", "中央通り", "中央通り", true),
            ("residential", Unknown, "", "", "", false),
        ];
        for (class, level, reference, name, route, expected) in cases {
            let text = |s: &str| (!s.is_empty()).then(|| s.to_owned());
            let attributes = RoadAttributes {
                class: class.to_owned(),
                manager_level: level,
                reference: text(reference),
                name: text(name),
                ..RoadAttributes::default()
            };
            let key = route_key(route);
            let found = keys_of_road(&attributes).iter().any(|k| k.is_same(&key));
            assert_eq!(found, expected, "{class} {reference} {name} / {route}");
        }
    }
}
