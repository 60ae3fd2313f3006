//! A browser's side of Web Push: reads what was encrypted for it (RFC 8291) and checks who sent it
//! (RFC 8292), written from the RFCs and not from the sender's code.

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use serde_json::Value;
use sha2::Sha256;

pub(crate) struct Browser {
    key: SecretKey,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Browser {
            key: SecretKey::from_slice(&[5; 32]).unwrap(),
        }
    }

    pub(crate) fn public_key(&self) -> Vec<u8> {
        self.key
            .public_key()
            .to_encoded_point(false)
            .as_bytes()
            .to_vec()
    }

    pub(crate) fn auth(&self) -> Vec<u8> {
        vec![3; 16]
    }

    /// The text of a message.
    pub(crate) fn read(&self, body: &[u8]) -> Vec<u8> {
        let (salt, rest) = body.split_at(16);
        let (_record_size, rest) = rest.split_at(4);
        let (theirs, sealed) = rest[1..].split_at(usize::from(rest[0]));
        let public = PublicKey::from_sec1_bytes(theirs).unwrap();
        let shared = p256::ecdh::diffie_hellman(self.key.to_nonzero_scalar(), public.as_affine());
        let info = [b"WebPush: info\0", self.public_key().as_slice(), theirs].concat();
        let mut secret = [0; 32];
        Hkdf::<Sha256>::new(Some(&self.auth()), shared.raw_secret_bytes())
            .expand(&info, &mut secret)
            .unwrap();
        let keys = Hkdf::<Sha256>::new(Some(salt), &secret);
        let (mut key, mut nonce) = ([0; 16], [0; 12]);
        keys.expand(b"Content-Encoding: aes128gcm\0", &mut key)
            .unwrap();
        keys.expand(b"Content-Encoding: nonce\0", &mut nonce)
            .unwrap();
        let mut plain = Aes128Gcm::new(&key.into())
            .decrypt(&nonce.into(), sealed)
            .unwrap();
        assert_eq!(plain.pop(), Some(2));
        plain
    }
}

/// Checks `Authorization` as a push service does.
pub(crate) fn check_token(header: &str, endpoint: &str) {
    let (token, key) = header
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let key = VerifyingKey::from_sec1_bytes(&decoded(key)).unwrap();
    let signature = Signature::from_slice(&decoded(signature)).unwrap();
    key.verify(signed.as_bytes(), &signature).unwrap();
    let (_, claims) = signed.split_once('.').unwrap();
    let claims: Value = serde_json::from_slice(&decoded(claims)).unwrap();
    let origin = endpoint.strip_suffix("/hook").unwrap();
    assert_eq!(claims["aud"], origin);
    assert_eq!(claims["sub"], "mailto:snow@example.jp");
}
