//! How many venues there may be, and what one of them may take of the process.

use serde_json::json;

use super::make;
use crate::support::{Venue, own_venue, until};

/// All venues are looked at once a second.
async fn until_answered(venue: &Venue, status: u16) {
    let order = r#"{"stoks": "A", "quantity": 1}"#;
    let what = format!("an order is answered {status}");
    until(&what, async || (venue.post("/orders", order).await.status == status).then_some(())).await;
}

#[tokio::test]
async fn there_are_as_many_venues_as_may_be() {
    let server = own_venue(|config| config.max_venues = std::num::NonZeroUsize::new(2).expect("two"));
    for name in ["a", "b"] {
        make(&server, json!({"name": name})).await;
    }
    let refused = server.post("/venues", "").await;
    assert_eq!((refused.status, refused.header("retry-after").is_some()), (503, true));
    assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("--max-venues")), "{refused:?}");
    assert_eq!(server.post("/venues", r#"{"name": "a"}"#).await.status, 409);
    assert_eq!(server.delete("/venues/a").await.status, 204);
    make(&server, json!({"name": "c"})).await;
}

#[tokio::test]
async fn a_venue_that_holds_more_than_its_share_is_told_so_and_the_others_go_on() {
    let server = own_venue(|config| config.venues_memory = 400 * 1024);
    let (large, _) = make(&server, json!({"name": "large", "clock": "frozen"})).await;
    let (small, _) = make(&server, json!({"name": "small", "clock": "frozen"})).await;
    let batch = json!(vec![json!({"place": {"stoks": "EURUSD", "quantity": 1}}); 100]).to_string();
    for _ in 0..10 {
        assert_eq!(large.post("/batch", &batch).await.status, 207);
    }
    until_answered(&large, 503).await;
    let refused = large.post("/orders", "{}").await;
    assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("--venues-memory")), "{refused:?}");
    assert_eq!(large.get("/orders?limit=1").await.status, 200, "it can be read");
    small.place("EURUSD", 1).await;
    server.place("EURUSD", 1).await;
    assert_eq!(server.post("/venues", "").await.status, 503, "and no other is made");
    assert_eq!(server.post("/venues/large/reset", "").await.status, 200);
    until_answered(&large, 200).await;
    make(&server, json!({"name": "third"})).await;
}
