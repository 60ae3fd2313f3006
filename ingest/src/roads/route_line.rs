//! The route lines of a municipality's clearing plan, as Kashiwazaki City publishes them:
//! 除雪路線, 緊急確保路線, 歩道除雪, 消雪パイプ. Values come in full width and half width alike.

use domain::geometry::LonLat;
use domain::network::{RoadAttributes, RoadId, RouteLine, RouteLineKind};
use domain::road_manager::ManagerLevel;
use geojson::{JsonObject, JsonValue};
use unicode_normalization::UnicodeNormalization;

const SIGNS: [&str; 7] = [
    "区分",
    "路線種別",
    "除雪路線延長",
    "歩道右延長",
    "歩道左延長",
    "管理番号",
    "施設番号",
];

/// Whether the properties are those of a clearing plan.
pub(super) fn is_route_line(properties: &JsonObject) -> bool {
    SIGNS.iter().any(|key| properties.contains_key(*key))
}

/// Reads one line of the plan.
pub(super) fn route_line_of(
    road_id: RoadId,
    position: u64,
    properties: &JsonObject,
    line: Vec<LonLat>,
) -> RouteLine {
    let text = |key: &str| -> Option<String> {
        let value = match properties.get(key)? {
            JsonValue::String(s) => s.nfkc().collect::<String>(),
            JsonValue::Number(n) => n.to_string(),
            _ => return None,
        };
        let value = value.trim();
        (!matches!(value, "" | "-")).then(|| value.to_owned())
    };
    let metres = |key: &str| text(key).and_then(|v| v.parse::<f64>().ok()).unwrap_or(0.0);
    let section = text("区分");
    let priority_class = section.as_deref().and_then(priority_class);
    let has = |keys: &[&str]| keys.iter().any(|key| properties.contains_key(*key));

    let kind = if has(&["歩道右延長", "歩道左延長"]) {
        RouteLineKind::Sidewalk {
            left: metres("歩道左延長") > 0.0,
            right: metres("歩道右延長") > 0.0,
            standard: text("水準"),
        }
    } else if section.as_deref().is_some_and(|s| s.contains("緊急")) {
        RouteLineKind::Emergency
    } else if section.is_none() && has(&["管理番号", "施設番号"]) {
        RouteLineKind::Melting
    } else {
        RouteLineKind::Clearing
    };
    let melting = text("その他必要情報").is_some_and(|v| {
        ["消パイ", "ヒータ", "消雪", "融雪"]
            .iter()
            .any(|w| v.contains(w))
    });
    let level = text("路線種別").map_or(ManagerLevel::Unknown, |v| level_of(&v));
    RouteLine {
        road_id,
        kind,
        melting,
        attributes: RoadAttributes {
            name: text("路線名"),
            class: class_of(level).to_owned(),
            manager_level: level,
            priority_class,
            ..RoadAttributes::default()
        },
        line,
        position,
    }
}

/// 第1種 → 1.
fn priority_class(section: &str) -> Option<u8> {
    section.strip_prefix('第')?.strip_suffix('種')?.parse().ok()
}

/// 路線種別 to level. Harbour roads (臨港道路) have managers of their own.
fn level_of(kind: &str) -> ManagerLevel {
    if kind.contains("国道") {
        ManagerLevel::National
    } else if ["県道", "都道", "府道", "主要地方道"]
        .iter()
        .any(|w| kind.contains(w))
    {
        ManagerLevel::Prefectural
    } else if ["市道", "町道", "村道", "集落道", "農道", "農免", "林道"]
        .iter()
        .any(|w| kind.contains(w))
    {
        ManagerLevel::Municipal
    } else {
        ManagerLevel::Unknown
    }
}

fn class_of(level: ManagerLevel) -> &'static str {
    match level {
        ManagerLevel::National => "trunk",
        ManagerLevel::Prefectural => "secondary",
        _ => "unclassified",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(json: &str) -> RouteLine {
        let properties: JsonObject = serde_json::from_str(json).unwrap();
        assert!(is_route_line(&properties));
        route_line_of(RoadId::Number(1), 0, &properties, vec![])
    }

    #[test]
    fn plan_lines_are_read_in_full_width() {
        let line = read(r#"{"区分":"第３種","路線名":"柏崎１１-１０９号線","路線種別":"市道"}"#);
        assert_eq!(line.kind, RouteLineKind::Clearing);
        assert_eq!(line.attributes.priority_class, Some(3));
        assert_eq!(line.attributes.manager_level, ManagerLevel::Municipal);
        assert_eq!(line.attributes.name.as_deref(), Some("柏崎11-109号線"));
        assert!(!line.melting);
    }

    #[test]
    fn emergency_lines_may_melt() {
        let line = read(r#"{"区分":"緊急確保","路線種別":"市道","その他必要情報":"消パイ"}"#);
        assert_eq!(line.kind, RouteLineKind::Emergency);
        assert!(line.melting);
    }

    #[test]
    fn sidewalks_lie_where_their_length_is() {
        let line = read(r#"{"路線名":"国道8号","歩道右延長":0,"歩道左延長":350,"水準":"Ａ"}"#);
        let expected = RouteLineKind::Sidewalk {
            left: true,
            right: false,
            standard: Some("A".to_owned()),
        };
        assert_eq!(line.kind, expected);
    }

    #[test]
    fn pipes_melt() {
        let line = read(r#"{"路線名":null,"管理番号":"市消第17号","施設番号":"17-2"}"#);
        assert_eq!(line.kind, RouteLineKind::Melting);
        assert_eq!(line.attributes.name, None);
    }
}
