//! Firms, whom to call there, and whose zone is whose: versions, the newest counts.

use crate::database::{Store, StoreError};
use crate::facts::without_nul;
use crate::instants::to_sql;
use domain::contractor::{Contact, ContactBook, ContractForm, Contractor};
use jiff::Timestamp;

/// How many rows an import changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookChanges {
    /// Firms that are new or changed.
    pub contractors: u64,
    /// Contacts that are new or changed.
    pub contacts: u64,
    /// Zones that are given to a firm, or to another.
    pub zones: u64,
    /// Firms, contacts and zones that are no longer in the book.
    pub withdrawn: u64,
}

impl Store {
    /// Makes a book the road manager's: what differs gets a new version, what is not in it is
    /// withdrawn. Former versions stay.
    ///
    /// # Errors
    /// Database errors, as for a manager that is not there.
    pub async fn keep_contact_book(
        &self,
        manager_code: &str,
        book: &ContactBook,
        now: Timestamp,
    ) -> Result<BookChanges, StoreError> {
        let mut tx = self.pool.begin().await?;
        let mut done = BookChanges::default();
        let now = to_sql(now);
        let firms = &book.contractors;
        let codes: Vec<String> = firms.iter().map(|f| without_nul(&f.code)).collect();
        let names: Vec<String> = firms.iter().map(|f| without_nul(&f.name)).collect();
        let forms: Vec<String> = firms
            .iter()
            .map(|f| f.contract.as_str().to_owned())
            .collect();
        done.contractors = sqlx::query!(
            "INSERT INTO contractor (manager_code, contractor, known_since, name, contract) \
             SELECT $1, n.contractor, $2, n.name, n.contract \
             FROM UNNEST($3::text[], $4::text[], $5::text[]) AS n (contractor, name, contract) \
             LEFT JOIN LATERAL (SELECT c.* FROM contractor c \
                  WHERE c.manager_code = $1 AND c.contractor = n.contractor \
                  ORDER BY c.known_since DESC LIMIT 1) was ON true \
             WHERE was.contractor IS NULL \
                OR (was.name, was.contract, was.withdrawn) IS DISTINCT FROM \
                   (n.name, n.contract, false)",
            manager_code,
            now,
            &codes,
            &names,
            &forms
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        done.withdrawn += sqlx::query!(
            "INSERT INTO contractor (manager_code, contractor, known_since, name, contract, \
                                     withdrawn) \
             SELECT $1, was.contractor, $2, was.name, was.contract, true \
             FROM (SELECT DISTINCT ON (contractor) * FROM contractor WHERE manager_code = $1 \
                   ORDER BY contractor, known_since DESC) was \
             WHERE NOT was.withdrawn AND was.contractor <> ALL($3)",
            manager_code,
            now,
            &codes
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        let rows = ContactColumns::of(book);
        done.contacts = rows.insert(&mut tx, manager_code, now).await?;
        done.withdrawn += rows.withdraw_others(&mut tx, manager_code, now).await?;
        let (zones, owners): (Vec<String>, Vec<String>) = firms
            .iter()
            .flat_map(|f| {
                f.zones
                    .iter()
                    .map(|z| (without_nul(z), without_nul(&f.code)))
            })
            .unzip();
        done.zones = sqlx::query!(
            "INSERT INTO contract_zone (manager_code, zone, known_since, contractor) \
             SELECT $1, n.zone, $2, n.contractor \
             FROM UNNEST($3::text[], $4::text[]) AS n (zone, contractor) \
             LEFT JOIN LATERAL (SELECT z.* FROM contract_zone z \
                  WHERE z.manager_code = $1 AND z.zone = n.zone \
                  ORDER BY z.known_since DESC LIMIT 1) was ON true \
             WHERE was.contractor IS DISTINCT FROM n.contractor",
            manager_code,
            now,
            &zones,
            &owners
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        done.withdrawn += sqlx::query!(
            "INSERT INTO contract_zone (manager_code, zone, known_since, contractor) \
             SELECT $1, was.zone, $2, NULL \
             FROM (SELECT DISTINCT ON (zone) * FROM contract_zone WHERE manager_code = $1 \
                   ORDER BY zone, known_since DESC) was \
             WHERE was.contractor IS NOT NULL AND was.zone <> ALL($3)",
            manager_code,
            now,
            &zones
        )
        .execute(&mut *tx)
        .await?
        .rows_affected();
        tx.commit().await?;
        Ok(done)
    }

    /// The road manager's book as it is now.
    ///
    /// # Errors
    /// Database errors.
    pub async fn contact_book(&self, manager_code: &str) -> Result<ContactBook, StoreError> {
        let mut book = ContactBook::default();
        let firms = sqlx::query!(
            "SELECT DISTINCT ON (contractor) contractor, name, contract, withdrawn \
             FROM contractor WHERE manager_code = $1 ORDER BY contractor, known_since DESC",
            manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        for row in firms.into_iter().filter(|row| !row.withdrawn) {
            book.contractors.push(Contractor {
                contract: ContractForm::parse(&row.contract)
                    .ok_or_else(|| StoreError::corrupt("contract", &row.contract))?,
                code: row.contractor,
                name: row.name,
                zones: Vec::new(),
                contacts: Vec::new(),
            });
        }
        let zones = sqlx::query!(
            "SELECT DISTINCT ON (zone) zone, contractor FROM contract_zone \
             WHERE manager_code = $1 ORDER BY zone, known_since DESC",
            manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        for row in zones {
            let firm = row.contractor.as_ref();
            if let Some(firm) = book.contractors.iter_mut().find(|f| Some(&f.code) == firm) {
                firm.zones.push(row.zone);
            }
        }
        let contacts = sqlx::query!(
            "SELECT n.* FROM (SELECT DISTINCT ON (contact) contact, contractor, position, name, \
                                     phone, email, webhook, withdrawn \
                              FROM contact WHERE manager_code = $1 \
                              ORDER BY contact, known_since DESC) n \
             WHERE NOT n.withdrawn ORDER BY n.position, n.contact",
            manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        for row in contacts {
            let contact = Contact {
                key: row.contact,
                name: row.name,
                phone: row.phone,
                email: row.email,
                webhook: row.webhook,
            };
            match &row.contractor {
                None => book.officers.push(contact),
                Some(code) => {
                    if let Some(firm) = book.contractors.iter_mut().find(|f| f.code == *code) {
                        firm.contacts.push(contact);
                    }
                }
            }
        }
        Ok(book)
    }
}

/// All contacts of a book, a column each.
#[derive(Default)]
struct ContactColumns {
    keys: Vec<String>,
    firms: Vec<Option<String>>,
    positions: Vec<i32>,
    names: Vec<String>,
    phones: Vec<Option<String>>,
    emails: Vec<Option<String>>,
    webhooks: Vec<Option<String>>,
}

impl ContactColumns {
    fn of(book: &ContactBook) -> Self {
        let mut columns = ContactColumns::default();
        for firm in &book.contractors {
            columns.add(Some(&firm.code), &firm.contacts);
        }
        columns.add(None, &book.officers);
        columns
    }

    fn add(&mut self, firm: Option<&str>, contacts: &[Contact]) {
        let clean = |text: &Option<String>| text.as_deref().map(without_nul);
        for (position, contact) in contacts.iter().enumerate() {
            self.keys.push(without_nul(&contact.key));
            self.firms.push(firm.map(without_nul));
            self.positions.push(position as i32);
            self.names.push(without_nul(&contact.name));
            self.phones.push(clean(&contact.phone));
            self.emails.push(clean(&contact.email));
            self.webhooks.push(clean(&contact.webhook));
        }
    }

    async fn insert(
        &self,
        connection: &mut sqlx::PgConnection,
        manager_code: &str,
        now: sqlx::types::time::OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "INSERT INTO contact (manager_code, contact, known_since, contractor, position, name, \
                                  phone, email, webhook) \
             SELECT $1, n.contact, $2, n.contractor, n.position, n.name, n.phone, n.email, \
                    n.webhook \
             FROM UNNEST($3::text[], $4::text[], $5::int4[], $6::text[], $7::text[], $8::text[], \
                         $9::text[]) \
                  AS n (contact, contractor, position, name, phone, email, webhook) \
             LEFT JOIN LATERAL (SELECT c.* FROM contact c \
                  WHERE c.manager_code = $1 AND c.contact = n.contact \
                  ORDER BY c.known_since DESC LIMIT 1) was ON true \
             WHERE was.contact IS NULL \
                OR (was.contractor, was.position, was.name, was.phone, was.email, was.webhook, \
                    was.withdrawn) IS DISTINCT FROM \
                   (n.contractor, n.position, n.name, n.phone, n.email, n.webhook, false)",
            manager_code,
            now,
            &self.keys,
            &self.firms as &[Option<String>],
            &self.positions,
            &self.names,
            &self.phones as &[Option<String>],
            &self.emails as &[Option<String>],
            &self.webhooks as &[Option<String>]
        )
        .execute(connection)
        .await?;
        Ok(done.rows_affected())
    }

    async fn withdraw_others(
        &self,
        connection: &mut sqlx::PgConnection,
        manager_code: &str,
        now: sqlx::types::time::OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "INSERT INTO contact (manager_code, contact, known_since, contractor, position, name, \
                                  phone, email, webhook, withdrawn) \
             SELECT $1, was.contact, $2, was.contractor, was.position, was.name, NULL, NULL, \
                    NULL, true \
             FROM (SELECT DISTINCT ON (contact) * FROM contact WHERE manager_code = $1 \
                   ORDER BY contact, known_since DESC) was \
             WHERE NOT was.withdrawn AND was.contact <> ALL($3)",
            manager_code,
            now,
            &self.keys
        )
        .execute(connection)
        .await?;
        Ok(done.rows_affected())
    }
}
