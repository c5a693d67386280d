//! Lists of orders by what only rich ones tell.

use crate::support::rest::{flaw_places, id, listed_ids, path};

use super::*;

#[tokio::test]
async fn a_state_a_side_and_an_account_filter() {
    let venue = at_once();
    let limit = r#""stoks": "EURUSD", "qty": 10, "type": "limit""#;
    let bought = arrive(&venue, r#""stoks": "EURUSD", "quantity": 1"#).await;
    let sold = arrive(&venue, r#""stoks": "EURUSD", "quantity": 1, "side": "sell""#).await;
    let resting = arrive(&venue, &format!(r#"{limit}, "limit_price": 1.08"#)).await;
    let partly = arrive(&venue, &format!(r#"{limit}, "limit_price": 1.085, "side": "sell""#)).await;
    let taker =
        arrive(&venue, &format!(r#"{limit}, "qty": 4, "limit_price": 1.085"#).replace(r#""qty": 10, "#, "")).await;
    let rejected = arrive(&venue, &format!(r#"{limit}, "limit_price": 1.085, "post_only": true"#)).await;
    let cancelled = arrive(&venue, &format!(r#"{limit}, "limit_price": 1.07"#)).await;
    venue.delete(&path(&cancelled)).await;
    for (query, expected) in [
        ("state=filled", vec![&bought, &sold, &taker]),
        ("state=new", vec![&resting]),
        ("state=partially_filled", vec![&partly]),
        ("state=rejected", vec![&rejected]),
        ("state=canceled", vec![&cancelled]),
        ("state=expired", vec![]),
        ("state=accepted", vec![]),
        ("state=canceled&status=CANCELLED", vec![&cancelled]),
        ("state=canceled&status=PENDING", vec![]),
        ("side=sell", vec![&sold, &partly]),
        ("side=sell&state=filled", vec![&sold]),
        ("side=buy&status=PENDING", vec![&resting]),
        ("side=sell&account=default&order=desc", vec![&partly, &sold]),
    ] {
        let found = listed_ids(&venue.get(&format!("/orders?{query}")).await);
        assert_eq!(found, expected.into_iter().map(id).collect::<Vec<_>>(), "{query}");
    }
    let page = venue.get("/orders?state=filled&limit=2").await;
    assert_eq!(listed_ids(&page), [id(&bought), id(&sold)]);
    let next = crate::support::rest::next_page(&page).expect("there is one more");
    assert_eq!(listed_ids(&venue.get(&next).await), [id(&taker)]);
}

#[tokio::test]
async fn an_unknown_value_of_a_filter_is_422() {
    let venue = in_an_hour();
    for state in ["", "NEW", "cancelled", "pending", "replaced "] {
        let reply = venue.get(&format!("/orders?state={}", state.replace(' ', "%20"))).await;
        assert_eq!(flaw_places(&reply), ["query.state"], "{state}");
    }
    let all = venue.get("/orders?state=x&side=y&account=z&status=v").await;
    assert_eq!(flaw_places(&all), ["query.account", "query.side", "query.state", "query.status"]);
}
