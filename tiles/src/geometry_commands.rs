//! Lines as MVT geometry (MVT 2.1 §4.3).
//!
//! The `mvt` crate keeps what it has encoded to itself, so that a layer framed elsewhere can't take
//! it; it reads ours in the tests instead.

use crate::protobuf::put_varint;

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;

/// The commands of one or more lines, each of at least two vertices, as packed varints.
pub(crate) fn line_commands(parts: &[Vec<[i32; 2]>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut pen = [0i32; 2];
    for part in parts {
        put_varint(&mut out, MOVE_TO | 1 << 3);
        for (i, p) in part.iter().enumerate() {
            if i == 1 {
                put_varint(&mut out, LINE_TO | ((part.len() - 1) as u64) << 3);
            }
            for axis in 0..2 {
                put_varint(&mut out, zigzag(p[axis] - pen[axis]));
            }
            pen = *p;
        }
    }
    out
}

fn zigzag(n: i32) -> u64 {
    u64::from(((n << 1) ^ (n >> 31)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_example_comes_out() {
        // MVT 2.1 §4.3.5.4, and of two lines §4.3.5.5.
        let line = vec![[2, 2], [2, 10], [10, 10]];
        let one = std::slice::from_ref(&line);
        assert_eq!(line_commands(one), [9, 4, 4, 18, 0, 16, 16, 0]);
        let second = vec![[1, 1], [3, 5]];
        assert_eq!(
            line_commands(&[line, second]),
            [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]
        );
    }
}
