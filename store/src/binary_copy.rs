//! COPY in PostgreSQL's binary format: for the tables that every fix passes through, since neither
//! side then writes or reads numbers and times as text.

use crate::database::StoreError;
use jiff::Timestamp;

/// What each binary COPY begins with: signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0";
/// Microseconds from 1970 to 2000, where PostgreSQL's time begins.
const EPOCH_US: i64 = 946_684_800_000_000;
/// How much is gathered before it is sent, bytes.
const PIECE: usize = 1 << 20;

/// A COPY in binary format, sent in pieces.
pub(crate) struct BinaryCopy<'c> {
    copy: sqlx::postgres::PgCopyIn<&'c mut sqlx::PgConnection>,
    buffer: Vec<u8>,
    columns: i16,
}

impl<'c> BinaryCopy<'c> {
    /// Begins with a statement that ends in `FROM STDIN WITH (FORMAT binary)`.
    pub(crate) async fn begin(
        connection: &'c mut sqlx::PgConnection,
        statement: &'static str,
        columns: i16,
    ) -> Result<Self, StoreError> {
        let mut buffer = Vec::with_capacity(PIECE + PIECE / 8);
        buffer.extend_from_slice(HEADER);
        Ok(BinaryCopy {
            copy: connection.copy_in_raw(statement).await?,
            buffer,
            columns,
        })
    }

    /// Begins a row; all its columns must follow, in order.
    pub(crate) async fn row(&mut self) -> Result<(), StoreError> {
        if self.buffer.len() > PIECE {
            self.copy.send(&self.buffer[..]).await?;
            self.buffer.clear();
        }
        self.buffer.extend_from_slice(&self.columns.to_be_bytes());
        Ok(())
    }

    fn field(&mut self, bytes: &[u8]) {
        self.buffer
            .extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        self.buffer.extend_from_slice(bytes);
    }

    pub(crate) fn text(&mut self, value: Option<&str>) {
        match value {
            Some(text) => self.field(text.as_bytes()),
            None => self.null(),
        }
    }

    pub(crate) fn time(&mut self, at: Timestamp) {
        self.int(at.as_microsecond() - EPOCH_US);
    }

    pub(crate) fn int(&mut self, value: i64) {
        self.field(&value.to_be_bytes());
    }

    pub(crate) fn float(&mut self, value: Option<f64>) {
        match value {
            Some(value) => self.field(&value.to_be_bytes()),
            None => self.null(),
        }
    }

    fn null(&mut self) {
        self.buffer.extend_from_slice(&(-1_i32).to_be_bytes());
    }

    pub(crate) async fn finish(mut self) -> Result<(), StoreError> {
        self.buffer.extend_from_slice(&(-1_i16).to_be_bytes());
        self.copy.send(&self.buffer[..]).await?;
        self.copy.finish().await?;
        Ok(())
    }
}
