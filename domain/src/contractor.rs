//! Firms that clear zones by contract (除雪業者), and whom to call there.

use serde::{Deserialize, Serialize};

/// Form of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractForm {
    /// 全面委託.
    Full,
    /// シーズン契約.
    Seasonal,
    /// 単価契約.
    Hourly,
}

impl ContractForm {
    /// All forms with their interface names and the words that people use.
    pub const ALL: [(ContractForm, &'static str, &'static str); 3] = [
        (ContractForm::Full, "full", "全面委託"),
        (ContractForm::Seasonal, "seasonal", "シーズン契約"),
        (ContractForm::Hourly, "hourly", "単価契約"),
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The word that people use.
    pub fn ja(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.1 == name).map(|f| f.0)
    }
}

/// A person who can be called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Names the person within the road manager's book.
    pub key: String,
    /// Name.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Address of a webhook.
    pub webhook: Option<String>,
}

/// A firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contractor {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Form of its contract.
    pub contract: ContractForm,
    /// Its zones, normalised.
    pub zones: Vec<String>,
    /// Whom to call, in turn.
    pub contacts: Vec<Contact>,
}

/// A road manager's book of firms and duty officers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactBook {
    /// The firms, by code.
    pub contractors: Vec<Contractor>,
    /// The duty officers, in turn.
    pub officers: Vec<Contact>,
}

impl ContactBook {
    /// The firm whose zone it is by contract.
    pub fn firm_of(&self, zone: &str) -> Option<&Contractor> {
        self.contractors
            .iter()
            .find(|firm| firm.zones.iter().any(|z| z == zone))
    }

    /// A firm.
    pub fn firm(&self, code: &str) -> Option<&Contractor> {
        self.contractors.iter().find(|firm| firm.code == code)
    }

    /// A person, with the person's firm; officers have none.
    pub fn contact(&self, key: &str) -> Option<(&Contact, Option<&Contractor>)> {
        let of_firms = self.contractors.iter().flat_map(|firm| {
            firm.contacts
                .iter()
                .map(move |contact| (contact, Some(firm)))
        });
        self.officers
            .iter()
            .map(|officer| (officer, None))
            .chain(of_firms)
            .find(|(contact, _)| contact.key == key)
    }
}
