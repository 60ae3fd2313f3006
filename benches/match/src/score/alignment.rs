//! The shortest edit script between two sequences, by insertions and deletions.
//!
//! E. W. Myers, *An O(ND) Difference Algorithm and Its Variations*, Algorithmica 1986.

/// What remains of two sequences when their longest common subsequence is taken out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Indices into the first sequence that the second lacks.
    pub(super) missed: Vec<usize>,
    /// Indices into the second sequence that the first lacks.
    pub(super) added: Vec<usize>,
}

/// Aligns `b` with `a`.
pub(super) fn difference(a: &[u64], b: &[u64]) -> Difference {
    let rows = furthest(a, b);
    let mut found = Difference::default();
    let (mut x, mut y) = (a.len() as i64, b.len() as i64);
    for d in (1..rows.len() as i64).rev() {
        let k = x - y;
        let before = &rows[d as usize - 1];
        let at = |k: i64| reached(before, d - 1, k);
        let inserts = k == -d || (k != d && at(k - 1) < at(k + 1));
        let before_k = if inserts { k + 1 } else { k - 1 };
        let before_x = at(before_k);
        let before_y = before_x - before_k;
        if inserts {
            found.added.push(before_y as usize);
        } else {
            found.missed.push(before_x as usize);
        }
        (x, y) = (before_x, before_y);
    }
    found.missed.reverse();
    found.added.reverse();
    found
}

/// For each number of edits the furthest places on the diagonals −d, −d+2 … d.
fn furthest(a: &[u64], b: &[u64]) -> Vec<Vec<i32>> {
    let (n, m) = (a.len() as i64, b.len() as i64);
    let mut rows: Vec<Vec<i32>> = Vec::new();
    for d in 0..=n + m {
        let mut row = Vec::with_capacity(d as usize + 1);
        for k in (-d..=d).step_by(2) {
            let mut x = match rows.last() {
                None => 0,
                Some(before) => {
                    let at = |k: i64| reached(before, d - 1, k);
                    if k == -d || (k != d && at(k - 1) < at(k + 1)) {
                        at(k + 1)
                    } else {
                        at(k - 1) + 1
                    }
                }
            };
            let mut y = x - k;
            while x < n && (0..m).contains(&y) && a[x as usize] == b[y as usize] {
                x += 1;
                y += 1;
            }
            row.push(x as i32);
            if x >= n && y >= m {
                rows.push(row);
                return rows;
            }
        }
        rows.push(row);
    }
    rows
}

fn reached(row: &[i32], d: i64, k: i64) -> i64 {
    i64::from(row[((k + d) / 2) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_differences() {
        let cases: [(&[u64], &[u64], usize, usize); 6] = [
            (&[], &[], 0, 0),
            (&[1, 2, 3], &[1, 2, 3], 0, 0),
            (&[1, 2, 3], &[], 3, 0),
            (&[], &[1], 0, 1),
            (&[1, 2, 3, 4], &[1, 3, 4, 5], 1, 1),
            // The example of the paper: ABCABBA and CBABAC.
            (&[1, 2, 3, 1, 2, 2, 1], &[3, 2, 1, 2, 1, 3], 3, 2),
        ];
        for (a, b, missed, added) in cases {
            let found = difference(a, b);
            assert_eq!(
                (found.missed.len(), found.added.len()),
                (missed, added),
                "{a:?} {b:?}"
            );
        }
    }

    /// Length of the longest common subsequence, the slow way.
    fn common(a: &[u64], b: &[u64]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..a.len() {
            for j in 0..b.len() {
                table[i + 1][j + 1] = if a[i] == b[j] {
                    table[i][j] + 1
                } else {
                    table[i][j + 1].max(table[i + 1][j])
                };
            }
        }
        table[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn what_is_left_is_the_longest_common_subsequence(
            a in prop::collection::vec(0_u64..5, 0..40),
            b in prop::collection::vec(0_u64..5, 0..40),
        ) {
            let found = difference(&a, &b);
            let keep = |list: &[u64], but: &[usize]| -> Vec<u64> {
                (0..list.len()).filter(|i| !but.contains(i)).map(|i| list[i]).collect()
            };
            let (left, right) = (keep(&a, &found.missed), keep(&b, &found.added));
            prop_assert_eq!(&left, &right);
            prop_assert_eq!(left.len(), common(&a, &b));
        }
    }
}
