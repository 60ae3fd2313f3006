//! Archives, KMZ and bundles from strangers: small limits, so that what passes them is seen.

#![no_main]

use ingest::payload::Payload;
use yukimichi_fuzz::libfuzzer_sys::fuzz_target;

const LIMIT: usize = 64 * 1024;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(payload) = Payload::open(bytes, LIMIT) {
        let total: usize = payload.files.iter().map(|file| file.bytes.len()).sum();
        assert!(total <= 4 * LIMIT || payload.files.len() == 1);
    }
});
