//! The attributes of the `roads` layer, with the descriptions that TileJSON shows.

/// Name of the layer.
pub const ROADS_LAYER: &str = "roads";

/// An attribute and its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it says.
    pub description: &'static str,
}

/// The attributes of the `roads` layer.
pub const ROADS_FIELDS: [Field; 13] = [
    Field {
        name: "name",
        description: "String. Name of the road, Japanese first.",
    },
    Field {
        name: "ref",
        description: "String. Route number.",
    },
    Field {
        name: "class",
        description: "String. OSM highway value.",
    },
    Field {
        name: "manager_level",
        description: "String. national, prefectural, municipal, expressway or unknown.",
    },
    Field {
        name: "manager",
        description: "String. Code of the road manager.",
    },
    Field {
        name: "priority",
        description: "String. emergency, or the class of the clearing plan: 1, 2, 3.",
    },
    Field {
        name: "oneway",
        description: "String. yes, -1 or no, along the line.",
    },
    Field {
        name: "zone",
        description: "String. Name of the zone (工区) that clears it; only on single segments.",
    },
    Field {
        name: "cleared_fwd_min",
        description: "Number. Unix time in minutes when the forward direction was last cleared; \
                      0 = never. A one-way's absent direction copies the other.",
    },
    Field {
        name: "cleared_rev_min",
        description: "Number. The same for the reverse direction.",
    },
    Field {
        name: "status",
        description: "Number. Decimal digits from the right: \
                      1 state forward and 2 state reverse (0 no data, 1 unconfirmed, \
                      2 below threshold, 3 uncleared, 4 cleared, 5 working, 6 closed, 7 off plan, \
                      8 melting); 3 work kind (0 none, 1 plowing, 2 grading, \
                      3 packed snow removal, 4 widening, 5 hauling, 6 deicing, 7 sidewalk); \
                      4 new snow since cleared (0 unknown, 1 < 1 cm, 2 1-4, 3 5-9, 4 10-14, \
                      5 15-19, 6 20-29, 7 >= 30); 5 dispatch (0 none, 1 standby, 2 requested, \
                      3 accepted, 4 started, 5 overdue); 6 confidence (0 seen, 1 inferred, \
                      2 weak, 3 reported).",
    },
    Field {
        name: "agg",
        description: "Number. 1 where several segments are drawn as one line at zooms up to 11: \
                      the id is the line's own, the states are the worst of its segments, and the \
                      cleared times the oldest among the segments in that state.",
    },
    Field {
        name: "cleared_share",
        description: "Number. Percent of such a line's length, both directions alike, that is \
                      cleared or melts its snow.",
    },
];
