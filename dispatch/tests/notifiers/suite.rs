//! What every notifier must do, whatever its receiver does.

use crate::message;
use dispatch::notify::{Address, Message, Notifier, SendError, TIMEOUT};
use std::time::Instant;

/// How a receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It takes the message.
    Taken,
    /// It never will.
    Lasting,
    /// It may at another time.
    Passing,
    /// It says nothing and holds the connection.
    Never,
    /// It takes the message and never ends to say so.
    Endless,
}

/// A notifier with a server of its kind.
pub(crate) trait Receiver {
    fn notifier(&self) -> &dyn Notifier;
    fn address(&self) -> Address;
    fn answers(&self, how: Answer);
    /// The keys of all messages that came, in turn.
    fn keys(&self) -> Vec<String>;
}

async fn send(receiver: &impl Receiver, message: &Message) -> Result<String, SendError> {
    receiver.notifier().send(message).await
}

/// Runs the suite.
pub(crate) async fn run(receiver: &impl Receiver) {
    let first = message("8d4d6a24-1f0e-4b43-9f0a-000000000001", receiver.address());

    receiver.answers(Answer::Taken);
    let said = send(receiver, &first).await.unwrap();
    assert!(said.starts_with('2'), "{said}");
    assert_eq!(receiver.keys().len(), 1);

    receiver.answers(Answer::Lasting);
    let error = send(receiver, &first).await.unwrap_err();
    assert!(matches!(error, SendError::Lasting(_)), "{error:?}");

    receiver.answers(Answer::Passing);
    let error = send(receiver, &first).await.unwrap_err();
    assert!(matches!(error, SendError::Passing(_)), "{error:?}");

    // The attempt that was cut off may have got through: the receiver sees the same key again.
    receiver.answers(Answer::Taken);
    send(receiver, &first).await.unwrap();
    let keys = receiver.keys();
    assert!(
        keys.len() >= 2 && keys.iter().all(|key| *key == keys[0]),
        "{keys:?}"
    );
    let other = message("8d4d6a24-1f0e-4b43-9f0a-000000000002", receiver.address());
    send(receiver, &other).await.unwrap();
    assert_ne!(receiver.keys().last(), Some(&keys[0]));

    // Slow receivers cost the attempt's time and no more.
    receiver.answers(Answer::Never);
    let begun = Instant::now();
    let error = send(receiver, &first).await.unwrap_err();
    assert!(matches!(error, SendError::Passing(_)), "{error:?}");
    assert!(begun.elapsed() < TIMEOUT * 2, "{:?}", begun.elapsed());

    // An answer without end neither fills the memory nor holds the attempt for good.
    receiver.answers(Answer::Endless);
    let begun = Instant::now();
    let _ = send(receiver, &first).await;
    assert!(begun.elapsed() < TIMEOUT * 2, "{:?}", begun.elapsed());

    // A text far longer than any call-out's is sent or refused, and never hangs.
    receiver.answers(Answer::Taken);
    let mut long = message("8d4d6a24-1f0e-4b43-9f0a-000000000003", receiver.address());
    long.text = "雪".repeat(200_000);
    match send(receiver, &long).await {
        Ok(_) | Err(SendError::Lasting(_)) => {}
        Err(other) => panic!("{other:?}"),
    }

    // What is meant for another way is refused for good.
    let mut astray = first.clone();
    astray.to = match receiver.address() {
        Address::Phone(_) => Address::Webhook("http://127.0.0.1:1/".to_owned()),
        _ => Address::Phone("+81-17-000-0000".to_owned()),
    };
    let error = send(receiver, &astray).await.unwrap_err();
    assert!(matches!(error, SendError::Lasting(_)), "{error:?}");
}
