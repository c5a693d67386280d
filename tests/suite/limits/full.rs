//! More orders than the venue holds, more requests than wait for it.

use super::*;

fn small_venue(max_orders: usize) -> Venue {
    own_venue(|config| config.venue.max_orders = NonZeroUsize::new(max_orders).expect("not 0"))
}

#[tokio::test]
async fn beyond_max_orders_the_order_closed_longest_ago_is_forgotten() {
    let venue = small_venue(3);
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(venue.place_long("A", 1).await);
    }
    // Closed in another order than placed.
    for closed in [1, 0] {
        venue.delete(&path(&orders[closed])).await;
    }
    orders.push(venue.place_long("A", 1).await);
    assert_eq!(listed_ids(&venue.get("/orders").await), [0, 2, 3].map(|n| id(&orders[n])));
    assert_detail(&venue.get(&path(&orders[1])).await, 404, "Order not found");
    assert_detail(&venue.delete(&path(&orders[1])).await, 404, "Order not found");
    let after = venue.get(&format!("/orders?after={}", id(&orders[1]))).await;
    assert_eq!(flaw_places(&after), ["query.after"]);
    orders.push(venue.place_long("A", 1).await);
    assert_eq!(listed_ids(&venue.get("/orders").await), [2, 3, 4].map(|n| id(&orders[n])));
}

#[tokio::test]
async fn executed_orders_are_forgotten_too() {
    let venue = own_venue(|config| {
        config.venue.max_orders = NonZeroUsize::new(2).expect("2");
        config.venue.delay = DelayModel::None;
    });
    let mut orders = Vec::new();
    for _ in 0..20 {
        orders.push(venue.place("A", 1).await);
        let newest: Vec<&str> = orders.iter().rev().take(2).rev().map(id).collect();
        assert_eq!(listed_ids(&venue.get("/orders").await), newest);
    }
}

#[tokio::test]
async fn where_every_order_is_open_one_more_is_503_until_one_is_closed() {
    let venue = small_venue(2);
    let first = venue.place_long("A", 1).await;
    let second = venue.place_long("A", 2).await;
    let body = r#"{"stoks": "A", "quantity": 3}"#;
    for _ in 0..3 {
        assert_overloaded(&venue.post("/orders", body).await);
        assert_eq!(venue.post("/orders", "{}").await.status, 422, "what is wrong stays wrong");
    }
    assert_eq!(venue.get(&path(&first)).await.json(), first, "an open order is never forgotten");
    assert_eq!(listed_ids(&venue.get("/orders").await), [id(&first), id(&second)]);
    venue.delete(&path(&second)).await;
    let third = venue.post("/orders", body).await;
    assert_eq!(third.status, 200, "{third:?}");
    assert_eq!(listed_ids(&venue.get("/orders").await), [id(&first), id(&third.json())]);
}

#[tokio::test]
async fn a_full_mailbox_is_503_at_once_and_nothing_of_the_request_happens() {
    let venue = own_venue(|config| {
        config.venue.mailbox = NonZeroUsize::MIN;
        config.workers = NonZeroUsize::new(2);
    });
    let body = r#"{"stoks": "A", "quantity": 1}"#;
    let mut connections = join_all((0..40).map(|_| Kept::open(venue.addr))).await;
    let (mut placed, mut refused, started) = (Vec::new(), 0, now());
    while refused < 10 {
        assert!(started.elapsed() < PATIENCE, "never full");
        let asked = now();
        for reply in join_all(connections.iter_mut().map(|connection| connection.ask("POST", "/orders", body))).await {
            if reply.status == 200 {
                placed.push(id(&reply.json()).to_owned());
            } else {
                assert_overloaded(&reply);
                refused += 1;
            }
        }
        assert!(asked.elapsed() < Duration::from_secs(5), "not at once");
    }
    // It recovers entirely, and what it refused has left no trace.
    let mut listed: Vec<String> = Vec::new();
    let mut page = Some("/orders".to_owned());
    while let Some(path) = page {
        let reply = venue.get(&path).await;
        listed.extend(listed_ids(&reply));
        page = crate::support::rest::next_page(&reply);
    }
    listed.sort();
    placed.sort();
    assert_eq!(listed, placed);
}
