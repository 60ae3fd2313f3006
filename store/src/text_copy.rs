//! COPY, the fastest way in.

use crate::database::StoreError;

/// A COPY in text format, sent in pieces.
pub(crate) struct TextCopy<'c> {
    copy: sqlx::postgres::PgCopyIn<&'c mut sqlx::PgConnection>,
    buffer: String,
}

impl<'c> TextCopy<'c> {
    pub(crate) async fn begin(
        connection: &'c mut sqlx::PgConnection,
        statement: &'static str,
    ) -> Result<Self, StoreError> {
        Ok(TextCopy {
            copy: connection.copy_in_raw(statement).await?,
            buffer: String::new(),
        })
    }

    pub(crate) async fn row(&mut self, row: &str) -> Result<(), StoreError> {
        self.buffer.push_str(row);
        if self.buffer.len() > 1 << 20 {
            self.copy.send(self.buffer.as_bytes()).await?;
            self.buffer.clear();
        }
        Ok(())
    }

    pub(crate) async fn finish(mut self) -> Result<(), StoreError> {
        if !self.buffer.is_empty() {
            self.copy.send(self.buffer.as_bytes()).await?;
        }
        self.copy.finish().await?;
        Ok(())
    }
}

/// Text as COPY wants it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\t', "\\t")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}
