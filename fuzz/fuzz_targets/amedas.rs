//! A map file. It is packed as a pull packs it, since its time is in its name.

#![no_main]

use ingest::formats::Decoder;
use ingest::payload::{Companions, pack};
use std::sync::{Arc, LazyLock};
use yukimichi_fuzz::libfuzzer_sys::fuzz_target;

static DECODER: LazyLock<Arc<dyn Decoder>> = LazyLock::new(|| {
    let keys = include_str!("../../ingest/tests/conformance/keys/amedas.toml");
    yukimichi_fuzz::decoder("amedas", keys)
});

fuzz_target!(|bytes: &[u8]| {
    // The same bytes as the table, so that it is fuzzed too.
    let companions = Companions::from([("stations".to_owned(), bytes.to_vec())]);
    if let Ok(payload) = pack("20260115050000.json", bytes, &companions) {
        yukimichi_fuzz::run(DECODER.as_ref(), &payload);
    }
    yukimichi_fuzz::run(DECODER.as_ref(), bytes);
});
