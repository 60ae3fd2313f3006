//! Passwords of the board's accounts: argon2id (RFC 9106) with the parameters that OWASP recommends,
//! 19 MiB and two rounds.

use anyhow::{Context, anyhow};
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use std::sync::Arc;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// Shortest password, in characters: length is what counts (NIST SP 800-63B-4 §3.1.1.2).
pub const SHORTEST: usize = 12;
/// Longest password, in bytes.
pub const LONGEST: usize = 1024;

/// How many are worked out at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// Works out and checks passwords beside the async threads.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Nobody's: so that an unknown address takes as long as a known one.
    nobody: Arc<str>,
}

impl Passwords {
    /// Ready to work.
    ///
    /// # Errors
    /// When argon2 can't work.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Passwords {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: hash(&crate::api_key::random_hex())?.into(),
        })
    }

    /// The string that is kept of a new password.
    ///
    /// # Errors
    /// When argon2 can't work.
    pub async fn hash(&self, password: String) -> anyhow::Result<String> {
        self.in_turn(move || hash(&password)).await?
    }

    /// Whether a password is the one of which `phc` was kept; never, where there is none.
    ///
    /// # Errors
    /// When what was kept can't be read.
    pub async fn is_right(&self, password: String, phc: Option<String>) -> anyhow::Result<bool> {
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.nobody.to_string());
        let right = self.in_turn(move || is_right(&password, &phc)).await??;
        Ok(right && known)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let _turn = self.turns.acquire().await.context("no more turns")?;
        Ok(tokio::task::spawn_blocking(work).await?)
    }
}

/// What is wrong with a new password, for the person who chose it.
pub fn refuse_new(password: &str) -> Option<String> {
    if password.len() > LONGEST {
        return Some(format!("longer than {LONGEST} bytes"));
    }
    (password.chars().count() < SHORTEST).then(|| format!("shorter than {SHORTEST} characters"))
}

/// The PHC string of a password.
///
/// # Errors
/// When argon2 can't work.
pub fn hash(password: &str) -> anyhow::Result<String> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())
        .map_err(|error| anyhow!("salt: {error}"))?;
    let hashed = Argon2::default()
        .hash_password(composed(password).as_bytes(), &salt)
        .map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(hashed.to_string())
}

fn is_right(password: &str, phc: &str) -> anyhow::Result<bool> {
    let phc = PasswordHash::new(phc).map_err(|error| anyhow!("kept password: {error}"))?;
    let found = Argon2::default().verify_password(composed(password).as_bytes(), &phc);
    match found {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(error) => Err(anyhow!("argon2: {error}")),
    }
}

/// Keyboards differ in how they compose が.
fn composed(password: &str) -> String {
    password.nfc().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_right_however_it_is_composed() {
        let passwords = Passwords::new().unwrap();
        let phc = passwords
            .hash("ゆきがふるゆきがふる12".to_owned())
            .await
            .unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        let split: String = "ゆきがふるゆきがふる12".nfd().collect();
        for (said, right) in [
            (split.as_str(), true),
            ("ゆきがふるゆきがふる13", false),
            ("", false),
        ] {
            let found = passwords.is_right(said.to_owned(), Some(phc.clone())).await;
            assert_eq!(found.unwrap(), right, "{said}");
        }
        assert!(!passwords.is_right(String::new(), None).await.unwrap());
        let again = passwords
            .hash("ゆきがふるゆきがふる12".to_owned())
            .await
            .unwrap();
        assert_ne!(phc, again, "each has a salt of its own");
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert!(refuse_new("ゆきがふるゆきがふるゆき").is_none());
        assert!(refuse_new("elevenchars").is_some());
        assert!(refuse_new(&"x".repeat(LONGEST + 1)).is_some());
    }
}
