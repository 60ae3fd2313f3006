//! What lies around the old town: embankments, the quarter across the river, farm roads, hamlets.

use super::drawing::Drawing;
use super::main_roads::MainRoads;
use super::path::{Xy, beside, curve, measures_m, straight};
use super::road_kind::{Municipal, municipal};
use super::street_names::StreetNames;
use super::streets::Grid;

/// The embankment roads pass under every bridge.
pub(super) fn draw_embankments(drawing: &mut Drawing, grid: &Grid, names: &mut StreetNames) {
    let left = curve(&[
        [-1280.0, 60.0],
        [-1230.0, -330.0],
        [-980.0, -572.0],
        [-300.0, -572.0],
        [300.0, -572.0],
        [980.0, -572.0],
        [1180.0, -350.0],
        [1230.0, 60.0],
    ]);
    drawing.draw(&left, 120.0, municipal(Municipal::FarmRoad, "左岸堤防線"));
    let (bridge, ring) = (grid.town_bridge_u(), grid.ring_u());
    let right = curve(&[
        [bridge + 40.0, -1010.0],
        [bridge - 160.0, -960.0],
        [bridge - 270.0, -800.0],
        [bridge - 220.0, -690.0],
        [bridge - 60.0, -668.0],
        [0.0, -668.0],
        [ring + 60.0, -668.0],
        [ring + 220.0, -690.0],
        [ring + 270.0, -800.0],
        [ring + 160.0, -930.0],
        [ring - 40.0, -980.0],
    ]);
    drawing.draw(&right, 90.0, municipal(Municipal::FarmRoad, "右岸堤防線"));
    for u in grid.every_nth_u(3) {
        let line = straight(&[[u, grid.bottom_v()], [u, -600.0]]);
        let attributes = municipal(Municipal::Lane, &names.next([u, -500.0]));
        drawing.draw(&line, 60.0, attributes);
    }
    for u in grid.every_nth_u(4) {
        let line = straight(&[[u, grid.top_v()], [u, 1240.0]]);
        let attributes = municipal(Municipal::Street, &names.next([u, 900.0]));
        drawing.draw(&line, 330.0, attributes);
    }
}

/// The newer quarter across the river: arcs, the streets that cross them, dead ends.
pub(super) fn draw_new_quarter(drawing: &mut Drawing, grid: &Grid, names: &mut StreetNames) {
    let middle = grid.valley_u();
    for (k, v) in [-770.0, -872.0, -980.0].into_iter().enumerate() {
        let reach = 520.0 - 60.0 * k as f64;
        let line = curve(&[
            [middle - reach, v + 50.0],
            [middle - 0.5 * reach, v - 15.0],
            [middle, v - 35.0],
            [middle + 0.5 * reach, v - 15.0],
            [middle + reach, v + 50.0],
        ]);
        let kind = if k == 1 {
            Municipal::Collector
        } else {
            Municipal::Street
        };
        drawing.draw(&line, 0.0, municipal(kind, &names.numbered("川向")));
    }
    for (k, aside) in [-470.0, -350.0, -240.0, -120.0, 110.0, 215.0, 330.0, 440.0]
        .into_iter()
        .enumerate()
    {
        let end_v = [-885.0, -1010.0, -1090.0, -1010.0][k % 4];
        let line = curve(&[
            [middle + aside, -655.0],
            [middle + 0.98 * aside, -850.0],
            [middle + 0.93 * aside, end_v],
        ]);
        let attributes = municipal(Municipal::Lane, &names.numbered("川向"));
        drawing.draw(&line, 30.0, attributes);
    }
}

/// Roads between fields, from one through road to the next.
pub(super) fn draw_farm_roads(drawing: &mut Drawing, grid: &Grid) {
    let (west, east, middle) = (grid.west_u(), grid.east_u(), grid.valley_u());
    let plans: [(&str, f64, Vec<Xy>); 10] = [
        (
            "西野1号線",
            420.0,
            vec![[-1420.0, -60.0], [-1400.0, 500.0], [-1430.0, 1400.0]],
        ),
        (
            "西野2号線",
            420.0,
            vec![[-1880.0, -60.0], [-1900.0, 400.0], [-1860.0, 1150.0]],
        ),
        (
            "東野1号線",
            420.0,
            vec![[1380.0, -70.0], [1400.0, 420.0], [1370.0, 1300.0]],
        ),
        (
            "東野2号線",
            420.0,
            vec![[1820.0, -110.0], [1850.0, 300.0], [1830.0, 1000.0]],
        ),
        (
            "西野3号線",
            400.0,
            vec![[west, 360.0], [-1400.0, 380.0], [-2250.0, 330.0]],
        ),
        (
            "西野4号線",
            300.0,
            vec![[west, 700.0], [-1150.0, 720.0], [-1600.0, 660.0]],
        ),
        (
            "東野3号線",
            400.0,
            vec![[east, 330.0], [1400.0, 350.0], [2150.0, 290.0]],
        ),
        (
            "東野4号線",
            300.0,
            vec![[east, 650.0], [1150.0, 660.0], [1600.0, 640.0]],
        ),
        (
            "大平1号線",
            200.0,
            vec![[-1220.0, -1440.0], [-1180.0, -2000.0], [-1130.0, -2500.0]],
        ),
        (
            "大平2号線",
            300.0,
            vec![
                [-1130.0, -2490.0],
                [-300.0, -2650.0],
                [middle + 400.0, -2560.0],
                [middle + 980.0, -2600.0],
            ],
        ),
    ];
    for (name, overshoot_m, points) in plans {
        let kind = if name.starts_with("大平") {
            Municipal::Collector
        } else {
            Municipal::FarmRoad
        };
        drawing.draw(&curve(&points), overshoot_m, municipal(kind, name));
    }
}

/// A few houses on either side of a through road.
pub(super) fn draw_hamlets(drawing: &mut Drawing, roads: &MainRoads, names: &mut StreetNames) {
    let end_m = |road: &[Xy]| measures_m(road).last().copied().unwrap_or(0.0);
    let pass_end_m = end_m(&roads.to_the_pass);
    draw_hamlet(drawing, &roads.to_the_pass, 1850.0, "杉の沢", names);
    draw_hamlet(drawing, &roads.down_the_valley, 3050.0, "中沢", names);
    let valley_end_m = end_m(&roads.down_the_valley);
    draw_hamlet(
        drawing,
        &roads.down_the_valley,
        valley_end_m - 260.0,
        "沢口",
        names,
    );
    let ring_end_m = end_m(&roads.southern_ring);
    draw_hamlet(
        drawing,
        &roads.southern_ring,
        ring_end_m - 300.0,
        "大平",
        names,
    );
    draw_hamlet(drawing, &roads.old_national, 900.0, "雪見", names);
    let national_end_m = end_m(&roads.old_national);
    draw_hamlet(
        drawing,
        &roads.old_national,
        national_end_m - 700.0,
        "東雪見",
        names,
    );
    // A lay-by and a forest road on the way up to the pass.
    for (k, share) in [0.52, 0.8].into_iter().enumerate() {
        let at_m = share * pass_end_m;
        let [a, b] = [0.0, if k == 0 { 42.0 } else { -42.0 }]
            .map(|aside| beside(&roads.to_the_pass, at_m, aside));
        let attributes = municipal(Municipal::Yard, &names.numbered("峠待避所"));
        drawing.draw(&straight(&[a, b]), 0.0, attributes);
    }
}

fn draw_hamlet(
    drawing: &mut Drawing,
    road: &[Xy],
    at_m: f64,
    district: &'static str,
    names: &mut StreetNames,
) {
    let at = |along: f64, aside: f64| beside(road, at_m + along, aside);
    let back_lane = |aside: f64, from: f64, to: f64| {
        let middle = 0.5 * (from + to);
        [
            at(from, 0.0),
            at(from, aside),
            at(middle, 1.08 * aside),
            at(to, aside),
            at(to, 0.0),
        ]
    };
    let plans: [(Municipal, Vec<Xy>); 5] = [
        (Municipal::Street, straight(&back_lane(68.0, -170.0, 180.0))),
        (Municipal::Lane, straight(&back_lane(-62.0, -90.0, 200.0))),
        (Municipal::Lane, straight(&[at(10.0, 0.0), at(10.0, 130.0)])),
        (
            Municipal::Lane,
            straight(&[at(60.0, 0.0), at(60.0, -150.0)]),
        ),
        (
            Municipal::Yard,
            straight(&[at(-160.0, 0.0), at(-165.0, -55.0)]),
        ),
    ];
    for (kind, line) in plans {
        let attributes = municipal(kind, &names.numbered(district));
        drawing.draw(&line, 0.0, attributes);
    }
}
