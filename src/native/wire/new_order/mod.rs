//! The bodies of `POST /orders` and `PATCH /orders/{id}`: one JSON object, whatever the Content-Type (contract,
//! "Routes").
//!
//! Every flaw is found at once: what the body tells by itself (`draft`), and what only its instrument can tell
//! (`faults`). Values are looked at as they were spelled, so that a number beyond what a float holds is judged by its
//! digits.

mod amendment;
mod draft;
mod faults;
mod legs;

use serde::Deserialize;
use tradepit_engine::{Asked, AskedGroup, Label, Quantity, Symbol};

pub(crate) use amendment::AmendmentDraft;
pub(crate) use draft::Draft;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewOrder {
    pub(crate) symbol: Symbol,
    pub(crate) quantity: Quantity,
    pub(crate) client_order_id: Option<Label>,
    /// What is asked for beside, where this is no native order.
    pub(crate) asked: Option<Box<Asked>>,
    /// And of its legs, where it has some.
    pub(crate) group: Option<Box<AskedGroup>>,
}

impl NewOrder {
    /// The order, if the body is what nearly every one is.
    pub(crate) fn plain(body: &[u8]) -> Option<NewOrder> {
        Plain::read(body)
    }
}

/// What nearly every body is: these fields and no others, spelled as they are shown. It is read in one pass and without
/// an allocation; everything else is looked at closely.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain<'a> {
    #[serde(alias = "symbol")]
    stoks: &'a str,
    quantity: u64,
    client_order_id: Option<&'a str>,
}

impl Plain<'_> {
    /// The order, if the body is one of these.
    fn read(body: &[u8]) -> Option<NewOrder> {
        if body.trim_ascii_start().first() != Some(&b'{') {
            // serde takes a list for an object without names.
            return None;
        }
        let Plain { stoks, quantity, client_order_id } = serde_json::from_slice(body).ok()?;
        let client_order_id = client_order_id.map(Label::new).transpose().ok()?;
        let (symbol, quantity) = (Symbol::new(stoks).ok()?, Quantity::new(quantity).ok()?);
        Some(NewOrder { symbol, quantity, client_order_id, asked: None, group: None })
    }
}

#[cfg(test)]
mod tests {
    use tradepit_actors::AccountIds;

    use super::{Draft, NewOrder, Plain};

    fn read_closely(body: &str) -> Option<NewOrder> {
        Draft::read(body.as_bytes(), None, &AccountIds::default()).ok()?.order()
    }

    #[test]
    fn a_plain_body_is_read_as_one_that_is_looked_at_closely() {
        for (body, is_plain) in [
            (r#"{"stoks": "EURUSD", "quantity": 5}"#, true),
            (r#"{"quantity":9007199254740991,"symbol":"a"}"#, true),
            (r#" { "stoks": "BRK.B", "client_order_id": "bot-7/42", "quantity": 1 } "#, true),
            (r#"{"stoks": "EURUSD", "quantity": 5, "client_order_id": null}"#, true),
            (r#"{"stoks": "EURUSD", "quantity": 5.0}"#, false),
            (r#"{"stoks": "EURUSD", "quantity": "5"}"#, false),
            (r#"{"stoks": "EUR\u0055SD", "quantity": 5}"#, false),
            (r#"{"stoks": "EURUSD", "quantity": 5, "note": 1}"#, false),
            (r#"{"stoks": "EURUSD", "qty": "5.0", "side": "buy", "type": "market", "post_only": false}"#, false),
            ("\u{feff}{\"stoks\": \"EURUSD\", \"quantity\": 5}", false),
        ] {
            let closely = read_closely(body).expect("it has no fault");
            assert_eq!(Plain::read(body.as_bytes()), is_plain.then_some(closely), "{body}");
        }
    }

    #[test]
    fn what_has_a_fault_is_not_plain() {
        for body in [
            "",
            "{}",
            r#"{"stoks": "EURUSD", "symbol": "EURUSD", "quantity": 5}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "quantity": 5}"#,
            r#"{"stoks": "EURUSD", "quantity": 0}"#,
            r#"{"stoks": "EURUSD", "quantity": 9007199254740992}"#,
            r#"{"stoks": "EUR USD", "quantity": 5}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "client_order_id": ""}"#,
            r#"{"stoks": "EURUSD", "quantity": 5} x"#,
            r#"["EURUSD", 5, null]"#,
        ] {
            assert_eq!(read_closely(body), None, "{body}");
            assert_eq!(Plain::read(body.as_bytes()), None, "{body}");
        }
    }
}
