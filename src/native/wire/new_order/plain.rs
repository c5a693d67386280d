//! What nearly every body is: fields that are known, each given once and spelled as it is shown, of an order without
//! legs. It is read in one pass; everything else, and whatever has a fault, is looked at closely (`draft`).

use tradepit_actors::AccountIds;
use tradepit_engine::{AccountNumber, Asked, AskedStop, Clearing, Decimal, Label, Quantity, Side, Symbol, TimeInForce};

use super::NewOrder;
use super::draft::{TYPES, Type};
use crate::native::wire::body::scan::{Scan, Value};
use crate::native::wire::body::values::round_up;
use crate::native::wire::terms::{SIDES, TIMES_IN_FORCE, trading_account};

/// The fields of such a body. What is null stands as if it was not given.
#[derive(Default)]
struct Plain {
    /// Which fields were given, a bit of each: those that stand for each other share one.
    given: u16,
    symbol: Option<Symbol>,
    quantity: Option<Quantity>,
    qty: Option<Decimal>,
    side: Option<Side>,
    order_type: Option<Type>,
    time_in_force: Option<TimeInForce>,
    limit_price: Option<Decimal>,
    stop_price: Option<Decimal>,
    post_only: Option<bool>,
    account: Option<AccountNumber>,
    client_order_id: Option<Label>,
}

impl NewOrder {
    /// The order, if the body is what nearly every one is.
    pub(crate) fn plain(body: &[u8], accounts: &AccountIds) -> Option<NewOrder> {
        let mut scan = Scan::of(body);
        NewOrder::scan(&mut scan, accounts).filter(|_| scan.is_done())
    }

    /// The same, of a body in which more may follow.
    pub(crate) fn scan(scan: &mut Scan<'_>, accounts: &AccountIds) -> Option<NewOrder> {
        let mut plain = Plain::default();
        scan.object(|name, value| plain.take(name, value, accounts))?;
        plain.order()
    }
}

impl Plain {
    #[inline]
    fn take(&mut self, name: &[u8], value: Value<'_>, accounts: &AccountIds) -> Option<()> {
        let bit = match name {
            b"stoks" | b"symbol" => {
                self.symbol = Some(Symbol::new(value.text()?).ok()?);
                0
            }
            b"quantity" => {
                self.quantity = Some(Quantity::new(value.integer()?).ok()?);
                1
            }
            b"qty" => {
                let qty = value.decimal()?;
                (self.qty, self.quantity) = (Some(qty), Some(round_up(qty).ok()?));
                1
            }
            b"side" => {
                self.side = value.given(|value| value.one_of(&SIDES))?;
                2
            }
            b"type" => {
                self.order_type = value.given(|value| value.one_of(&TYPES))?;
                3
            }
            b"time_in_force" => {
                self.time_in_force = value.given(|value| value.one_of(&TIMES_IN_FORCE))?;
                4
            }
            b"limit_price" => {
                self.limit_price = value.given(Value::decimal)?;
                5
            }
            b"stop_price" => {
                self.stop_price = value.given(Value::decimal)?;
                6
            }
            b"post_only" => {
                self.post_only = value.given(Value::is_true)?;
                7
            }
            b"account" => {
                self.account = value.given(|value| trading_account(accounts, value.text()?))?;
                8
            }
            b"client_order_id" => {
                self.client_order_id = value.given(|value| Label::new(value.text()?).ok())?;
                9
            }
            b"order_class" => {
                value.given(|value| value.one_of(&[("simple", ())]))?;
                10
            }
            _ => return None,
        };
        let is_first = self.given & 1 << bit == 0;
        self.given |= 1 << bit;
        is_first.then_some(())
    }

    /// The order, if its fields fit together.
    fn order(self) -> Option<NewOrder> {
        let Plain { symbol, quantity, limit_price, stop_price, client_order_id, .. } = self;
        let (symbol, quantity) = (symbol?, quantity?);
        let order_type = self.order_type.unwrap_or(Type::Market);
        let time_in_force = self.time_in_force.unwrap_or(TimeInForce::GoodTillCancelled);
        let post_only = self.post_only.unwrap_or(false);
        let is_whole = order_type != Type::TrailingStop
            && order_type.has_limit() == limit_price.is_some()
            && order_type.has_stop() == stop_price.is_some()
            && (!post_only || (order_type == Type::Limit && time_in_force.stands()));
        if !is_whole {
            return None;
        }
        let (account, side) = (self.account.unwrap_or(Clearing::DEFAULT), self.side.unwrap_or(Side::Buy));
        let qty = self.qty.or_else(|| Decimal::new(quantity.get().into(), 0))?;
        let stop = stop_price.map(AskedStop::At);
        let asked = Asked { account, side, limit_price, stop, time_in_force, post_only, qty, notional: None };
        let asked = (!asked.is_native(quantity)).then(|| Box::new(asked));
        Some(NewOrder { symbol, quantity, client_order_id, asked, group: None })
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use tradepit_actors::AccountIds;

    use crate::native::wire::new_order::{Draft, NewOrder};

    fn read_closely(body: &str) -> Option<NewOrder> {
        Draft::read(body.as_bytes(), None, &AccountIds::default()).ok()?.order()
    }

    fn plain(body: &str) -> Option<NewOrder> {
        NewOrder::plain(body.as_bytes(), &AccountIds::default())
    }

    #[test]
    fn a_plain_body_is_read_as_one_that_is_looked_at_closely() {
        for (body, is_plain) in [
            (r#"{"stoks": "EURUSD", "quantity": 5}"#, true),
            (r#"{"quantity":9007199254740991,"symbol":"a"}"#, true),
            (r#" { "stoks": "BRK.B", "client_order_id": "bot-7/42", "quantity": 1 } "#, true),
            (r#"{"stoks": "EURUSD", "quantity": 5, "client_order_id": null}"#, true),
            (r#"{"stoks": "EURUSD", "quantity": "5", "order_class": "simple"}"#, true),
            (r#"{"stoks": "EURUSD", "qty": "5.0", "side": "buy", "type": "market", "post_only": false}"#, true),
            (r#"{"stoks": "A", "quantity": 1, "type": "limit", "limit_price": "1.05", "post_only": true}"#, true),
            (r#"{"limit_price":1.05,"type":"limit","side":"sell","qty":0.5,"time_in_force":"ioc","stoks":"A"}"#, true),
            (r#"{"stoks": "A", "qty": 1, "type": "stop_limit", "limit_price": 2, "stop_price": 3}"#, true),
            (r#"{"stoks": "A", "qty": 1, "type": "stop", "stop_price": 3, "account": "default"}"#, true),
            (r#"{"stoks": "EURUSD", "quantity": 5.0}"#, false),
            (r#"{"stoks": "EUR\u0055SD", "quantity": 5}"#, false),
            (r#"{"stoks": "EURUSD", "quantity": 5, "note": 1}"#, false),
            (r#"{"stoks": "A", "qty": 1e1, "type": "limit", "limit_price": 2}"#, false),
            (r#"{"stoks": "A", "quantity": 1, "type": "trailing_stop", "trail_price": 1}"#, false),
            (r#"{"stoks": "A", "quantity": 1, "order_class": "oto", "take_profit": {"limit_price": 2}}"#, false),
            ("\u{feff}{\"stoks\": \"EURUSD\", \"quantity\": 5}", false),
        ] {
            let closely = read_closely(body).expect("it has no fault");
            assert_eq!(plain(body), is_plain.then_some(closely), "{body}");
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
            r#"{"stoks": "EURUSD", "quantity": 5,}"#,
            r#"{"stoks": "EURUSD", "quantity": 05}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "type": "limit"}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "limit_price": 5}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "type": "limit", "limit_price": "1."}"#,
            r#"{"stoks": "EURUSD", "quantity": 5, "type": "limit", "limit_price": 5, "account": "house"}"#,
            r#"["EURUSD", 5, null]"#,
        ] {
            assert_eq!(read_closely(body), None, "{body}");
            assert_eq!(plain(body), None, "{body}");
        }
    }

    const NAMES: [&str; 16] = [
        "stoks",
        "symbol",
        "quantity",
        "qty",
        "notional",
        "side",
        "type",
        "time_in_force",
        "limit_price",
        "stop_price",
        "trail_price",
        "post_only",
        "account",
        "client_order_id",
        "order_class",
        "note",
    ];

    /// Values that some field may have, or nearly.
    const VALUES: [&str; 44] = [
        r#""EURUSD""#,
        r#""A""#,
        r#""EUR USD""#,
        r#""\u0041""#,
        r#""é""#,
        r#""""#,
        "5",
        "0",
        "05",
        "-5",
        "5.0",
        "5.",
        ".5",
        "0.5",
        "00.5",
        "1.05",
        "1.0.5",
        "5e1",
        "9007199254740991",
        "9007199254740992",
        "123456789012345678.5",
        "0.000000000000000000000000000000000000001",
        r#""5""#,
        r#""05""#,
        r#""1.05""#,
        r#""1.""#,
        r#""0.0""#,
        r#""5e1""#,
        r#""12345678901234567890""#,
        r#""buy""#,
        r#""sell""#,
        r#""market""#,
        r#""limit""#,
        r#""stop""#,
        r#""stop_limit""#,
        r#""gtc""#,
        r#""ioc""#,
        r#""default""#,
        r#""simple""#,
        "true",
        "false",
        "null",
        "{}",
        "[1]",
    ];

    /// A body whose fields have any values, or nearly always those that fit.
    fn bodies() -> impl Strategy<Value = String> {
        let fitting = prop_oneof![
            Just(r#""stoks": "A""#),
            Just(r#""symbol":"EURUSD""#),
            Just(r#""quantity": 7"#),
            Just(r#""qty": "0.25""#),
            Just(r#""side": "sell""#),
            Just(r#""type": "limit""#),
            Just(r#""type": "stop""#),
            Just(r#""limit_price": "1.0500""#),
            Just(r#""stop_price": 1.1"#),
            Just(r#""time_in_force" : "day""#),
            Just(r#""time_in_force": "fok""#),
            Just(r#""post_only": true"#),
            Just(r#""account": "default""#),
            Just(r#""client_order_id": "a-1""#),
            Just(r#""order_class": null"#),
        ];
        let any = (select(&NAMES[..]), select(&VALUES[..])).prop_map(|(name, value)| format!("\"{name}\": {value}"));
        let field = prop_oneof![6 => fitting.prop_map(str::to_owned), 1 => any];
        let between = select(&[",", ", ", " ,\n\t", ",", ";"][..]);
        let end = select(&["}", " }", "}\r\n", "}", "}", "} x", "", ",}"][..]);
        (vec((field, between), 1..7), end).prop_map(|(fields, end)| {
            let mut body = String::from(r#"{"stoks": "A", "quantity": 3, "#);
            let cut = fields.len() % 3;
            if cut == 0 {
                body = String::from("{");
            }
            for (at, (field, between)) in fields.iter().enumerate() {
                if at > 0 {
                    body.push_str(between);
                }
                body.push_str(field);
            }
            body + end
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn what_is_plain_is_what_a_close_look_finds(body in bodies()) {
            if let Some(order) = plain(&body) {
                prop_assert_eq!(Some(order), read_closely(&body), "{}", body);
            }
        }
    }
}
