//! A venue's rules: shown, and set. Served for each venue, beside what it serves to its clients.

pub(super) mod described;

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::SetRules;

use self::described::{RulesBody, WireRule};
use super::error::ControlError;
use crate::edge::body;
use crate::edge::described::described;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::edge::route::{Route, Surface, to};
use crate::native::refused::{BodyRefused, Overloaded};
use crate::native::reply::json;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::Flaws;
use crate::rules::read_body;
use crate::rules::shown::rulebook_body;

const RULES: &str = "/rules";

pub(crate) fn surface() -> Surface {
    Surface::new([Route::at(RULES)
        .control()
        .read(to(show_rules), described::<__path_show_rules>)
        .put(to(set_rules), described::<__path_set_rules>)])
}

/// Show the rules.
///
/// In the order in which they are tried, each with how many orders it was about (`matched`) and of how many it decided
/// what became of them (`used`), since it was set.
#[utoipa::path(
    get, path = RULES, tag = "rules",
    responses(
        Overloaded,
        (status = 200, description = "The rules", body = Vec<WireRule>),
        (status = 403, description = "A page of another origin asks", body = Detail),
    ),
)]
pub(crate) async fn show_rules(here: Here) -> Result<HttpResponse, ControlError> {
    let rulebook = here.venue().rules().await?;
    Ok(json(&mut HttpResponse::Ok(), rulebook_body(rulebook.as_ref())))
}

/// Set the rules.
///
/// They say what becomes of orders on purpose, in place of all that there were; `[]` is none. The list is tried in
/// order when an order is accepted, before its account's buying power is looked at, and the first rule that matches and
/// is not used up decides. Orders that are open already stay as they are. Counts begin at 0, also where the list is the
/// same. A field of `match` or `do` that there is not is 422.
///
/// Of the orders that meet the rest of `match`, `nth` is that one alone, `every` each so many, `probability` so often:
/// all are counted that were accepted or refused by a rule, also those that an earlier rule decided. What is drawn for
/// `probability` follows from the venue's seed, from what the rule says and from that count.
#[utoipa::path(
    put, path = RULES, tag = "rules",
    request_body(
        content = RulesBody,
        examples(
            ("refused" = (
                summary = "The third one is refused, those of one name are late, some trade in parts",
                value = json!([
                    {"name": "third EURUSD buy is refused", "match": {"symbol": "EURUSD", "side": "buy", "nth": 3},
                        "do": {"reject": "insufficient margin"}},
                    {"match": {"client_order_id": "slow-*"}, "do": {"delay": "5s"}},
                    {"match": {"type": "limit", "probability": 0.1},
                        "do": {"fill": ["40%", "35%", "25%"], "every": "200ms"}, "times": 10},
                ])
            )),
            ("preset" = (summary = "A list that has a name", value = json!({"preset": "brutal"}))),
            ("none" = (summary = "No rules", value = json!([]))),
        ),
    ),
    responses(BodyRefused, (status = 200, description = "The rules, which counted nothing yet", body = Vec<WireRule>)),
)]
pub(crate) async fn set_rules(
    request: HttpRequest,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ControlError> {
    let body = body::read(&request, payload).await?;
    set_as(&body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn set_as(body: &[u8], here: &Here) -> Result<HttpResponse, ControlError> {
    let rules = read_body(body).map_err(|detail| ApiError::Invalid(Flaws { detail }))?;
    let rulebook = here.venue().set_rules(SetRules(rules)).await?;
    Ok(json(&mut HttpResponse::Ok(), rulebook_body(rulebook.as_ref())))
}
