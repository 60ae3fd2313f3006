//! People who sign in to the board: sessions in cookies, requests of other pages kept out, and
//! accounts that an admin lets in.

mod accounts;
mod address;
mod cookie;
mod invitations;
mod origin;
mod session;
mod signed_in;

pub(super) use accounts::{change, invite, let_in, list, put_out};
pub(super) use invitations::take as take_invitation;
pub(super) use session::{change_password, sign_in, sign_out, who_am_i};
pub(super) use signed_in::SignedIn;
