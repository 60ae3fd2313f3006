use super::*;
use crate::coverage::Confidence;
use crate::place::RouteStretch;
use crate::work_log::WorkLogEntry;
use proptest::prelude::*;

fn at(time: &str) -> Timestamp {
    let date = if time < "15:00" {
        "2026-01-13"
    } else {
        "2026-01-12"
    };
    format!("{date}T{time}+09:00").parse().unwrap()
}

fn pass(segment: u64, owner: &str, times: (&str, &str), work: Option<WorkKind>) -> ReportedPass {
    ReportedPass {
        segment: SegmentId(segment),
        owner: Some(owner.to_owned()),
        pass: Pass {
            direction: Direction::Forward,
            from_m: 0.0,
            to_m: 500.0,
            entered_at: at(times.0),
            left_at: at(times.1),
            work,
            confidence: Confidence::Seen,
        },
    }
}

fn logged(times: (&str, &str), work: WorkKind) -> WorkLogEntry {
    WorkLogEntry {
        stretch: RouteStretch::default(),
        started_at: at(times.0),
        ended_at: at(times.1),
        work,
        direction: None,
        vehicle_id: "7".to_owned(),
        contractor: "北建設".to_owned(),
        weather: String::new(),
        air_c: None,
        depth_cm: None,
    }
}

const PLOWING: Option<WorkKind> = Some(WorkKind::Plowing);

#[test]
fn minutes_fall_into_the_time_of_day() {
    let cases = [
        ("16:30", "22:30", [30.0, 300.0, 30.0]),
        ("04:59", "08:01", [1.0, 180.0, 1.0]),
        ("23:00", "03:00", [0.0, 0.0, 240.0]),
        ("15:00", "15:00", [0.0, 0.0, 0.0]),
        ("15:00", "14:59", [539.0, 480.0, 420.0]),
    ];
    for (from, until, [day, evening, night]) in cases {
        let minutes = TimeBands::default().minutes(at(from), at(until));
        let expected = BandMinutes {
            day,
            evening,
            night,
        };
        assert_eq!(minutes, expected, "{from} to {until}");
    }
}

#[test]
fn each_owner_and_work_is_a_line_of_its_own() {
    let passes = [
        pass(1, "02", ("21:50", "21:54"), PLOWING),
        pass(1, "02", ("21:56", "22:02"), PLOWING),
        pass(2, "02201", ("22:02", "22:04"), PLOWING),
        pass(3, "02", ("22:20", "22:25"), None),
        pass(4, "02", ("22:30", "22:40"), Some(WorkKind::Grading)),
    ];
    let lines = lines(&passes, &TimeBands::default());
    let summary: Vec<_> = lines
        .iter()
        .map(|l| {
            let (evening, night) = (l.minutes.evening, l.minutes.night);
            let owner = l.owner.as_deref().unwrap();
            (
                owner,
                l.work,
                evening,
                night,
                l.driven_m,
                l.covered_m,
                &l.passes[..],
            )
        })
        .collect();
    assert_eq!(
        summary,
        [
            ("02", None, 0.0, 5.0, 500.0, 500.0, &[3][..]),
            // The turn of two minutes counts, the sixteen before the next work do not.
            ("02", PLOWING, 10.0, 2.0, 1000.0, 500.0, &[0, 1][..]),
            (
                "02",
                Some(WorkKind::Grading),
                0.0,
                10.0,
                500.0,
                500.0,
                &[4][..]
            ),
            ("02201", PLOWING, 0.0, 2.0, 500.0, 500.0, &[2][..]),
        ]
    );
}

#[test]
fn logs_and_positions_are_compared() {
    use Difference::{End, NotLogged, NotSeen, Start, Work};
    let night = [
        pass(1, "02", ("22:00", "22:50"), PLOWING),
        pass(2, "02", ("23:00", "23:50"), PLOWING),
        pass(3, "02", ("03:00", "04:00"), PLOWING),
    ];
    let (grading, plowing) = (WorkKind::Grading, WorkKind::Plowing);
    let cases: [(&str, Vec<WorkLogEntry>, Vec<Difference>); 6] = [
        (
            "as seen, but for a few minutes",
            vec![
                logged(("21:55", "23:55"), plowing),
                logged(("03:00", "04:08"), plowing),
            ],
            vec![],
        ),
        (
            "not logged",
            vec![logged(("22:00", "23:50"), plowing)],
            vec![NotLogged {
                from: at("03:00"),
                until: at("04:00"),
            }],
        ),
        (
            "not seen",
            vec![
                logged(("22:00", "23:50"), plowing),
                logged(("01:00", "02:00"), plowing),
                logged(("03:00", "04:00"), plowing),
            ],
            vec![NotSeen {
                from: at("01:00"),
                until: at("02:00"),
            }],
        ),
        (
            "longer than seen",
            vec![
                logged(("21:00", "23:50"), plowing),
                logged(("03:00", "05:00"), plowing),
            ],
            vec![
                Start {
                    logged: at("21:00"),
                    seen: at("22:00"),
                },
                End {
                    logged: at("05:00"),
                    seen: at("04:00"),
                },
            ],
        ),
        (
            "another work",
            vec![
                logged(("22:00", "23:50"), grading),
                logged(("03:00", "04:00"), plowing),
            ],
            vec![Work {
                from: at("22:00"),
                logged: grading,
                seen: plowing,
            }],
        ),
        (
            "rows without a break are one stretch",
            vec![
                logged(("22:00", "23:00"), plowing),
                logged(("23:00", "23:50"), plowing),
                logged(("03:00", "04:00"), plowing),
            ],
            vec![],
        ),
    ];
    for (name, log, expected) in cases {
        assert_eq!(differences(&night, &log), expected, "{name}");
    }
    assert_eq!(differences(&[], &[]), []);
}

proptest! {
    /// No minute counts twice, none is lost but long breaks, and every pass is in one line.
    #[test]
    fn nothing_is_counted_twice(
        given in proptest::collection::vec((0i64..600, 0i64..40, 0usize..4, 0usize..2), 0..40),
    ) {
        let passes: Vec<ReportedPass> = given
            .iter()
            .map(|(start, length, work, owner)| {
                let mut made = pass(*start as u64, ["a", "b"][*owner], ("22:00", "22:00"), None);
                made.pass.entered_at += SignedDuration::from_mins(*start);
                made.pass.left_at = made.pass.entered_at + SignedDuration::from_mins(*length);
                made.pass.work = [None, PLOWING, Some(WorkKind::Grading), Some(WorkKind::Hauling)][*work];
                made
            })
            .collect();
        let lines = lines(&passes, &TimeBands::default());
        let mut taken: Vec<usize> = lines.iter().flat_map(|l| l.passes.clone()).collect();
        taken.sort_unstable();
        prop_assert_eq!(taken, (0..passes.len()).collect::<Vec<_>>());
        let mut busy = [false; 700];
        for (start, length, ..) in &given {
            busy[*start as usize..(*start + *length) as usize].fill(true);
        }
        let least = busy.iter().filter(|b| **b).count() as f64;
        let total: f64 = lines.iter().map(|l| l.minutes.total()).sum();
        let most = least + 3.0 * given.len() as f64;
        prop_assert!(least - 1e-6 <= total && total <= most + 1e-6, "{least} <= {total} <= {most}");
    }
}
