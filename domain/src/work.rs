//! What a plow was doing, and which way.

use serde::{Deserialize, Serialize};

/// Kind of winter work. Only the first five clear a carriageway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// 新雪除雪: pushing new snow aside.
    Plowing,
    /// 路面整正: grading the packed surface.
    Grading,
    /// 圧雪処理: taking packed snow off.
    PackedSnowRemoval,
    /// 拡幅除雪: widening the cleared width.
    Widening,
    /// 運搬排雪: loading and hauling snow away.
    Hauling,
    /// 凍結防止剤散布: spreading de-icing agent.
    Deicing,
    /// 歩道除雪: clearing the sidewalk.
    Sidewalk,
    /// 回送: driving without working. Clears nothing.
    Transit,
}

impl WorkKind {
    /// All kinds, in the order of their tile digits.
    pub const ALL: [WorkKind; 8] = [
        WorkKind::Plowing,
        WorkKind::Grading,
        WorkKind::PackedSnowRemoval,
        WorkKind::Widening,
        WorkKind::Hauling,
        WorkKind::Deicing,
        WorkKind::Sidewalk,
        WorkKind::Transit,
    ];

    /// The name used in every interface (`snake_case`).
    pub fn as_str(self) -> &'static str {
        match self {
            WorkKind::Plowing => "plowing",
            WorkKind::Grading => "grading",
            WorkKind::PackedSnowRemoval => "packed_snow_removal",
            WorkKind::Widening => "widening",
            WorkKind::Hauling => "hauling",
            WorkKind::Deicing => "deicing",
            WorkKind::Sidewalk => "sidewalk",
            WorkKind::Transit => "transit",
        }
    }

    /// Reads the interface name; `None` for anything else.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether a pass of this kind clears the carriageway.
    pub fn clears_carriageway(self) -> bool {
        matches!(
            self,
            WorkKind::Plowing
                | WorkKind::Grading
                | WorkKind::PackedSnowRemoval
                | WorkKind::Widening
                | WorkKind::Hauling
        )
    }

    /// The digit of the tile's `status` number (1 plowing … 7 sidewalk; transit is never shown: 0).
    pub fn tile_digit(self) -> u32 {
        match self {
            WorkKind::Transit => 0,
            other => 1 + other as u32,
        }
    }

    /// The kind that a tile digit stands for; `None` for 0 and unknown digits.
    pub fn from_tile_digit(digit: u32) -> Option<Self> {
        (1..=7)
            .contains(&digit)
            .then(|| Self::ALL[digit as usize - 1])
    }
}

/// Direction along a segment; `Forward` is the order of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// In the order of the segment's line.
    Forward,
    /// Against it.
    Backward,
}

impl Direction {
    /// Both, forward first.
    pub const BOTH: [Direction; 2] = [Direction::Forward, Direction::Backward];

    /// The other one.
    pub fn reverse(self) -> Self {
        match self {
            Direction::Forward => Direction::Backward,
            Direction::Backward => Direction::Forward,
        }
    }

    /// `forward` or `backward`.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Forward => "forward",
            Direction::Backward => "backward",
        }
    }

    /// Reads `forward` or `backward`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "forward" => Some(Direction::Forward),
            "backward" => Some(Direction::Backward),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_digits_are_read_back() {
        for kind in WorkKind::ALL {
            assert_eq!(WorkKind::parse(kind.as_str()), Some(kind));
            if kind != WorkKind::Transit {
                assert_eq!(WorkKind::from_tile_digit(kind.tile_digit()), Some(kind));
            }
        }
        assert_eq!(WorkKind::from_tile_digit(0), None);
        assert_eq!(WorkKind::from_tile_digit(8), None);
    }

    #[test]
    fn only_five_kinds_clear_a_carriageway() {
        let clearing: Vec<_> = WorkKind::ALL
            .into_iter()
            .filter(|kind| kind.clears_carriageway())
            .map(WorkKind::tile_digit)
            .collect();
        assert_eq!(clearing, [1, 2, 3, 4, 5]);
    }
}
