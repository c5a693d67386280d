//! The accounts with which a venue begins: what is wrong with them is told with all else that is wrong.

use tradepit_actors::{OpenAccount, Venue, Would};
use tradepit_engine::{Command, OpenAccount as Opened, Rejection};

use super::error::ControlError;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place};
use crate::native::wire::input::Input;
use crate::native::wire::new_account::AccountDraft;

/// Opens the accounts of a body at their places, in a venue that nobody finds yet; returns what is wrong with them.
pub(super) async fn open_drafts(
    venue: &Venue,
    drafts: Vec<(usize, AccountDraft<'_>)>,
) -> Result<Vec<Flaw>, ControlError> {
    let mut flaws = Vec::new();
    for (number, draft) in drafts {
        let refused = open_draft(venue, draft).await?;
        flaws.extend(refused.into_iter().map(|flaw| flaw.within([Place::Name("accounts"), Place::Position(number)])));
    }
    Ok(flaws)
}

async fn open_draft(venue: &Venue, draft: AccountDraft<'_>) -> Result<Vec<Flaw>, ControlError> {
    let open = draft.open.clone();
    let rejected = if draft.is_flawless() {
        venue.open_account(OpenAccount(open.clone())).await?.err()
    } else {
        venue.would(Would(Command::OpenAccount(open.clone()))).await?
    };
    let refused = match rejected {
        None if draft.is_flawless() => return Ok(Vec::new()),
        Some(Rejection::AccountFaulty(faults)) => draft.refused_by(&faults),
        Some(Rejection::OutOfRange) if draft.is_flawless() => draft.refused_as_out_of_range(),
        Some(Rejection::AccountTaken) if draft.is_flawless() => {
            let id = open.id.as_ref().map_or("", |id| id.as_str());
            let msg = "There is an account of this id";
            return Ok(vec![Flaw::in_body("account_exists", [Place::Name("id")], msg, Input::of_string(id))]);
        }
        _ => draft.refused_by(&[]),
    };
    match refused {
        ApiError::Invalid(Flaws { detail }) => Ok(detail),
        error => Err(error.into()),
    }
}

/// Opens accounts that another venue had; returns whether all could be.
pub(super) async fn open_again(venue: &Venue, accounts: &[Opened]) -> Result<bool, ControlError> {
    for account in accounts {
        if venue.open_account(OpenAccount(account.clone())).await?.is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}
