//! Every quarter of an hour, a printable ledger (台帳) of each road manager into a folder and to its
//! duty officers, for when the power goes.

use super::Dispatching;
use crate::call_outs::alive;
use crate::workers::{Shutdown, called};
use anyhow::Context;
use dispatch::ledger;
use dispatch::message::clock_time;
use domain::contractor::ContactBook;
use std::path::Path;
use std::time::Duration;

impl Dispatching {
    pub(super) async fn write_ledgers_on(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        while !*shutdown.borrow() {
            self.write_ledgers().await?;
            let pause = self.clock.real(self.ledger_every);
            tokio::select! {
                () = called(&shutdown) => {}
                () = tokio::time::sleep(pause.max(Duration::from_secs(1))) => {}
            }
        }
        Ok(())
    }

    /// Writes and mails the ledgers of all managers that have a book of contacts.
    ///
    /// # Errors
    /// Database errors, and a folder that can't be written; a mail that fails is only logged.
    pub async fn write_ledgers(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        for manager in self.store.road_managers().await? {
            let book = self.store.contact_book(&manager.code).await?;
            if book == ContactBook::default() {
                continue;
            }
            let open = self.store.open_dispatches(&manager.code).await?;
            let open = open.iter().map(alive).collect::<anyhow::Result<Vec<_>>>()?;
            let page = ledger::page(&manager.name.ja, &book, &open, now);
            let file = self.ledger_dir.join(file_name(&manager.code));
            write_whole(&file, &page).with_context(|| format!("{}", file.display()))?;
            let title = format!("【台帳】{} {}", manager.name.ja, clock_time(now));
            self.mail(&book, &title, &page).await;
        }
        Ok(())
    }

    async fn mail(&self, book: &ContactBook, title: &str, page: &str) {
        let Some(mailer) = &self.notifiers.email else {
            return;
        };
        let text = "除雪出動の台帳です。印刷して保管してください。";
        for address in book.officers.iter().filter_map(|o| o.email.as_deref()) {
            if let Err(error) = mailer.send_page(address, title, text, page).await {
                tracing::warn!("a ledger was not mailed: {error}");
            }
        }
    }
}

/// A code may be a name of one's own; as a file's it keeps letters and digits.
fn file_name(manager_code: &str) -> String {
    let safe: String = manager_code
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!("daicho-{safe}.html")
}

/// Whole or not at all, and for nobody else's eyes: it holds telephone numbers.
fn write_whole(file: &Path, page: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = file.with_extension("draft");
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    out.write_all(page.as_bytes())?;
    out.sync_all()?;
    std::fs::rename(&draft, file)
}
