//! Names on disk: over a restart, and all the way from memory into the store.

use super::*;

#[tokio::test]
async fn names_hold_over_a_restart_for_open_and_closed_orders() {
    let folder = DataFolder::new();
    let start = || folder.venue(|config| config.venue.delay = DelayModel::None);
    let venue = start();
    let open = Request::new("POST", "/orders").header("long-pending", "1").header("Idempotency-Key", "open");
    let open = open.body(named("A", 1, "open")).send(venue.addr).await;
    let closed = place(venue.addr, Some("closed"), &named("A", 1, "closed")).await;
    let keyed = place(venue.addr, Some("keyed"), &body("A", 1)).await;
    drop(venue);
    let venue = start();
    assert_again(&open, &place(venue.addr, Some("open"), &named("A", 1, "open")).await);
    assert_again(&closed, &place(venue.addr, Some("closed"), &named("A", 1, "closed")).await);
    assert_again(&closed, &place(venue.addr, None, &named("A", 1, "closed")).await);
    assert_again(&keyed, &place(venue.addr, Some("keyed"), &body("A", 1)).await);
    assert_taken(&place(venue.addr, Some("keyed"), &body("A", 2)).await, "header.idempotency-key");
    assert_taken(&place(venue.addr, Some("new"), &named("A", 2, "open")).await, "body.client_order_id");
    assert_taken(&place(venue.addr, None, &named("A", 2, "closed")).await, "body.client_order_id");
    for (name, first) in [("open", &open), ("closed", &closed)] {
        let found = venue.get(&format!("/orders?client_order_id={name}")).await;
        assert_eq!(listed_ids(&found), [id(&first.json())]);
    }
    let orders: Vec<Value> = listed(&venue.get("/orders").await).into_iter().map(|(_, order)| order).collect();
    assert_eq!(orders.len(), 3);
    assert_eq!((&orders[1]["client_order_id"], &orders[1]["idempotency_key"]), (&json!("closed"), &json!("closed")));
}

#[tokio::test]
async fn fifty_equal_requests_at_once_place_one_order_also_when_the_first_was_stored_before() {
    let folder = DataFolder::new();
    let start = || folder.venue(|config| config.venue.delay = DelayModel::None);
    let venue = start();
    let replies = join_all((0..50).map(|_| place(venue.addr, Some("k"), r#"{"stoks": "A", "quantity": 1}"#))).await;
    assert_eq!(replies.iter().filter(|reply| !is_replayed(reply)).count(), 1, "{replies:?}");
    drop(venue);
    let venue = start();
    let again = join_all((0..50).map(|_| place(venue.addr, Some("k"), r#"{"stoks": "A", "quantity": 1}"#))).await;
    assert!(again.iter().all(|reply| is_replayed(reply) && reply.body == replies[0].body), "{again:?}");
    assert_eq!(listed(&venue.get("/orders").await).len(), 1);
}

#[tokio::test]
async fn a_key_is_known_all_the_way_from_memory_into_the_store() {
    let folder = DataFolder::new();
    let venue = folder.venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.max_orders = 5.try_into().expect("not zero");
    });
    // Orders leave memory as others come; a repeat at any time finds its order here or there.
    let mut first = Vec::new();
    for number in 0..60 {
        let (key, body) = (format!("k{number}"), body("A", 1 + number));
        first.push((key.clone(), body.clone(), place(venue.addr, Some(&key), &body).await));
        for back in [0, 3, 5, 8, 30] {
            if let Some((key, body, reply)) = first.iter().rev().nth(back) {
                assert_again(reply, &place(venue.addr, Some(key), body).await);
            }
        }
    }
    assert_eq!(listed(&venue.get("/orders").await).len(), 60);
    folder.check().await;
}
