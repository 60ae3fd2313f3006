//! Rules as a table: a row for each, its conditions in columns of their own.

use super::DecodedRules;
use crate::decoded::DecodeError;
use crate::table::{ColumnNames, Row, Table, TableSettings};
use crate::text::{TimeReader, hours_of_day, is_missing, normalize, number_in};
use domain::rules::Rule;
use serde_json::{Map, Value, json};

/// Names of columns, English and Japanese.
const COLUMNS: [(&str, &str); 27] = [
    ("id", "規則"),
    ("name", "名称"),
    ("manager", "管理者"),
    ("zones", "工区"),
    ("mode", "方式"),
    ("new_snow_cm", "新積雪"),
    ("depth_cm", "積雪深"),
    ("snowfall_1h_cm", "1時間降雪量"),
    ("snowfall_3h_cm", "3時間降雪量"),
    ("snowfall_6h_cm", "6時間降雪量"),
    ("snowfall_12h_cm", "12時間降雪量"),
    ("snowfall_24h_cm", "24時間降雪量"),
    ("snowfall_72h_cm", "72時間降雪量"),
    ("temperature_at_most_c", "気温以下"),
    ("forecast_new_snow_cm", "予想新積雪"),
    ("forecast_by", "予想時刻"),
    ("by_person", "目視"),
    ("combine", "組合せ"),
    ("classes", "道路種別"),
    ("priorities", "優先度"),
    ("stations", "観測所"),
    ("at_least", "必要観測所数"),
    ("consecutive", "連続回数"),
    ("hysteresis_cm", "解除幅"),
    ("decide_at", "判断時刻"),
    ("window", "時間帯"),
    ("deadline", "期限"),
];

/// Words for a mode.
const MODES: [(&str, &str); 3] = [("指令", "order"), ("承認", "approve"), ("自主出動", "self")];

pub(super) fn read(text: &str) -> Result<DecodedRules, DecodeError> {
    let mut decoded = DecodedRules::default();
    let table = open(text)?;
    let columns = table
        .header()
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.is_empty())
        .map(|(at, name)| {
            let mut known = COLUMNS.iter();
            known
                .find(|(english, japanese)| name == english || *name == normalize(japanese))
                .map(|(english, _)| (at, *english))
                .ok_or_else(|| {
                    let names = COLUMNS.map(|(english, _)| english).join(", ");
                    DecodeError(format!("column {name:?} is unknown; columns are {names}"))
                })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut rows = table.rows();
    while let Some(row) = rows.next_row() {
        let row = match row {
            Ok(row) => row,
            Err(rejection) => {
                decoded.rejections.push(rejection);
                continue;
            }
        };
        let record = row.reject("", "").record;
        match rule(&row, &columns) {
            Ok((manager, rule)) => decoded.take(row.line(), manager, rule, &record),
            Err((field, reason)) => decoded.reject(row.line(), &field, reason, &record),
        }
    }
    Ok(decoded)
}

fn open(text: &str) -> Result<Table<'_>, DecodeError> {
    let with = |names: [&str; 2]| {
        let mut wanted = ColumnNames::default();
        for name in names {
            wanted.add(name, name);
        }
        Table::open(text, &TableSettings::default(), &wanted)
    };
    with(["id", "zones"]).or_else(|error| with(["規則", "工区"]).map_err(|_| error))
}

type Bad = (String, String);

/// The form that a rule has everywhere else, made of a row's cells.
fn rule(
    row: &Row<'_, '_>,
    columns: &[(usize, &'static str)],
) -> Result<(Option<String>, Rule), Bad> {
    let cell = |wanted: &str| {
        let mut found = columns.iter().filter(|(_, name)| *name == wanted);
        let text = found.next().map(|(at, _)| row.cell(*at))?;
        (!is_missing(text)).then(|| normalize(text))
    };
    let number = |name: &str, units: &[&str]| -> Result<Option<f64>, Bad> {
        match cell(name) {
            None => Ok(None),
            Some(text) => number_in(&text, units).map_err(|reason| (name.to_owned(), reason)),
        }
    };
    let hour = |name: &str| -> Result<Option<String>, Bad> {
        let time = cell(name).map(|text| TimeReader::read_time_of_day(&text));
        let time = time
            .transpose()
            .map_err(|reason| (name.to_owned(), reason))?;
        Ok(time.map(|time| time.to_string()))
    };
    let list = |name: &str| cell(name).map(|text| words(&text));
    let mut form = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            form.insert(key.to_owned(), value);
        }
    };
    put("id", cell("id").map(Value::from));
    put("name", cell("name").map(Value::from));
    put("zones", list("zones").map(Value::from));
    put("mode", cell("mode").map(|word| Value::from(mode(&word))));
    put("classes", list("classes").map(Value::from));
    put("priorities", list("priorities").map(Value::from));
    put("stations", list("stations").map(Value::from));
    for name in ["at_least", "consecutive"] {
        // A count that is none stays a fraction, and is refused as such.
        let count = number(name, &["局", "回"])?.map(|n| match n.fract() == 0.0 && n >= 0.0 {
            true => json!(n as u64),
            false => json!(n),
        });
        put(name, count);
    }
    put(
        "hysteresis_cm",
        number("hysteresis_cm", &["cm"])?.map(Value::from),
    );
    put("decide_at", hour("decide_at")?.map(Value::from));
    put("deadline", hour("deadline")?.map(Value::from));
    let window = hours_of_day(&cell("window").unwrap_or_default())
        .map_err(|reason| ("window".to_owned(), reason))?;
    put(
        "window",
        window.map(|(from, until)| json!({ "from": from, "until": until })),
    );

    let mut conditions = Vec::new();
    for key in ["new_snow_cm", "depth_cm"] {
        conditions.extend(number(key, &["cm"])?.map(|cm| json!({ key: cm })));
    }
    for hours in [1, 3, 6, 12, 24, 72] {
        let cm = number(&format!("snowfall_{hours}h_cm"), &["cm"])?;
        conditions.extend(cm.map(|cm| json!({ "snowfall_cm": cm, "hours": hours })));
    }
    let below = number("temperature_at_most_c", &["°C", "度"])?;
    conditions.extend(below.map(|c| json!({ "temperature_at_most_c": c })));
    if let Some(cm) = number("forecast_new_snow_cm", &["cm"])? {
        let by = hour("forecast_by")?;
        let by = by.ok_or_else(|| ("forecast_by".to_owned(), "is missing".to_owned()))?;
        conditions.push(json!({ "forecast_new_snow_cm": cm, "by": by }));
    }
    conditions.extend(cell("by_person").map(|what| json!({ "by_person": what })));
    let combine = match cell("combine").as_deref() {
        None | Some("any" | "いずれか") => "any",
        Some("all" | "すべて" | "全て") => "all",
        Some(word) => {
            let reason = format!("{word:?} is neither any (いずれか) nor all (すべて)");
            return Err(("combine".to_owned(), reason));
        }
    };
    put("when", Some(json!({ combine: conditions })));
    let rule = serde_path_to_error::deserialize(Value::Object(form)).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        (field, error.inner().to_string())
    })?;
    Ok((cell("manager"), rule))
}

/// `A-1; A-2`, `A-1、A-2`.
fn words(text: &str) -> Vec<String> {
    text.split([';', '、', '\n'])
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn mode(word: &str) -> String {
    let mut known = MODES.iter();
    known
        .find(|(japanese, _)| *japanese == word)
        .map_or(word, |(_, english)| english)
        .to_owned()
}
