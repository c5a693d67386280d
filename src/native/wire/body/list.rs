//! A body that is a JSON array: its items, each as it was spelled.

use serde_json::value::RawValue;

use super::fields::decoded;
use crate::native::wire::flaw::Flaw;

/// Reads its items.
///
/// # Errors
/// Why it is none.
pub(crate) fn read_list(body: &[u8]) -> Result<Vec<&RawValue>, Flaw> {
    let (body, whole) = decoded(body)?;
    serde_json::from_slice(body)
        .map_err(|_| Flaw::in_body("list_type", [], "Input should be a valid list", whole.into()))
}
