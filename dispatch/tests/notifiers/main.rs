//! One suite for all notifiers, each against a real server of its kind in the test.
#![allow(clippy::unwrap_used)]

mod mail_server;
mod push_reader;
mod suite;
mod web_server;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dispatch::notify::{
    Address, EmailNotifier, EmailSettings, Message, Notifier, Secret, Security, SendError,
    VapidKey, VoiceNotifier, WebPushNotifier, WebhookNotifier,
};
use mail_server::MailServer;
use push_reader::Browser;
use serde_json::{Value, json};
use suite::{Receiver, run};
use web_server::WebServer;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn message(key: &str, to: Address) -> Message {
    Message {
        key: key.to_owned(),
        at: "2026-01-15T05:00:00+09:00".parse().unwrap(),
        to,
        title: "【出動要請】第1工区 新積雪 12 cm ≥ 10 cm".to_owned(),
        text: "第1工区への出動を要請します。\n期限 6:00\n.\n終わり".to_owned(),
        link: Some("https://example.jp/call/abc".to_owned()),
        kind: "dispatch.request".to_owned(),
        data: json!({"zone": "第1工区"}),
    }
}

struct OverHttp {
    server: WebServer,
    notifier: Box<dyn Notifier>,
    to: Box<dyn Fn(&str) -> Address>,
    key_header: &'static str,
    /// Statuses of this receiver for: for good, and for now.
    lasting: u16,
}

impl Receiver for OverHttp {
    fn notifier(&self) -> &dyn Notifier {
        self.notifier.as_ref()
    }

    fn address(&self) -> Address {
        (self.to)(&self.server.url())
    }

    fn answers(&self, how: suite::Answer) {
        self.server.answers(match how {
            suite::Answer::Taken => web_server::Answer::Status(201),
            suite::Answer::Lasting => web_server::Answer::Status(self.lasting),
            suite::Answer::Passing => web_server::Answer::Status(503),
            suite::Answer::Never => web_server::Answer::Never,
            suite::Answer::Endless => web_server::Answer::Endless,
        });
    }

    fn keys(&self) -> Vec<String> {
        let requests = self.server.requests();
        requests.iter().map(|r| r.header(self.key_header)).collect()
    }
}

struct OverSmtp {
    server: MailServer,
    notifier: EmailNotifier,
}

impl Receiver for OverSmtp {
    fn notifier(&self) -> &dyn Notifier {
        &self.notifier
    }

    fn address(&self) -> Address {
        Address::Email("山田太郎 <taro@example.jp>".to_owned())
    }

    fn answers(&self, how: suite::Answer) {
        self.server.answers(match how {
            suite::Answer::Taken => mail_server::Answer::Code("250 taken"),
            suite::Answer::Lasting => mail_server::Answer::Code("550 no such person"),
            suite::Answer::Passing => mail_server::Answer::Code("451 later"),
            suite::Answer::Never => mail_server::Answer::Never,
            suite::Answer::Endless => mail_server::Answer::Endless,
        });
    }

    fn keys(&self) -> Vec<String> {
        let mails = self.server.mails();
        mails
            .iter()
            .map(|mail| {
                let line = mail
                    .lines()
                    .find(|l| l.starts_with("Message-ID: <"))
                    .unwrap();
                line["Message-ID: <".len()..]
                    .split('@')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }
}

fn webhook(server: WebServer) -> OverHttp {
    let secret = Secret::parse(SECRET).unwrap();
    OverHttp {
        server,
        notifier: Box::new(WebhookNotifier::new(Some(secret), true).unwrap()),
        to: Box::new(|url| Address::Webhook(url.to_owned())),
        key_header: "webhook-id",
        lasting: 400,
    }
}

fn push(server: WebServer, browser: &Browser) -> OverHttp {
    let key = VapidKey::parse(&URL_SAFE_NO_PAD.encode([9; 32]), "mailto:snow@example.jp");
    let (p256dh, auth) = (browser.public_key(), browser.auth());
    OverHttp {
        server,
        notifier: Box::new(WebPushNotifier::new(key.unwrap(), true).unwrap()),
        to: Box::new(move |url| Address::Push {
            endpoint: url.to_owned(),
            p256dh: p256dh.clone(),
            auth: auth.clone(),
        }),
        key_header: "topic",
        lasting: 413,
    }
}

async fn mail(server: MailServer) -> OverSmtp {
    let settings = EmailSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        security: Security::None,
        credentials: None,
        from: "雪道 <yukimichi@example.jp>".to_owned(),
    };
    OverSmtp {
        notifier: EmailNotifier::new(&settings).unwrap(),
        server,
    }
}

#[tokio::test]
async fn webhooks_conform() {
    run(&webhook(WebServer::start().await)).await;
}

#[tokio::test]
async fn web_push_conforms() {
    run(&push(WebServer::start().await, &Browser::new())).await;
}

#[tokio::test]
async fn email_conforms() {
    run(&mail(MailServer::start().await).await).await;
}

#[tokio::test]
async fn voice_calls_conform() {
    let server = WebServer::start().await;
    let notifier = VoiceNotifier::new(&server.url(), None, true).unwrap();
    let receiver = OverHttp {
        server,
        notifier: Box::new(notifier),
        to: Box::new(|_| Address::Phone("+81-17-000-0000".to_owned())),
        key_header: "webhook-id",
        lasting: 422,
    };
    run(&receiver).await;
    let body: Value = serde_json::from_slice(&receiver.server.requests()[0].body).unwrap();
    assert_eq!(body["type"], "voice.call");
    assert_eq!(body["data"]["to"], "+81-17-000-0000");
}

#[tokio::test]
async fn a_webhooks_body_is_what_was_signed() {
    let receiver = webhook(WebServer::start().await);
    receiver.answers(suite::Answer::Taken);
    let message = message("msg_1", receiver.address());
    receiver.notifier().send(&message).await.unwrap();
    let request = &receiver.server.requests()[0];
    let signed = format!("msg_1.{}.", message.at.as_second());
    let signed = [signed.as_bytes(), &request.body].concat();
    let key = base64::engine::general_purpose::STANDARD
        .decode(&SECRET["whsec_".len()..])
        .unwrap();
    use hmac::Mac;
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(&signed);
    let wanted = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(request.header("webhook-signature"), format!("v1,{wanted}"));
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["type"], "dispatch.request");
    assert_eq!(body["data"]["zone"], "第1工区");
    assert_eq!(body["title"], message.title);
}

#[tokio::test]
async fn a_browser_reads_what_was_pushed_and_one_that_is_gone_is_known() {
    let browser = Browser::new();
    let receiver = push(WebServer::start().await, &browser);
    receiver.answers(suite::Answer::Taken);
    let message = message("msg_1", receiver.address());
    receiver.notifier().send(&message).await.unwrap();
    let request = receiver.server.requests()[0].clone();
    assert_eq!(request.header("content-encoding"), "aes128gcm");
    assert_eq!(request.header("urgency"), "high");
    let read: Value = serde_json::from_slice(&browser.read(&request.body)).unwrap();
    assert_eq!(read["title"], message.title);
    assert_eq!(read["link"], "https://example.jp/call/abc");
    push_reader::check_token(&request.header("authorization"), &receiver.server.url());
    receiver.server.answers(web_server::Answer::Status(410));
    let error = receiver.notifier().send(&message).await.unwrap_err();
    assert!(matches!(error, SendError::Gone(_)), "{error:?}");
}

#[tokio::test]
async fn a_mail_says_all_in_japanese() {
    let receiver = mail(MailServer::start().await).await;
    receiver.answers(suite::Answer::Taken);
    let message = message("msg_1", receiver.address());
    receiver.notifier().send(&message).await.unwrap();
    let mail = receiver.server.mails().remove(0);
    assert!(mail.contains("To: =?utf-8?"), "{mail}");
    assert!(mail.contains("<taro@example.jp>"), "{mail}");
    assert!(mail.contains("Idempotency-Key: msg_1"), "{mail}");
    let (_, body) = mail.split_once("\r\n\r\n").unwrap();
    assert!(mail.contains("Content-Transfer-Encoding: base64"), "{mail}");
    let body: String = body.split_whitespace().collect();
    let text = base64::engine::general_purpose::STANDARD
        .decode(body)
        .unwrap();
    let text = String::from_utf8(text).unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), message.text);
}

#[tokio::test]
async fn private_addresses_are_refused_unless_they_are_meant() {
    let server = WebServer::start().await;
    let secret = Secret::parse(SECRET).unwrap();
    let notifier = WebhookNotifier::new(Some(secret), false).unwrap();
    let port = server.port();
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let to = Address::Webhook(format!("http://{host}:{port}/"));
        let error = notifier.send(&message("m", to)).await.unwrap_err();
        let SendError::Lasting(reason) = error else {
            panic!("{host}: {error:?}");
        };
        assert!(reason.contains("private"), "{reason}");
    }
    assert!(server.requests().is_empty());
}
