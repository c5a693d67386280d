//! `/batch`: several requests in one, done in order, each on its own and answered as its own would have been.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use tradepit_actors::{Amend, Deed, Delay, DoTogether, Done, DoneTogether, Placed, Replace, Submit};
use tradepit_engine::{Label, Name, Origin};

use crate::edge::body;
use crate::edge::here::Here;
use crate::edge::refusal::Detail;
use crate::edge::rejects::keep_sent;
use crate::native::orders::{amendment_rejected, delay_of, read_closely, rejected};
use crate::native::refused::BodyRefused;
use crate::native::reply::json;
use crate::native::requests::batch::BatchItemBody;
use crate::native::requests::parameters::PlaceHeaders;
use crate::native::wire::batch::{self as wire, Item, Told, WireDone, read_items};
use crate::native::wire::error::{ApiError, name_taken};
use crate::native::wire::flaw::Flaws;
use crate::native::wire::id::WireId;
use crate::native::wire::idempotency::{REPLAYED, read_key};
use crate::native::wire::new_order::{AmendmentDraft, NewOrder};

pub(crate) const BATCH: &str = "/batch";

/// Do several things at once.
///
/// Up to 256 orders are placed, amended, replaced or cancelled: in order, each on its own, all in one go, so that
/// nobody else's request comes between. Each is answered as its own request would have been; one that is refused keeps
/// none of the others. The body's limit is that of every body, 64 KiB.
///
/// An `Idempotency-Key`, of at most 251 characters, holds for the whole: each order that is placed has it with `#` and
/// its place in the array behind, and is placed once. The replies to the newest keys (some 16 000 items) are
/// remembered, and given again with `Idempotent-Replayed: true`; beyond that, and after a restart, an amendment that is
/// sent again is made again.
#[utoipa::path(
    post, path = BATCH, tag = "orders",
    params(PlaceHeaders),
    request_body(
        content = Vec<BatchItemBody>,
        example = json!([
            {"place": {"stoks": "EURUSD", "quantity": 123}},
            {"place": {"stoks": "EURUSD", "side": "sell", "qty": "10", "type": "limit", "limit_price": "1.08600"}},
            {"amend": {"id": "1b4e28ba-2fa1-4d2e-883f-0016d3cca427", "qty": "5"}},
            {"replace": {"id": "1b4e28ba-2fa1-4d2e-883f-0016d3cca427", "limit_price": "1.08550"}},
            {"cancel": {"id": "1b4e28ba-2fa1-4d2e-883f-0016d3cca427"}},
        ]),
    ),
    responses(
        BodyRefused,
        (status = 207, description = "What became of each, in order", body = Vec<WireDone>,
            headers(("Idempotent-Replayed" = String, description = "`true` where it had been done before"))),
        (status = 422, description = "The body is no array, or longer than 256; or the key stands for another one",
            body = Flaws),
        (status = 503, description = "Overloaded: nothing was done", body = Detail),
    ),
)]
pub(crate) async fn batch(request: HttpRequest, payload: web::Payload, here: Here) -> Result<HttpResponse, ApiError> {
    let body = body::read(&request, payload).await?;
    batch_as(&request, &body, &here).await.inspect_err(|_| keep_sent(&request, &body))
}

async fn batch_as(request: &HttpRequest, body: &[u8], here: &Here) -> Result<HttpResponse, ApiError> {
    let key = read_key(request.headers()).map_err(|flaw| ApiError::Invalid(Flaws { detail: vec![flaw] }))?;
    let accounts = here.venue().accounts();
    let mut items = read_items(body, key.as_ref(), accounts)?;
    let (mut deeds, delay) = (Vec::with_capacity(items.len()), delay_of(request));
    for (place, read) in items.iter_mut().enumerate() {
        let own_key = key.as_ref().map(|key| (key, place));
        let deed = match read {
            Ok(item) => read_item(item, own_key, delay, here).await.map_err(|error| *read = Err(error)).ok(),
            Err(_) => None,
        };
        deeds.push(deed);
    }
    let (done, again) = match here.venue().together(DoTogether { deeds, key: key.clone() }).await? {
        DoneTogether::Done { done, again } => (done, again),
        DoneTogether::KeyTaken => {
            let flaws = key.map(|key| name_taken(&Name::IdempotencyKey(key))).into_iter();
            return Err(ApiError::Invalid(Flaws { detail: flaws.collect() }));
        }
    };
    let mut out = wire::Done::of(items.len());
    for (item, done) in items.into_iter().zip(done) {
        let told = match item {
            Err(error) => Err(error),
            Ok(item) => answer(&item, done, here).await,
        };
        out.tell(&told, accounts);
    }
    let mut response = HttpResponse::build(StatusCode::MULTI_STATUS);
    if again {
        response.insert_header((REPLAYED, "true"));
    }
    Ok(json(&mut response, out.end()))
}

/// What an item asks for; or what its own request would be told at once.
async fn read_item(
    item: &mut Item<'_>,
    key: Option<(&Label, usize)>,
    delay: Delay,
    here: &Here,
) -> Result<Deed, ApiError> {
    match item {
        Item::Place(body, order) => {
            let NewOrder { symbol, quantity, client_order_id, asked, group } = match order.take() {
                Some(order) => order,
                None => read_closely(body, None, here).await?,
            };
            let origin = Origin::new(client_order_id, own_key(key));
            Ok(Deed::Place(Submit { symbol, quantity, delay, origin, asked, group }))
        }
        Item::Amend { id, body } => {
            let id = WireId::parse(id).ok_or(ApiError::UnknownOrder)?;
            let AmendmentDraft { amendment, quantity, .. } = AmendmentDraft::read(body)?;
            Ok(Deed::Amend(Amend { id, amendment, quantity }))
        }
        Item::Replace { id, body } => {
            let id = WireId::parse(id).ok_or(ApiError::UnknownOrder)?;
            let AmendmentDraft { amendment, quantity, client_order_id, .. } =
                AmendmentDraft::read_replacement(body, None)?;
            let origin = Origin::new(client_order_id, own_key(key));
            Ok(Deed::Replace(Replace { id, amendment, quantity, origin }))
        }
        Item::Cancel { id } => Ok(Deed::Cancel(WireId::parse(id).ok_or(ApiError::UnknownOrder)?)),
    }
}

/// The key that an order has of its own where one holds for the whole.
fn own_key(key: Option<(&Label, usize)>) -> Option<Label> {
    key.and_then(|(key, place)| Label::new(&format!("{}#{place}", key.as_str())).ok())
}

/// What the request of an item would have been answered.
async fn answer(item: &Item<'_>, done: Done, here: &Here) -> Told {
    match done {
        Done::Placed(Ok(Placed::New(order) | Placed::Again(order)))
        | Done::Replaced(Ok(Placed::New(order) | Placed::Again(order)))
        | Done::Amended(Ok(order)) => Ok(Some(order)),
        Done::Placed(Err(rejection)) | Done::Replaced(Err(rejection)) | Done::Amended(Err(rejection)) => {
            Err(match item {
                Item::Place(body, _) => rejected(rejection, body, here).await?,
                Item::Amend { id, body } => {
                    let id = WireId::parse(id).ok_or(ApiError::UnknownOrder)?;
                    amendment_rejected(rejection, &AmendmentDraft::read(body)?, id, body, here).await?
                }
                Item::Replace { id, body } => {
                    let id = WireId::parse(id).ok_or(ApiError::UnknownOrder)?;
                    amendment_rejected(rejection, &AmendmentDraft::read_replacement(body, None)?, id, body, here)
                        .await?
                }
                Item::Cancel { .. } => ApiError::UnknownOrder,
            })
        }
        Done::Cancelled(true) => Ok(None),
        Done::Cancelled(false) | Done::Nothing => Err(ApiError::UnknownOrder),
    }
}
