//! The national road, its bypass and the prefectural roads.

use super::drawing::Drawing;
use super::path::{Xy, curve};
use super::road_kind::{Municipal, municipal, national, prefectural};
use super::streets::Grid;

/// Lines of the plan along which hamlets lie.
pub(super) struct MainRoads {
    pub old_national: Vec<Xy>,
    pub to_the_pass: Vec<Xy>,
    pub down_the_valley: Vec<Xy>,
    pub southern_ring: Vec<Xy>,
}

pub(super) fn draw(drawing: &mut Drawing, grid: &Grid) -> MainRoads {
    let old_national = curve(&[
        [-4300.0, 420.0],
        [-3300.0, 300.0],
        [-2300.0, 90.0],
        [-1600.0, 0.0],
        [-1000.0, 0.0],
        [0.0, 0.0],
        [1000.0, 0.0],
        [1600.0, 0.0],
        [2400.0, -120.0],
        [3300.0, -260.0],
        [4200.0, -330.0],
    ]);
    drawing.draw(&old_national, 0.0, national("国道999号", 2));
    let bypass = curve(&[
        [-2780.0, -60.0],
        [-2500.0, 330.0],
        [-1900.0, 820.0],
        [-1200.0, 1060.0],
        [-400.0, 1130.0],
        [400.0, 1120.0],
        [1200.0, 1010.0],
        [1900.0, 640.0],
        [2500.0, 100.0],
        [2850.0, -480.0],
    ]);
    drawing.draw(&bypass, 400.0, national("国道999号雪道バイパス", 4));

    let station = grid.station_u();
    let top_v = grid.top_v();
    drawing.draw(
        &curve(&[[station, 0.0], [station, 0.5 * top_v], [station, top_v]]),
        0.0,
        prefectural(901, "雪道停車場線", "primary", 4),
    );
    let down_the_valley = valley_road(grid.valley_u());
    drawing.draw(
        &down_the_valley,
        0.0,
        prefectural(902, "川向沢口線", "primary", 2),
    );
    let to_the_pass = pass_road(grid.pass_u());
    drawing.draw(
        &to_the_pass,
        0.0,
        prefectural(903, "雪道峠線", "secondary", 2),
    );
    let southern_ring = ring_road(grid.ring_u());
    drawing.draw(
        &southern_ring,
        0.0,
        prefectural(904, "雪道南環状線", "secondary", 2),
    );
    let u = grid.town_bridge_u();
    drawing.draw(
        &curve(&[
            [u, 0.0],
            [u, -400.0],
            [u, -800.0],
            [u - 20.0, -1250.0],
            [u - 40.0, -1800.0],
        ]),
        260.0,
        municipal(Municipal::Collector, "雪見橋線"),
    );
    MainRoads {
        old_national,
        to_the_pass,
        down_the_valley,
        southern_ring,
    }
}

fn valley_road(u: f64) -> Vec<Xy> {
    curve(&[
        [u, 0.0],
        [u, -400.0],
        [u, -800.0],
        [u, -1150.0],
        [u + 150.0, -1500.0],
        [u + 620.0, -2150.0],
        [u + 860.0, -2800.0],
        [u + 1250.0, -3450.0],
        [u + 1350.0, -4050.0],
    ])
}

fn ring_road(u: f64) -> Vec<Xy> {
    curve(&[
        [u, 0.0],
        [u, -400.0],
        [u, -800.0],
        [u, -1080.0],
        [u - 130.0, -1380.0],
        [u - 480.0, -1600.0],
        [0.0, -1680.0],
        [-700.0, -1620.0],
        [-1500.0, -1500.0],
        [-2300.0, -1650.0],
    ])
}

/// Up to the pass by hairpins, and no further: the other side is closed in winter.
fn pass_road(u: f64) -> Vec<Xy> {
    const LEGS: usize = 7;
    let mut points = vec![
        [u, 0.0],
        [u, 450.0],
        [u, 850.0],
        [u, 1250.0],
        [u - 70.0, 1650.0],
        [u - 190.0, 2050.0],
    ];
    let mut v = 2400.0;
    for leg in 0..LEGS {
        let side = if leg % 2 == 0 { 1.0 } else { -1.0 };
        let at = |aside: f64, up: f64| [u - 150.0 + side * aside, v + up];
        points.extend([at(130.0, 0.0), at(172.0, 22.0), at(134.0, 52.0)]);
        v += 98.0;
    }
    points.extend([
        [u - 60.0, v + 110.0],
        [u + 120.0, v + 420.0],
        [u + 90.0, v + 800.0],
    ]);
    curve(&points)
}
