//! More connections than there are places.

use super::*;

/// Connects until a place is free.
async fn until_served(venue: &Venue) -> Kept {
    let served = async {
        loop {
            let mut connection = Kept::open(venue.addr).await;
            if connection.try_write(b"GET /orders HTTP/1.1\r\nHost: a\r\n\r\n").await.is_ok()
                && connection.reply("GET").await.is_some_and(|reply| reply.status == 200)
            {
                return connection;
            }
        }
    };
    in_time("a free place", served).await
}

#[tokio::test]
async fn a_connection_too_many_gets_503_and_is_closed_and_a_freed_place_is_used_again() {
    let venue = own_venue(|config| {
        config.max_connections = NonZeroUsize::new(3).expect("3");
        config.workers = NonZeroUsize::new(2);
    });
    let mut places = Vec::new();
    for _ in 0..3 {
        let mut connection = Kept::open(venue.addr).await;
        assert_eq!(connection.ask("GET", "/orders", "").await.status, 200);
        places.push(connection);
    }
    for _ in 0..30 {
        // One that says nothing is told at once.
        let mut silent = Kept::open(venue.addr).await;
        assert_overloaded(&silent.reply("GET").await.expect("a reply"));
        assert!(silent.is_closed().await);
        // One that asks is told once, and nothing of what it asked happens.
        let reply = venue.post("/orders", r#"{"stoks": "A", "quantity": 1}"#).await;
        assert_overloaded(&reply);
    }
    for connection in &mut places {
        assert_eq!(connection.ask("GET", "/orders", "").await.body, "{}", "who was there first is served on");
    }
    for _ in 0..5 {
        drop(places.pop());
        places.push(until_served(&venue).await);
        assert_overloaded(&venue.get("/orders").await);
    }
    drop(places);
    assert_eq!(until_served(&venue).await.ask("GET", "/orders", "").await.body, "{}");
}

#[tokio::test]
async fn a_websocket_takes_a_place_among_the_connections() {
    let venue = own_venue(|config| config.max_connections = NonZeroUsize::MIN);
    let subscriber = venue.subscribe("").await;
    assert_overloaded(&venue.get("/orders").await);
    drop(subscriber);
    until_served(&venue).await;
}
