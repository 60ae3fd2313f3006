//! Codes of the standard regional mesh (地域メッシュ, JIS X 0410).

use domain::geometry::LonLat;

/// The centre of a cell: of 80 km (4 digits), 10 km (6), 5 km (7), 1 km (8), 500 m (9) or 250 m (10).
/// `None` where the text is no such code.
pub fn mesh_centre(code: &str) -> Option<LonLat> {
    let digits: Vec<u8> = code
        .bytes()
        .map(|b| b.is_ascii_digit().then(|| b - b'0'))
        .collect::<Option<_>>()?;
    if !matches!(digits.len(), 4 | 6..=10) {
        return None;
    }
    let two = |at: usize| f64::from(digits[at]) * 10.0 + f64::from(digits[at + 1]);
    // South-west corner and size, in degrees.
    let mut corner = [two(2) + 100.0, two(0) / 1.5];
    let mut size = [1.0, 2.0 / 3.0];
    let halve = |digit: u8, corner: &mut [f64; 2], size: &mut [f64; 2]| {
        let (east, north) = match digit {
            1 => (0.0, 0.0),
            2 => (1.0, 0.0),
            3 => (0.0, 1.0),
            4 => (1.0, 1.0),
            _ => return None,
        };
        *size = [size[0] / 2.0, size[1] / 2.0];
        *corner = [corner[0] + east * size[0], corner[1] + north * size[1]];
        Some(())
    };
    if digits.len() >= 6 {
        split(&digits[4..6], 8, &mut corner, &mut size)?;
    }
    match digits.len() {
        7 => halve(digits[6], &mut corner, &mut size)?,
        8.. => {
            split(&digits[6..8], 10, &mut corner, &mut size)?;
            for digit in &digits[8..] {
                halve(*digit, &mut corner, &mut size)?;
            }
        }
        _ => {}
    }
    let centre = LonLat::new(corner[0] + size[0] / 2.0, corner[1] + size[1] / 2.0);
    // Japan and its seas; other digits are no cell.
    let inside = (122.0..=154.5).contains(&centre.lon) && (20.0..=46.5).contains(&centre.lat);
    inside.then_some(centre)
}

/// Into `parts` × `parts`: the first digit counts northwards, the second eastwards.
fn split(digits: &[u8], parts: u8, corner: &mut [f64; 2], size: &mut [f64; 2]) -> Option<()> {
    let [north, east] = digits else { return None };
    if *north >= parts || *east >= parts {
        return None;
    }
    *size = [size[0] / f64::from(parts), size[1] / f64::from(parts)];
    corner[0] += f64::from(*east) * size[0];
    corner[1] += f64::from(*north) * size[1];
    Some(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_where_the_standard_says() {
        // Tokyo Tower (139.7454, 35.6586) lies in these.
        let cases = [
            ("5339", 0.5, 1.0 / 3.0),
            ("533935", 0.0625, 1.0 / 24.0),
            ("5339359", 0.0, 0.0),
            ("53393599", 0.00625, 1.0 / 240.0),
            ("533935992", 0.003125, 1.0 / 480.0),
            ("5339359921", 0.0015625, 1.0 / 960.0),
        ];
        for (code, half_lon, half_lat) in cases {
            match mesh_centre(code) {
                Some(centre) => {
                    assert!(
                        (centre.lon - 139.7454).abs() <= half_lon,
                        "{code}: {centre:?}"
                    );
                    assert!(
                        (centre.lat - 35.6586).abs() <= half_lat,
                        "{code}: {centre:?}"
                    );
                }
                None => assert_eq!(code, "5339359", "a quarter is 1 to 4"),
            }
        }
        let quarter = mesh_centre("5339354").unwrap();
        assert!((quarter.lon - 139.71875).abs() < 1e-9 && (quarter.lat - 35.645_833).abs() < 1e-5);
    }

    #[test]
    fn other_texts_are_no_cells() {
        for text in [
            "",
            "青森",
            "53393",
            "533985",
            "5339350",
            "12345678901",
            "9999",
            "53393599-",
        ] {
            assert_eq!(mesh_centre(text), None, "{text}");
        }
    }
}
