#![allow(clippy::unwrap_used)]

use super::*;
use hub::MOST_BEHIND;

fn announcement(sequence: i64) -> Arc<Announcement> {
    Arc::new(Announcement {
        id: EventId {
            network_version: 1,
            sequence,
        },
        bytes: Bytes::from(format!("id: 1-{sequence}\n\n")),
    })
}

fn listening(hub: &EventHub, known: i64) -> Listening {
    Listening {
        first: Some(Bytes::from_static(GREETING.as_bytes())),
        known: EventId {
            network_version: 1,
            sequence: known,
        },
        receiver: hub.subscribe().unwrap(),
    }
}

/// All that a client is sent until its connection ends, or `most` parts.
async fn heard(mut at: Listening, most: usize) -> (Vec<String>, Option<Listening>) {
    let mut parts = Vec::new();
    while parts.len() < most {
        let Some((Ok(bytes), after)) = next(at).await else {
            return (parts, None);
        };
        parts.push(String::from_utf8(bytes.to_vec()).unwrap());
        at = after;
    }
    (parts, Some(at))
}

#[tokio::test]
async fn a_client_that_keeps_up_hears_all_and_one_that_does_not_is_dropped() {
    let hub = EventHub::default();
    let (quick, slow) = (listening(&hub, 0), listening(&hub, 0));
    let (greeting, mut quick) = heard(quick, 1).await;
    assert_eq!(greeting, [GREETING]);
    for sequence in 1..=2 * MOST_BEHIND as i64 {
        hub.announce(announcement(sequence));
        let (told, after) = heard(quick.unwrap(), 1).await;
        assert_eq!(told, [format!("id: 1-{sequence}\n\n")]);
        quick = after;
    }
    // The other has read nothing so far: what it missed is gone, so it must come back and ask.
    let (told, after) = heard(slow, 10).await;
    assert_eq!(told, [GREETING]);
    assert!(after.is_none(), "dropped");
    // As far behind as is allowed, and no further.
    let (behind, dropped) = (listening(&hub, 0), listening(&hub, 0));
    for sequence in 1..=MOST_BEHIND as i64 {
        hub.announce(announcement(sequence));
    }
    assert_eq!(
        heard(behind, MOST_BEHIND + 1).await.0.len(),
        MOST_BEHIND + 1
    );
    hub.announce(announcement(999));
    assert!(heard(dropped, 10).await.1.is_none());
}

#[tokio::test]
async fn what_a_client_knows_is_not_told_again() {
    let hub = EventHub::default();
    let at = listening(&hub, 5);
    for sequence in [4, 5, 6] {
        hub.announce(announcement(sequence));
    }
    let (told, _) = heard(at, 2).await;
    assert_eq!(told[1], "id: 1-6\n\n");
}
