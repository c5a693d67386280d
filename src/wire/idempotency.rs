//! The header `Idempotency-Key` of `POST /orders`: the name of the request, for whoever must send it again.

use actix_web::http::header::{HeaderMap, HeaderName};
use tradepit_engine::{InvalidKey, Key};

use super::fault::{Fault, key_fault};

/// The header's name.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What tells a client that its request was answered before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Reads the key, if there is one.
pub(crate) fn read_key(headers: &HeaderMap) -> Result<Option<Key>, Fault> {
    let mut values = headers.get_all(&IDEMPOTENCY_KEY);
    let Some(value) = values.next() else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    if values.next().is_some() {
        return Err(Fault::in_header("duplicate_key", "idempotency-key", "Header given twice", &text));
    }
    let key = if value.as_bytes().is_ascii() { Key::new(text.trim()) } else { Err(InvalidKey::Character) };
    key.map(Some).map_err(|invalid| {
        let (kind, msg) = key_fault(invalid);
        Fault::in_header(kind, "idempotency-key", msg, &text)
    })
}
