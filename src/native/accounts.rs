//! `/accounts`: open, list, show; and what comes in from outside, or goes out.

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{OpenAccount, Piece, ReadAccounts, Transfer, WhichAccount, Would};
use tradepit_engine::{AccountFault, AccountId, AccountNumber, AccountStanding, Command, Rejection, Transferred};

use crate::edge::body;
use crate::edge::gate::Gate;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::native::refused::{BodyRefused, Overloaded, QueryRefused};
use crate::native::reply::{json, page};
use crate::native::requests::accounts::{AccountsParameters, NewAccountBody, TransferBody};
use crate::native::wire::account::{
    WireAccount, WireTransfer, account_body, accounts_body, read_which_accounts, transfer_body,
};
use crate::native::wire::error::{ApiError, Coded};
use crate::native::wire::new_account::{AccountDraft, TransferDraft};

pub(crate) const ACCOUNTS: &str = "/accounts";
pub(crate) const ACCOUNT: &str = "/accounts/{id}";
pub(crate) const TRANSFERS: &str = "/accounts/{id}/transfers";

/// Open an account.
///
/// What a `margin` account may take on is leverage × equity, less the size of its positions, less what its open orders
/// would add to that. A `spot` account borrows nothing: what its orders would pay, or give, is locked. `house`, `fees`
/// and `default` are always there; `default` has no limit.
#[utoipa::path(
    post, path = ACCOUNTS, tag = "accounts",
    request_body(
        content = NewAccountBody,
        examples(
            ("plain" = (summary = "100000 dollars, not leveraged", value = json!({}))),
            ("margin" = (
                summary = "Twice its equity, in two currencies",
                value = json!({"kind": "margin", "currency": "USD", "cash": {"USD": "25000", "EUR": "1000.50"},
                    "leverage": "2", "self_trade": "cancel_oldest"})
            )),
            ("spot" = (
                summary = "Nothing is borrowed",
                value = json!({"kind": "spot", "cash": {"USD": 5000, "BTC": "0.25"}})
            )),
        ),
    ),
    responses(
        BodyRefused,
        (status = 201, description = "The account", body = WireAccount),
        (status = 409, description = "There is an account of this id", body = Coded),
        (status = 503, description = "Overloaded, or full of accounts", body = Detail),
    ),
)]
pub(crate) async fn open_account(
    request: HttpRequest,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    open_as(&body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn open_as(body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let draft = AccountDraft::read(body)?;
    if !draft.is_flawless() {
        let faults = against(here, Command::OpenAccount(draft.open.clone())).await?;
        return Err(draft.refused_by(&faults));
    }
    match here.venue().open_account(OpenAccount(draft.open.clone())).await? {
        Ok(standing) => Ok(json(&mut HttpResponse::Created(), account_body(&standing))),
        Err(Rejection::AccountFaulty(faults)) => Err(draft.refused_by(&faults)),
        Err(Rejection::TooManyAccounts) => Err(ApiError::overloaded("There are as many accounts as there may be")),
        Err(Rejection::OutOfRange) => Err(draft.refused_as_out_of_range()),
        // No other account is refused otherwise.
        Err(_) => Err(ApiError::AccountTaken),
    }
}

/// What the venue has against an account or a transfer, beside what is wrong with it by itself.
async fn against(here: &Here, command: Command) -> Result<Vec<AccountFault>, ApiError> {
    Ok(match here.venue().would(Would(command)).await? {
        Some(Rejection::AccountFaulty(faults)) => faults,
        _ => Vec::new(),
    })
}

/// List accounts.
///
/// In the order in which they were opened. When there are more than asked for, the header `Link` names the next page.
#[utoipa::path(
    get, path = ACCOUNTS, tag = "accounts",
    params(AccountsParameters),
    responses(
        QueryRefused,
        (status = 200, description = "Accounts", body = Vec<WireAccount>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` when there are more"))),
    ),
)]
pub(crate) async fn list_accounts(
    request: HttpRequest,
    gate: web::Data<Gate>,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let which = read_which_accounts(request.query_string(), here.venue().accounts())?;
    let found = here.venue().read_accounts(ReadAccounts(which)).await?;
    let Piece { items, has_more } = found.ok_or(ApiError::UnknownAccount)?;
    let last = items.last().filter(|_| has_more).map(|last| last.account.id);
    Ok(page(&request, &gate, ACCOUNTS, last.as_ref().map(AccountId::as_str), accounts_body(&items)))
}

/// Show an account.
#[utoipa::path(
    get, path = ACCOUNT, tag = "accounts",
    params(("id" = String, Path, description = "The account's id.", example = "default")),
    responses(
        Overloaded,
        (status = 200, description = "The account", body = WireAccount),
        (status = 404, description = "No such account", body = Detail),
    ),
)]
pub(crate) async fn show_account(id: web::Path<String>, here: Here) -> Result<HttpResponse, ApiError> {
    let standing = standing(&here, find_account(&here, &id)?).await?;
    Ok(json(&mut HttpResponse::Ok(), account_body(&standing)))
}

/// Transfer money.
///
/// It comes in from outside, or goes out where the amount is below zero: then as far as buying power reaches.
#[utoipa::path(
    post, path = TRANSFERS, tag = "accounts",
    params(("id" = String, Path, description = "The account's id.", example = "default")),
    request_body(
        content = TransferBody,
        examples(
            ("in" = (summary = "A thousand dollars come in", value = json!({"currency": "USD", "amount": "1000"}))),
            ("out" = (summary = "A part of them goes out", value = json!({"currency": "USD", "amount": -250.5}))),
        ),
    ),
    responses(
        BodyRefused,
        (status = 201, description = "The transfer", body = WireTransfer),
        (status = 403, description = "It is more than the account's buying power", body = Coded),
        (status = 404, description = "No such account, or one of the house", body = Detail),
    ),
)]
pub(crate) async fn transfer(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    transfer_as(&id, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn transfer_as(id: &str, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let account = find_account(here, id)?;
    let draft = TransferDraft::read(body)?;
    let Some((currency, amount)) = draft.transfer() else {
        let own = standing(here, account).await?.account.currency;
        let (currency, amount) = draft.nearest(own);
        let faults = against(here, Command::Transfer(Transferred { account, currency, amount })).await?;
        return Err(draft.refused_by(&faults));
    };
    let transferred = Transferred { account, currency, amount };
    match here.venue().transfer(Transfer(transferred)).await? {
        Ok(done) => Ok(json(&mut HttpResponse::Created(), transfer_body(done, id, &transferred))),
        Err(Rejection::AccountFaulty(faults)) => Err(draft.refused_by(&faults)),
        Err(Rejection::OutOfRange) => Err(draft.refused_as_out_of_range()),
        Err(Rejection::InsufficientBuyingPower) => Err(ApiError::INSUFFICIENT_BUYING_POWER),
        // What the house has nobody else moves.
        Err(_) => Err(ApiError::UnknownAccount),
    }
}

/// The account of this id.
pub(crate) fn find_account(here: &Here, id: &str) -> Result<AccountNumber, ApiError> {
    let found = AccountId::new(id).ok().and_then(|id| here.venue().accounts().number(id));
    found.ok_or(ApiError::UnknownAccount)
}

async fn standing(here: &Here, account: AccountNumber) -> Result<AccountStanding, ApiError> {
    let found = here.venue().read_accounts(ReadAccounts(WhichAccount::One(account))).await?;
    found.and_then(|mut found| found.items.pop()).ok_or(ApiError::UnknownAccount)
}
