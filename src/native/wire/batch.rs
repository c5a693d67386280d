//! The body of `POST /batch`: an array, each item of which says what its own request would; and what became of each.

use actix_web::http::StatusCode;
use serde_json::value::RawValue;
use tradepit_engine::Label;
use utoipa::ToSchema;

use super::encoding::utf_8;
use super::error::ApiError;
use super::flaw::{Flaw, Flaws, Place};
use super::input::Input;
use super::json::Members;
use super::object::Object;

/// Items in one body, at most.
const ITEMS_AT_MOST: usize = 256;
/// What a key may have, so that it is a name of orders with `#` and a place behind.
const KEY_CHARACTERS: usize = Label::MAX_LEN - "#255".len();

/// What one item asks for.
pub(crate) enum Item<'a> {
    /// What `POST /orders` would be sent.
    Place(&'a [u8]),
    /// What `PATCH /orders/{id}` would be sent.
    Amend { id: String, body: &'a [u8] },
    /// What `POST /orders/{id}/replace` would be sent.
    Replace { id: String, body: &'a [u8] },
    /// `DELETE /orders/{id}`.
    Cancel { id: String },
}

/// Reads a body, which is an array; each item, or what is wrong with it.
///
/// # Errors
/// What is wrong with the whole.
pub(crate) fn read_items<'a>(body: &'a [u8], key: Option<&Label>) -> Result<Vec<Result<Item<'a>, ApiError>>, ApiError> {
    let invalid = |flaw| ApiError::Invalid(Flaws { detail: vec![flaw] });
    if let Some(key) = key.filter(|key| key.as_str().len() > KEY_CHARACTERS) {
        let msg = format!("String should have at most {KEY_CHARACTERS} characters here");
        return Err(invalid(Flaw::in_header("string_too_long", "idempotency-key", msg, key.as_str())));
    }
    let malformed = |msg: String| {
        let place = [Place::Position(0)];
        invalid(Flaw::in_body("json_invalid", place, format!("JSON decode error: {msg}"), Input::Nothing))
    };
    let body =
        utf_8(body).map_err(|encoding| malformed(format!("the body is in {encoding}, and should be in UTF-8")))?;
    if body.is_empty() {
        return Err(invalid(Flaw::in_body("missing", [], "Field required", Input::Nothing)));
    }
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| malformed(error.to_string()))?;
    if !whole.get().starts_with('[') {
        return Err(invalid(Flaw::in_body("list_type", [], "Input should be an array", whole.into())));
    }
    let items: Vec<&RawValue> = serde_json::from_str(whole.get()).map_err(|error| malformed(error.to_string()))?;
    if items.len() > ITEMS_AT_MOST {
        let msg = format!("Input should have at most {ITEMS_AT_MOST} items, and has {}", items.len());
        return Err(invalid(Flaw::in_body("too_long", [], msg, whole.into())));
    }
    Ok(items.into_iter().map(|item| read_item(item).map_err(invalid)).collect())
}

fn read_item(item: &RawValue) -> Result<Item<'_>, Flaw> {
    let msg = "Input should be an object with one of 'place', 'amend', 'replace' and 'cancel'";
    let flaw = || Flaw::in_body("batch_item", [], msg, item.into());
    let Members(members) = serde_json::from_str(item.get()).map_err(|_| flaw())?;
    let [(name, json)] = members.as_slice() else { return Err(flaw()) };
    let body = json.get().as_bytes();
    match &**name {
        "place" => Ok(Item::Place(body)),
        "amend" => Ok(Item::Amend { id: read_id(json)?, body }),
        "replace" => Ok(Item::Replace { id: read_id(json)?, body }),
        "cancel" => Ok(Item::Cancel { id: read_id(json)? }),
        _ => Err(flaw()),
    }
}

/// The id that the path of its own request would have.
fn read_id(json: &RawValue) -> Result<String, Flaw> {
    let not_an_object = |_| Flaw::in_body("model_attributes_type", [], "Input should be a JSON object", json.into());
    let Members(members) = serde_json::from_str(json.get()).map_err(not_an_object)?;
    let Some((_, id)) = members.iter().rfind(|(name, _)| name == "id") else {
        return Err(Flaw::in_body("missing", [Place::Name("id")], "Field required", json.into()));
    };
    let flaw = |_| Flaw::in_body("string_type", [Place::Name("id")], "Input should be a valid string", (*id).into());
    serde_json::from_str(id.get()).map_err(flaw)
}

/// What became of one item.
#[derive(ToSchema)]
#[schema(as = Done)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireDone {
    /// As its own request would have been answered.
    #[schema(example = 200)]
    status: u16,
    /// The same: an order, what is wrong, or null where there is none.
    #[schema(value_type = serde_json::Value)]
    body: String,
}

/// Writes what became of one item; `body` is JSON.
pub(crate) fn write_done(status: StatusCode, body: &[u8], out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.number("status", status.as_u16().into());
    json.spelled("body", str::from_utf8(body).unwrap_or("null"));
    json.end();
}
