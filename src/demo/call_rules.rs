//! When the night's firms are called: the town's rule for all of its zones.

use super::fleet::Fleet;
use domain::rules::{Condition, Measure, Mode, Rule};
use jiff::civil::time;

/// Code of the road manager whose rules they are, and the rules.
pub fn call_rules() -> (&'static str, Vec<Rule>) {
    let rule = Rule {
        name: "新雪除雪（模擬）".to_owned(),
        mode: Mode::Order,
        deadline: Some(time(7, 0, 0, 0)),
        ..Rule::new(
            "new-snow",
            vec!["*".to_owned()],
            Condition::at_least(Measure::NewSnow, 10.0),
        )
    };
    (Fleet::Town.manager(), vec![rule])
}
