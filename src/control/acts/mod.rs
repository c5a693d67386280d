//! What is made to happen to an order by hand, in place of what would by itself.
//!
//! Served for each venue, beside what it serves to its clients.

mod body;

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{ActOn, FindFilled};
use tradepit_engine::{OrderId, Rejection};

use self::body::{ActBody, ActDraft};
use super::error::ControlError;
use crate::edge::body as sent;
use crate::edge::described::described;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::edge::route::{Route, Surface, to};
use crate::native::market::instrument;
use crate::native::refused::BodyRefused;
use crate::native::reply::json;
use crate::native::wire::error::{ApiError, Coded};
use crate::native::wire::fill::{SHOWN_AT_MOST, WireShownOrder, shown_body};
use crate::native::wire::id::WireId;

const ACTS: &str = "/orders/{id}/acts";

pub(crate) fn surface() -> Surface {
    Surface::new([Route::at(ACTS).control().post(to(act), described::<__path_act>)])
}

/// Make something happen to an order.
///
/// In place of what would by itself, at once, and by the same door: accounts and numbers follow as ever, and what
/// follows for other orders has happened when this is answered.
///
/// `arrive`: an order on its way reaches the exchange now. `hold`: it stays on its way until another act, `due_at` is
/// null meanwhile; `release` lets it reach the exchange. `reject`: the exchange does not take it. `fill`: the house
/// trades with one that has arrived, as much as is left and at its limit unless said otherwise; one without a limit is
/// filled at the best price of the other side. `cancel` and `expire` end it, wherever it stands.
#[utoipa::path(
    post, path = ACTS, tag = "acts",
    params(("id" = uuid::Uuid, Path, description = "The order's id.")),
    request_body(
        content = ActBody,
        examples(
            ("arrive" = (summary = "It reaches the exchange now", value = json!({"act": "arrive"}))),
            ("fill" = (
                summary = "A part of it trades with the house",
                value = json!({"act": "fill", "qty": "40", "price": "1.08490"})
            )),
            ("reject" = (
                summary = "The exchange does not take it",
                value = json!({"act": "reject", "reason_text": "insufficient margin"})
            )),
            ("cancel" = (summary = "It ends as canceled", value = json!({"act": "cancel"}))),
            ("expire" = (summary = "It ends as expired", value = json!({"act": "expire"}))),
            ("hold" = (summary = "It stays on its way", value = json!({"act": "hold"}))),
            ("release" = (summary = "It stays no longer", value = json!({"act": "release"}))),
        ),
    ),
    responses(
        BodyRefused,
        (status = 200, description = "The order as it stands now", body = WireShownOrder),
        (status = 404, description = "No such order, also where the id is no UUID", body = Detail),
        (status = 409, description = "The order is closed (`order_closed`), or stands so that this cannot happen to \
            it: `not_arrived`, `has_arrived`, `waits_for_parent`, `waits_for_price`, `not_trading`, `not_on_hold`",
            body = Coded),
    ),
)]
pub(crate) async fn act(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ControlError> {
    let body = sent::read(&request, payload).await?;
    act_as(&id, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn act_as(id: &str, body: &[u8], here: &Here) -> Result<HttpResponse, ControlError> {
    let id = WireId::parse(id).ok_or(ApiError::UnknownOrder)?;
    let draft = ActDraft::read(body)?;
    let act = draft.act.clone();
    if let Err(rejection) = here.venue().act(ActOn { id, act }).await? {
        return Err(rejected(rejection, &draft, id, here).await?);
    }
    let find = FindFilled { id, at_most: SHOWN_AT_MOST };
    let (order, fills) = here.venue().find_filled(find).await?.ok_or(ApiError::UnknownOrder)?;
    Ok(json(&mut HttpResponse::Ok(), shown_body(&order, &fills, here.venue().accounts())))
}

/// What to tell of an act that was well written and was refused all the same.
async fn rejected(
    rejection: Rejection,
    draft: &ActDraft<'_>,
    id: OrderId,
    here: &Here,
) -> Result<ControlError, ControlError> {
    Ok(match rejection {
        Rejection::OrderClosed => ApiError::OrderClosed.into(),
        Rejection::Hindered(hindrance) => ControlError::Hindered(hindrance),
        Rejection::Faulty(faults) => {
            // The order's instrument names the steps that were not kept.
            let order = here.venue().find(id).await?.ok_or(ApiError::UnknownOrder)?;
            let instrument = instrument(here, order.symbol).await?.ok_or(ApiError::UnknownInstrument)?;
            draft.refused_by(&faults, &instrument).into()
        }
        // No act is refused otherwise.
        _ => ApiError::UnknownOrder.into(),
    })
}
