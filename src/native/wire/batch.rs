//! The body of `POST /batch`: an array, each item of which says what its own request would; and what became of each.

use actix_web::ResponseError as _;
use actix_web::http::StatusCode;
use serde_json::value::RawValue;
use tradepit_actors::AccountIds;
use tradepit_engine::{Label, Order};
use utoipa::ToSchema;

use super::body::scan::Scan;
use super::encoding::utf_8;
use super::error::ApiError;
use super::flaw::{Flaw, Flaws, Place};
use super::input::Input;
use super::json::Members;
use super::new_order::NewOrder;
use super::object::Object;
use super::order::{ORDER_BYTES, write_order};

/// Items in one body, at most.
const ITEMS_AT_MOST: usize = 256;
/// What a key may have, so that it is a name of orders with `#` and a place behind.
const KEY_CHARACTERS: usize = Label::MAX_LEN - "#255".len();

/// What one item asks for.
pub(crate) enum Item<'a> {
    /// What `POST /orders` would be sent; and the order, where it was read on the way.
    Place(&'a [u8], Option<NewOrder>),
    /// What `PATCH /orders/{id}` would be sent.
    Amend { id: String, body: &'a [u8] },
    /// What `POST /orders/{id}/replace` would be sent.
    Replace { id: String, body: &'a [u8] },
    /// `DELETE /orders/{id}`.
    Cancel { id: String },
}

/// Each item, or what is wrong with it.
type Items<'a> = Vec<Result<Item<'a>, ApiError>>;

/// Reads a body, which is an array.
///
/// # Errors
/// What is wrong with the whole.
pub(crate) fn read_items<'a>(
    body: &'a [u8],
    key: Option<&Label>,
    accounts: &AccountIds,
) -> Result<Items<'a>, ApiError> {
    if let Some(key) = key.filter(|key| key.as_str().len() > KEY_CHARACTERS) {
        let msg = format!("String should have at most {KEY_CHARACTERS} characters here");
        return Err(invalid(Flaw::in_header("string_too_long", "idempotency-key", msg, key.as_str())));
    }
    scan_items(body, accounts).map_or_else(|| read_closely(body), Ok)
}

fn invalid(flaw: Flaw) -> ApiError {
    ApiError::Invalid(Flaws { detail: vec![flaw] })
}

/// The items, read in one pass; `None` where the whole is not as it should be.
fn scan_items<'a>(body: &'a [u8], accounts: &AccountIds) -> Option<Items<'a>> {
    let mut scan = Scan::of(body);
    let mut items = Vec::new();
    scan.has(b'[')?;
    loop {
        scan.peek()?;
        let mut ahead = scan.clone();
        if let Some(item) = scan_order(&mut ahead, accounts) {
            scan = ahead;
            items.push(Ok(item));
        } else {
            let mut values = serde_json::Deserializer::from_slice(scan.rest()).into_iter::<&RawValue>();
            let item = values.next()?.ok()?;
            scan.pass(values.byte_offset());
            items.push(read_item(item).map_err(invalid));
        }
        match scan.next()? {
            b',' if items.len() < ITEMS_AT_MOST => {}
            b']' if scan.is_done() => return Some(items),
            _ => return None,
        }
    }
}

/// What nearly every item is: an order to place, as nearly every one is spelled.
fn scan_order<'a>(scan: &mut Scan<'a>, accounts: &AccountIds) -> Option<Item<'a>> {
    scan.has(b'{')?;
    if scan.text()? != b"place" {
        return None;
    }
    scan.has(b':')?;
    scan.peek()?;
    let (body, before) = (scan.rest(), scan.at());
    let order = NewOrder::scan(scan, accounts)?;
    let body = &body[..scan.at() - before];
    scan.has(b'}')?;
    Some(Item::Place(body, Some(order)))
}

/// The items, or what is wrong with the whole.
fn read_closely(body: &[u8]) -> Result<Items<'_>, ApiError> {
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
        "place" => Ok(Item::Place(body, None)),
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

/// What became of one item: an order that was placed or changed, one that was cancelled, of which nothing is told, or
/// what is wrong.
pub(crate) type Told = Result<Option<Order>, ApiError>;

/// What became of all, in order.
pub(crate) struct Done(Vec<u8>);

impl Done {
    /// Room for so many.
    pub(crate) fn of(items: usize) -> Done {
        Done(Vec::with_capacity(items * (ORDER_BYTES + r#",{"status":200,"body":}"#.len()) + 2))
    }

    /// Adds what became of the next one.
    pub(crate) fn tell(&mut self, told: &Told, accounts: &AccountIds) {
        let Done(out) = self;
        out.push(if out.is_empty() { b'[' } else { b',' });
        let mut json = Object::begin(out);
        match told {
            Ok(Some(order)) => {
                json.number("status", StatusCode::OK.as_u16().into());
                json.object("body", |json| write_order(order, accounts, json));
            }
            Ok(None) => {
                json.number("status", StatusCode::NO_CONTENT.as_u16().into());
                json.null("body");
            }
            Err(error) => {
                json.number("status", error.status_code().as_u16().into());
                json.spelled("body", str::from_utf8(&error.body()).unwrap_or("null"));
            }
        }
        json.end();
    }

    /// All of it, as JSON.
    pub(crate) fn end(self) -> Vec<u8> {
        let Done(mut out) = self;
        if out.is_empty() {
            out.push(b'[');
        }
        out.push(b']');
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use tradepit_actors::AccountIds;

    use super::{ApiError, Item, read_closely, scan_items};

    const ITEMS: [&str; 16] = [
        r#"{"place": {"stoks": "A", "quantity": 1}}"#,
        r#"{ "place" :{"stoks":"A","qty":"1.5","type":"limit","limit_price":"2.5"} }"#,
        r#"{"place": {"stoks": "\u0041", "quantity": 1}}"#,
        r#"{"amend": {"id": "x", "qty": "5"}}"#,
        r#"{"cancel": {"id": 7}}"#,
        r#"{"replace": {}}"#,
        r#"{"place": {"stoks": "é", "quantity": 1}}"#,
        r#"{"place": {"stoks": "A", "quantity": 1}, "cancel": {}}"#,
        r#"{"place": 5}"#,
        "{}",
        "5",
        "[[]]",
        r#"{"place": {"stoks": "A", "quantity": 1} x}"#,
        r#"{"place": {"stoks": "A", "quantity": 1},}"#,
        "nul",
        "",
    ];
    /// So many of them are JSON.
    const WHOLE: usize = 12;

    const AROUND: [(&str, &str); 8] = [
        ("[", "]"),
        (" [ ", "]\r\n"),
        ("[\n", "\n]"),
        ("[", ""),
        ("", "]"),
        ("{", "}"),
        ("[", "] x"),
        ("\u{feff}[", "]"),
    ];

    /// Each item, and what it is.
    fn shown(items: Vec<Result<Item<'_>, ApiError>>) -> Vec<String> {
        let show = |item: Result<Item<'_>, ApiError>| match item {
            Ok(Item::Place(body, _)) => format!("place {}", String::from_utf8_lossy(body)),
            Ok(Item::Amend { id, body }) => format!("amend {id} {}", String::from_utf8_lossy(body)),
            Ok(Item::Replace { id, body }) => format!("replace {id} {}", String::from_utf8_lossy(body)),
            Ok(Item::Cancel { id }) => format!("cancel {id}"),
            Err(error) => String::from_utf8(error.body()).expect("text"),
        };
        items.into_iter().map(show).collect()
    }

    /// Whether it is read in one pass; then it is read as by a close look.
    fn is_scanned(body: &str) -> bool {
        let scanned = scan_items(body.as_bytes(), &AccountIds::default()).map(shown);
        if let Some(items) = &scanned {
            assert_eq!(Some(items), read_closely(body.as_bytes()).ok().map(shown).as_ref(), "{body}");
        }
        scanned.is_some()
    }

    proptest! {
        #[test]
        fn what_is_read_in_one_pass_is_what_a_close_look_finds(
            items in vec(prop_oneof![5 => select(&ITEMS[..WHOLE]), 1 => select(&ITEMS[..])], 0..6),
            between in select(&[",", " , ", ",\n", ",", ";", ",,"][..]),
            around in select(&AROUND[..]),
        ) {
            is_scanned(&format!("{}{}{}", around.0, items.join(between), around.1));
        }
    }

    #[test]
    fn what_is_as_it_should_be_is_read_in_one_pass() {
        let body = |items: &[&str]| format!("[{}]", items.join(", "));
        assert!(is_scanned(&body(&ITEMS[..WHOLE])));
        for broken in &ITEMS[WHOLE..] {
            assert!(!is_scanned(&body(&[ITEMS[0], broken])), "{broken}");
        }
        assert!(is_scanned(&body(&[ITEMS[0]; 256])));
        assert!(!is_scanned(&body(&[ITEMS[0]; 257])));
    }
}
