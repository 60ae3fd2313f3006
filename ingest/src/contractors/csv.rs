//! The book as CSV, a row for each person: `contractor,contractor_name,contract,zones,name,phone,email`
//! and optional `contact,webhook`, or the Japanese words for them. A row without a firm is a duty
//! officer; of a firm's further rows only the person counts. Zones are parted by `;` or 、.

use super::DecodedBook;
use super::book::{BookBuilder, Firm, Person};
use crate::decoded::DecodeError;
use crate::table::{Column, ColumnNames, Table, TableSettings};
use crate::text::decode_text;

const ENGLISH: [&str; 7] = [
    "contractor",
    "contractor_name",
    "contract",
    "zones",
    "name",
    "phone",
    "email",
];
const JAPANESE: [&str; 7] = [
    "業者コード",
    "業者名",
    "契約",
    "工区",
    "氏名",
    "電話",
    "メール",
];
const CONTACT: [&str; 2] = ["contact", "連絡先コード"];
const WEBHOOK: [&str; 2] = ["webhook", "Webhook"];

pub(super) fn decode(bytes: &[u8]) -> Result<DecodedBook, DecodeError> {
    let text = decode_text(bytes, None)?;
    let (table, columns) = match open(&text, ENGLISH) {
        Ok(opened) => opened,
        Err(error) => open(&text, JAPANESE).map_err(|_| error)?,
    };
    let optional = |names: [&str; 2]| {
        let mut cells = table.header().iter();
        cells.position(|cell| names.contains(&cell.as_str()))
    };
    let (contact, webhook) = (optional(CONTACT), optional(WEBHOOK));
    let mut builder = BookBuilder::default();
    let mut rows = table.rows();
    while let Some(row) = rows.next_row() {
        let row = match row {
            Ok(row) => row,
            Err(rejection) => {
                let place = format!("line {}", rejection.position);
                builder.refuse(&place, "row", rejection.reason);
                continue;
            }
        };
        let place = format!("line {}", row.line());
        let [code, firm_name, contract, zones, name, phone, email] = columns.map(|c| row.get(c));
        let person = Person {
            key: contact.map(|at| row.cell(at)).unwrap_or_default(),
            name,
            phone,
            email,
            webhook: webhook.map(|at| row.cell(at)).unwrap_or_default(),
        };
        if code.trim().is_empty() {
            builder.person(&place, None, &person);
            continue;
        }
        let firm = Firm {
            code,
            name: firm_name,
            contract,
        };
        if let Some(at) = builder.firm(&place, &firm) {
            for zone in zones.split([';', '；', '、']) {
                builder.zone(&place, at, zone);
            }
            builder.person(&place, Some(at), &person);
        }
    }
    Ok(builder.finish())
}

fn open<'t>(text: &'t str, names: [&str; 7]) -> Result<(Table<'t>, [Column; 7]), DecodeError> {
    let mut wanted = ColumnNames::default();
    let columns = names.map(|name| wanted.add(name, name));
    let table = Table::open(text, &TableSettings::default(), &wanted)?;
    Ok((table, columns))
}
