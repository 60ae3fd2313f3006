//! The person who acts for a road manager: by a key, or signed in to the board. Handlers know no
//! difference between the two.

use super::keys::{key_holder, key_of};
use super::sign_in::SignedIn;
use super::{AppState, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::sign_in::Role;
use store::{KeyHolder, Membership};

/// Names the road manager for which a person who acts for several does something.
const MANAGER_HEADER: &str = "yukimichi-manager";

/// Who asks, for which road manager. A request that changes something has at least an operator.
#[derive(Debug, Clone)]
pub(super) struct Officer {
    /// Code of the road manager for whom the person acts.
    pub manager_code: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Whether the person may record on roads of other managers too.
    pub any_manager: bool,
}

impl Officer {
    /// The manager whose admin this is.
    ///
    /// # Errors
    /// 403 for any other role.
    pub(super) fn admin_of(&self) -> Result<&str, Problem> {
        match self.role {
            Role::Admin => Ok(&self.manager_code),
            Role::Viewer | Role::Operator => Err(Problem::forbidden("this takes an admin")),
        }
    }
}

impl FromRequestParts<AppState> for Officer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if let Some(key) = key_of(parts) {
            return match key_holder(key, state).await? {
                KeyHolder::Operator {
                    manager_code,
                    name,
                    any_manager,
                } => Ok(Officer {
                    manager_code,
                    name,
                    role: Role::Operator,
                    any_manager,
                }),
                KeyHolder::Feed { .. } => Err(Problem::forbidden(
                    "this is a feed's key; acting takes a person's: \
                     `yukimichi operator key MANAGER --name NAME`",
                )),
            };
        }
        let signed_in = SignedIn::of(parts, state).await?;
        let Some(signed_in) = signed_in else {
            return Err(Problem::unauthorized(
                "a key (Authorization: Bearer KEY) or a session (POST /api/v1/session) is needed",
            ));
        };
        let wanted = parts
            .headers
            .get(MANAGER_HEADER)
            .and_then(|value| value.to_str().ok());
        let membership = membership(&signed_in.account.memberships, wanted)?;
        if membership.role == Role::Viewer && !parts.method.is_safe() {
            return Err(Problem::forbidden("a viewer only looks"));
        }
        Ok(Officer {
            manager_code: membership.manager_code.clone(),
            name: signed_in.account.name,
            role: membership.role,
            any_manager: false,
        })
    }
}

fn membership<'a>(all: &'a [Membership], wanted: Option<&str>) -> Result<&'a Membership, Problem> {
    match (all, wanted) {
        ([], _) => Err(Problem::forbidden("the account acts for no road manager")),
        ([only], None) => Ok(only),
        (_, Some(wanted)) => all
            .iter()
            .find(|m| m.manager_code == wanted)
            .ok_or_else(|| Problem::forbidden(format!("the account does not act for {wanted:?}"))),
        (several, None) => {
            let codes: Vec<&str> = several.iter().map(|m| m.manager_code.as_str()).collect();
            let detail = format!("say for whom: Yukimichi-Manager: {}", codes.join(" or "));
            Err(Problem::bad_request(detail))
        }
    }
}

/// A request that may be an officer's: people's names are told to their own manager only.
#[derive(Debug)]
pub(super) struct Reader(Vec<String>);

impl Reader {
    /// Whether names that stand beside this manager's records may be told.
    pub(super) fn knows_names_of(&self, manager_code: Option<&str>) -> bool {
        manager_code.is_some_and(|code| self.0.iter().any(|own| own == code))
    }
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if key_of(parts).is_some() {
            let officer = Officer::from_request_parts(parts, state).await?;
            return Ok(Reader(vec![officer.manager_code]));
        }
        let signed_in = SignedIn::of(parts, state).await?;
        let memberships = signed_in.map(|s| s.account.memberships).unwrap_or_default();
        Ok(Reader(
            memberships.into_iter().map(|m| m.manager_code).collect(),
        ))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn who_acts_for_several_managers_says_for_which() {
        let member = |code: &str| Membership {
            manager_code: code.to_owned(),
            role: Role::Operator,
        };
        let (one, two) = ([member("02")], [member("02"), member("02201")]);
        assert_eq!(membership(&one, None).unwrap().manager_code, "02");
        assert_eq!(
            membership(&two, Some("02201")).unwrap().manager_code,
            "02201"
        );
        assert!(membership(&two, None).is_err());
        assert!(membership(&one, Some("02201")).is_err());
        assert!(membership(&[], None).is_err());
    }
}
