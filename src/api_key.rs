//! Keys for pushing and for recording by hand. A key is shown once; only its hash is kept.

/// What every key begins with, so that one that has leaked can be found.
pub const PREFIX: &str = "ymk_";

/// A new key.
pub fn new_key() -> String {
    format!("{PREFIX}{}", random_hex())
}

/// 32 random bytes of the thread's cryptographic generator, in hex.
pub fn random_hex() -> String {
    let bytes: [u8; 32] = rand::random();
    hex(&bytes)
}

/// Bytes in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_long_and_no_two_alike() {
        let (a, b) = (new_key(), new_key());
        assert_eq!(a.len(), PREFIX.len() + 64);
        assert_ne!(a, b);
    }
}
