//! A small SMTP server (RFC 5321) that keeps the mails it is given.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it answers to a whole mail.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Code(&'static str),
    Never,
    Endless,
}

pub(crate) struct MailServer {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Answer>>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer {
            port: listener.local_addr().unwrap().port(),
            mails: Arc::default(),
            answer: Arc::new(Mutex::new(Answer::Code("250 ok"))),
        };
        let (mails, answer) = (Arc::clone(&server.mails), Arc::clone(&server.answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&mails), Arc::clone(&answer)));
            }
        });
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(crate) fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }
}

async fn serve(
    stream: TcpStream,
    mails: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Answer>>,
) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    writer.write_all(b"220 test ESMTP\r\n").await?;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim().to_ascii_uppercase();
        let said: &[u8] = if command.starts_with("EHLO") {
            b"250-test\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
        } else if command == "QUIT" {
            writer.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else if command == "DATA" {
            writer.write_all(b"354 go on\r\n").await?;
            let mut mail = String::new();
            loop {
                line.clear();
                reader.read_line(&mut line).await?;
                if line == ".\r\n" {
                    break;
                }
                mail.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            mails.lock().unwrap().push(mail);
            let answer = *answer.lock().unwrap();
            match answer {
                Answer::Code(code) => {
                    writer.write_all(code.as_bytes()).await?;
                    b"\r\n"
                }
                Answer::Never => std::future::pending().await,
                Answer::Endless => loop {
                    writer.write_all(b"250-and so on\r\n").await?;
                },
            }
        } else {
            b"250 ok\r\n"
        };
        writer.write_all(said).await?;
    }
}
