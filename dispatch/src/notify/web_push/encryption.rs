//! Message encryption for Web Push: RFC 8291, in the coding `aes128gcm` of RFC 8188.

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead, KeyInit};
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// Record size in the header; a message is one record (RFC 8291 §4).
const RECORD_SIZE: u32 = 4096;
/// Ends the last record (RFC 8188 §2).
const LAST_RECORD: u8 = 2;

/// Encrypts for the browser whose public key and secret these are, with a key pair and a salt of
/// which each is used once.
pub(super) fn encrypt(
    plain: &[u8],
    p256dh: &[u8],
    auth: &[u8],
    ours: &SecretKey,
    salt: [u8; 16],
) -> Result<Vec<u8>, &'static str> {
    let theirs = PublicKey::from_sec1_bytes(p256dh)
        .map_err(|_| "the subscription's p256dh is no point on P-256")?;
    if auth.len() != 16 {
        return Err("the subscription's auth is not 16 bytes long");
    }
    let ours_public = ours.public_key().to_encoded_point(false);
    let theirs_public = theirs.to_encoded_point(false);
    let shared = p256::ecdh::diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());

    let mut info = b"WebPush: info\0".to_vec();
    info.extend_from_slice(theirs_public.as_bytes());
    info.extend_from_slice(ours_public.as_bytes());
    let long = |_| "key derivation failed";
    let mut secret = [0; 32];
    Hkdf::<Sha256>::new(Some(auth), shared.raw_secret_bytes())
        .expand(&info, &mut secret)
        .map_err(long)?;
    let keys = Hkdf::<Sha256>::new(Some(&salt), &secret);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    keys.expand(b"Content-Encoding: aes128gcm\0", &mut key)
        .map_err(long)?;
    keys.expand(b"Content-Encoding: nonce\0", &mut nonce)
        .map_err(long)?;

    let mut record = plain.to_vec();
    record.push(LAST_RECORD);
    let sealed = Aes128Gcm::new(&key.into())
        .encrypt(&nonce.into(), record.as_slice())
        .map_err(|_| "encryption failed")?;
    let mut body = salt.to_vec();
    body.extend_from_slice(&RECORD_SIZE.to_be_bytes());
    body.push(ours_public.as_bytes().len() as u8);
    body.extend_from_slice(ours_public.as_bytes());
    body.extend(sealed);
    Ok(body)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn decoded(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_rfcs_message_comes_out_byte_for_byte() {
        let ours = decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let body = encrypt(
            b"When I grow up, I want to be a watermelon",
            &decoded(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            &decoded("BTBZMqHH6r4Tts7J_aSIgg"),
            &SecretKey::from_slice(&ours).unwrap(),
            decoded("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap(),
        )
        .unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_bad_subscription_is_refused() {
        let ours = SecretKey::from_slice(&[7; 32]).unwrap();
        let point = ours.public_key().to_encoded_point(false);
        assert!(encrypt(b"x", &[4; 65], &[0; 16], &ours, [0; 16]).is_err());
        assert!(encrypt(b"x", point.as_bytes(), &[0; 15], &ours, [0; 16]).is_err());
        assert!(encrypt(b"x", point.as_bytes(), &[0; 16], &ours, [0; 16]).is_ok());
    }
}
