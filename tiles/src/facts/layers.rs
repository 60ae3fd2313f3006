//! The layers of facts beside the roads, with the descriptions that TileJSON shows.

use crate::fields::Field;

/// A layer of its own, small enough to be encoded whenever a fact changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactLayer {
    /// Its name, in its address and in its tiles.
    pub name: &'static str,
    /// What it shows.
    pub description: &'static str,
    /// Lowest zoom at which it shows anything.
    pub min_zoom: u8,
    /// Its attributes.
    pub fields: &'static [Field],
}

const fn field(name: &'static str, description: &'static str) -> Field {
    Field { name, description }
}

const FEED: Field = field("feed", "String. Id of the feed that tells of it.");
const MANAGER: Field = field("manager", "String. Code of the road manager.");
const MANAGER_NAME: Field = field("manager_name", "String. Its name, in Japanese.");

/// Zones with the state of their orders.
pub const ZONES: FactLayer = FactLayer {
    name: "zones",
    description: "Zones (工区) as their managers draw them, or the roads that they take.",
    min_zoom: 8,
    fields: &[
        FEED,
        MANAGER,
        MANAGER_NAME,
        field("zone", "String. The zone's name, normalised."),
        field("name", "String. Its name as people know it."),
        field(
            "order",
            "String. State of its order as published: checking, scheduled, working (ordered, starts \
             tonight; no plow need have been seen), completed.",
        ),
        field(
            "order_ja",
            "String. The same in the words of Japanese cities.",
        ),
        field(
            "order_as_of_min",
            "Number. As of when, Unix time in minutes.",
        ),
    ],
};

/// Stations with their newest readings.
pub const STATIONS: FactLayer = FactLayer {
    name: "stations",
    description: "Snow and weather stations with their newest readings, at most 3 h old.",
    min_zoom: 5,
    fields: &[
        FEED,
        MANAGER,
        MANAGER_NAME,
        field("station", "String. The station's name within its feed."),
        field("name", "String. Its name for people, in Japanese."),
        field("elevation_m", "Number. Height above the sea, metres."),
        field(
            "observed_min",
            "Number. When the newest reading was measured, Unix time in minutes.",
        ),
        field(
            "suspect",
            "String. Names of the readings that are for reference only, with commas between. Failed \
             ones are left out.",
        ),
        field("depth_cm", "Number. Snow depth (積雪深), cm."),
        field(
            "snowfall_1h_cm",
            "Number. Snowfall in the last hour, cm; so are 6h, 12h and 24h.",
        ),
        field("snowfall_6h_cm", "Number. See snowfall_1h_cm."),
        field("snowfall_12h_cm", "Number. See snowfall_1h_cm."),
        field("snowfall_24h_cm", "Number. See snowfall_1h_cm."),
        field("temperature_c", "Number. Air temperature, °C."),
        field("wind_speed_m_per_s", "Number. Mean wind speed, m/s."),
        field(
            "wind_from_deg",
            "Number. Where the wind comes from, degrees clockwise from north.",
        ),
        field(
            "precipitation_10m_mm",
            "Number. Precipitation in the last 10 min, mm; so are 1h, 3h and 24h.",
        ),
        field("precipitation_1h_mm", "Number. See precipitation_10m_mm."),
        field("precipitation_3h_mm", "Number. See precipitation_10m_mm."),
        field("precipitation_24h_mm", "Number. See precipitation_10m_mm."),
        field(
            "road_temperature_c",
            "Number. Temperature of the road's surface, °C.",
        ),
    ],
};

/// Closures that are not over.
pub const CLOSURES: FactLayer = FactLayer {
    name: "closures",
    description: "Closures and restrictions (通行規制) that are not over. The client decides by its \
                  clock which of them hold.",
    min_zoom: 5,
    fields: &[
        FEED,
        MANAGER,
        MANAGER_NAME,
        field("closure", "String. The source's own id."),
        field(
            "kind",
            "String. winter (冬期閉鎖), closed (通行止め), one_lane (片側交互通行), restricted (通行規制).",
        ),
        field("kind_ja", "String. The same in Japanese."),
        field("shuts_the_road", "Boolean. Whether nobody may drive there."),
        field("reason", "String. Why, as the source says."),
        field("since_min", "Number. Since when, Unix time in minutes."),
        field("until_min", "Number. Until when; 0 = until further notice."),
        field(
            "daily_from_min",
            "Number. Where it holds in some hours of the day only: their start, minutes after \
             midnight in Japan.",
        ),
        field(
            "daily_until_min",
            "Number. Their end; at or before the start it lies on the next day.",
        ),
    ],
};

/// Plans that are not over.
pub const PLANS: FactLayer = FactLayer {
    name: "plans",
    description: "Announced work (除排雪予定) whose window is not over.",
    min_zoom: 8,
    fields: &[
        FEED,
        MANAGER,
        MANAGER_NAME,
        field("plan", "String. The source's own id."),
        field(
            "work_kind",
            "String. plowing, grading, packed_snow_removal, widening, hauling, deicing, sidewalk.",
        ),
        field("state", "String. planned, moved, cancelled, done."),
        field("state_ja", "String. The same in Japanese."),
        field(
            "from_min",
            "Number. Start of the window, Unix time in minutes.",
        ),
        field("until_min", "Number. End of the window."),
        field("note", "String. What else the source says."),
    ],
};

/// Sidewalks that are cleared, or were.
pub const SIDEWALKS: FactLayer = FactLayer {
    name: "sidewalks",
    description: "Sidewalks of clearing plans, and where a sidewalk's plow was seen in the last week.",
    min_zoom: 12,
    fields: &[
        field(
            "segment",
            "Number. Id of the road segment along which it lies.",
        ),
        field("name", "String. Name of the road, Japanese first."),
        field(
            "manager",
            "String. Code of the road's manager, where the road names it.",
        ),
        field(
            "side",
            "String. left or right of the segment's line; way where it is a way of its own; unknown \
             where only a plow was seen.",
        ),
        field(
            "standard",
            "String. Its standard in the clearing plan (水準).",
        ),
        field(
            "cleared_min",
            "Number. When a sidewalk's plow last left the segment, Unix time in minutes; 0 = not in \
             the last week. It does not say on which side.",
        ),
    ],
};

/// All of them.
pub const FACT_LAYERS: [&FactLayer; 5] = [&CLOSURES, &PLANS, &SIDEWALKS, &STATIONS, &ZONES];
