//! `/orders/{id}/replace`: a new order in place of one that is open.

use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::Replace;
use tradepit_engine::Origin;

use crate::edge::body;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::native::orders::{amendment_rejected, told};
use crate::native::refused::BodyRefused;
use crate::native::requests::ReplacementBody;
use crate::native::requests::parameters::KeyHeader;
use crate::native::undecided::decided;
use crate::native::wire::error::{ApiError, Coded};
use crate::native::wire::flaw::Flaws;
use crate::native::wire::id::WireId;
use crate::native::wire::idempotency::key_or_flaw;
use crate::native::wire::new_order::AmendmentDraft;
use crate::native::wire::order::WireOrder;

pub(crate) const REPLACEMENT: &str = "/orders/{id}/replace";

/// Replace an order.
///
/// The order ends as `replaced`, and at the same moment a new one stands in its place: last in line, and without delay.
/// It has what the old one had, but for what is given; its quantity is its own, and what was left of the old one where
/// nothing is said. The reply is the new order as it was accepted; `replaces` and `replaced_by` lead from one to the
/// other.
#[utoipa::path(
    post, path = REPLACEMENT, tag = "orders",
    params(("id" = uuid::Uuid, Path, description = "The order's id."), KeyHeader),
    request_body = ReplacementBody,
    responses(
        BodyRefused,
        (status = 202, description = "A rule lets it take its time, and it is not decided after 30 s: the old order \
            as it stands", body = WireOrder),
        (status = 200, description = "The new order", body = WireOrder,
            headers(("Idempotent-Replayed" = String, description = "`true` where it had been placed before"))),
        (status = 404, description = "No such order, also where the id is no UUID", body = Detail),
        (status = 409, description = "The order is closed", body = Coded),
        (status = 422, description = "Every fault of the request, or a name that stands for another order",
            body = Flaws),
    ),
)]
pub(crate) async fn replace(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
    here: Here,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    replace_as(&request, &id, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn replace_as(request: &HttpRequest, id: &str, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let id = WireId::parse(id).ok_or(ApiError::UnknownOrder)?;
    let (idempotency_key, flaw) = key_or_flaw(request.headers());
    let draft = AmendmentDraft::read_replacement(body, flaw)?;
    let origin = Origin::new(draft.client_order_id.clone(), idempotency_key);
    let replace = Replace { id, amendment: draft.amendment, quantity: draft.quantity, origin };
    match decided(here, id, here.venue().replace(replace)).await? {
        Err(undecided) => Ok(undecided),
        Ok(Ok(placed)) => Ok(told(&placed, here)),
        Ok(Err(rejection)) => Err(amendment_rejected(rejection, &draft, id, body, here).await?),
    }
}
