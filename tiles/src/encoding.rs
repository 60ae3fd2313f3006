//! How a tile's bytes are compressed: what stays once and well, what changes each time and fast.

use flate2::{Compress, Compression, FlushCompress, Status};

/// A content coding of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// One gzip member (RFC 1952).
    Gzip,
    /// Two zstd frames (RFC 8878 §3), for clients that read on after the first.
    Zstd,
}

impl Encoding {
    /// Its name in `Content-Encoding`.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Identity => "identity",
            Encoding::Gzip => "gzip",
            Encoding::Zstd => "zstd",
        }
    }
}

/// Why bytes could not be compressed.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// By deflate.
    #[error("deflate: {0}")]
    Deflate(#[from] flate2::CompressError),
    /// By deflate, which stopped before the end.
    #[error("deflate stopped before its input's end")]
    Unfinished,
    /// By zstd.
    #[error("zstd: {0}")]
    Zstd(#[from] std::io::Error),
}

/// The part of a tile that stays, compressed.
#[derive(Debug)]
pub(crate) struct Prefix {
    encoding: Encoding,
    bytes: Box<[u8]>,
    /// CRC-32 and length of what `bytes` unpack to; gzip's trailer is made from them.
    crc: u32,
    raw_len: u64,
}

const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
/// The static part is packed once for thousands of readers, the slots at each change.
const STATIC_DEFLATE: Compression = Compression::best();
/// The fastest level that fits its codes to the bytes: a tenth of a tile smaller than the one below.
const SLOTS_DEFLATE: Compression = Compression::new(2);
const STATIC_ZSTD: i32 = 17;
const SLOTS_ZSTD: i32 = 1;

impl Prefix {
    /// Packs the static part.
    pub(crate) fn new(encoding: Encoding, raw: &[u8]) -> Result<Self, EncodeError> {
        let (mut bytes, mut crc) = (Vec::new(), 0);
        match encoding {
            Encoding::Identity => bytes.extend_from_slice(raw),
            Encoding::Gzip => {
                bytes.extend_from_slice(&GZIP_HEADER);
                // A full flush ends on a byte's edge and forgets all before, so that what follows
                // can be packed by itself.
                deflate(raw, STATIC_DEFLATE, FlushCompress::Full, &mut bytes)?;
                crc = crc32fast::hash(raw);
            }
            Encoding::Zstd => bytes = zstd::bulk::compress(raw, STATIC_ZSTD)?,
        }
        Ok(Prefix {
            encoding,
            bytes: bytes.into_boxed_slice(),
            crc,
            raw_len: raw.len() as u64,
        })
    }

    /// Bytes of the packed part.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The whole tile: the packed static part and these slots.
    pub(crate) fn join(&self, slots: &[u8]) -> Result<Vec<u8>, EncodeError> {
        let mut whole = Vec::with_capacity(self.bytes.len() + slots.len() / 2 + 64);
        whole.extend_from_slice(&self.bytes);
        match self.encoding {
            Encoding::Identity => whole.extend_from_slice(slots),
            Encoding::Gzip => {
                deflate(slots, SLOTS_DEFLATE, FlushCompress::Finish, &mut whole)?;
                // One member has one checksum: that of the slots goes on where the first part's ended.
                let mut crc = crc32fast::Hasher::new_with_initial_len(self.crc, self.raw_len);
                crc.update(slots);
                whole.extend_from_slice(&crc.finalize().to_le_bytes());
                let len = self.raw_len + slots.len() as u64;
                whole.extend_from_slice(&(len as u32).to_le_bytes());
            }
            Encoding::Zstd => whole.append(&mut zstd::bulk::compress(slots, SLOTS_ZSTD)?),
        }
        Ok(whole)
    }
}

/// Appends raw deflate (RFC 1951) to `out`.
fn deflate(
    input: &[u8],
    level: Compression,
    flush: FlushCompress,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut state = Compress::new(level, false);
    loop {
        let done = state.total_in() as usize;
        // Deflate never grows its input by more than this, and a flush takes a few bytes.
        out.reserve((input.len() - done) / 2 + 1024);
        let before = out.len();
        let room = out.capacity() - before;
        let status = state.compress_vec(&input[done..], out, flush)?;
        let all_taken = state.total_in() as usize == input.len();
        match (flush, status) {
            (FlushCompress::Finish, Status::StreamEnd) => return Ok(()),
            // A flush is complete once it leaves room.
            (FlushCompress::Full, Status::Ok | Status::BufError)
                if all_taken && out.len() - before < room =>
            {
                return Ok(());
            }
            (_, Status::BufError) if out.len() - before < room => {
                return Err(EncodeError::Unfinished);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    /// A decoder that stops after the first member, as browsers do.
    fn one_member(bytes: &[u8]) -> (Vec<u8>, usize) {
        let mut decoder = flate2::bufread::GzDecoder::new(bytes);
        let mut raw = Vec::new();
        decoder.read_to_end(&mut raw).unwrap();
        (raw, decoder.into_inner().len())
    }

    proptest! {
        #[test]
        fn every_encoding_unpacks_to_the_same_bytes(
            unit in prop::collection::vec(any::<u8>(), 0..300),
            times in 0usize..300,
            slots in prop::collection::vec(any::<u8>(), 0..3000),
        ) {
            let raw = unit.repeat(times);
            let whole = [&raw[..], &slots[..]].concat();
            let packed = |encoding| Prefix::new(encoding, &raw).unwrap().join(&slots).unwrap();
            prop_assert_eq!(&packed(Encoding::Identity), &whole);
            let (unpacked, left) = one_member(&packed(Encoding::Gzip));
            prop_assert_eq!(&unpacked, &whole);
            prop_assert_eq!(left, 0, "something stands behind the member");
            // Streaming decoders read frame after frame.
            prop_assert_eq!(&zstd::decode_all(&packed(Encoding::Zstd)[..]).unwrap(), &whole);
        }
    }

    #[test]
    fn a_wrong_checksum_would_be_noticed() {
        let prefix = Prefix::new(Encoding::Gzip, b"static part").unwrap();
        let mut whole = prefix.join(b"slots").unwrap();
        let crc = whole.len() - 8;
        whole[crc] ^= 1;
        let mut raw = Vec::new();
        let read = flate2::bufread::GzDecoder::new(&whole[..]).read_to_end(&mut raw);
        assert!(read.is_err());
    }
}
