//! Placing and finding an order (contract, "Routes").

use crate::support::venue;

#[tokio::test]
async fn a_placed_order_is_pending_and_can_be_found() {
    let order = venue().place("EURUSD", 123).await;
    assert_eq!(order["status"], "PENDING");
    let id = order["id"].as_str().expect("an id");
    let found = venue().get(&format!("/orders/{id}")).await;
    assert_eq!(found.json()["quantity"], 123);
}

#[tokio::test]
async fn an_order_executes_and_is_announced() {
    let mut subscriber = venue().subscribe("").await;
    let order = venue().place("EURUSD", 1).await;
    let id = order["id"].as_str().expect("an id");
    assert_eq!(subscriber.text_of(id).await, format!("{id} is PENDING"));
    assert_eq!(subscriber.text_of(id).await, format!("{id} is EXECUTED"));
}
