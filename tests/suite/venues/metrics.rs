//! Figures of all venues together, and by name of those that want it.

use serde_json::json;

use super::make;
use crate::support::own_venue;
use crate::support::rest::path;

fn figure(metrics: &str, name: &str) -> Option<u64> {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|value| value.parse().expect("a whole number"))
}

#[tokio::test]
async fn venues_are_counted_together_and_by_name_where_they_want_it() {
    let server = own_venue(|_| {});
    let (named, _) = make(&server, json!({"name": "named", "clock": "frozen", "metrics": true})).await;
    let (other, _) = make(&server, json!({"name": "other", "clock": "frozen"})).await;
    let _listens = named.subscribe("").await;
    let order = named.place("EURUSD", 1).await;
    assert_eq!(named.delete(&path(&order)).await.status, 204);
    named.place("EURUSD", 1).await;
    other.place("EURUSD", 1).await;
    server.place_long("EURUSD", 1).await;
    let metrics = server.get("/metrics").await.body;
    for (name, value) in [
        ("tradepit_venues", 3),
        ("tradepit_venues_orders_total{change=\"accepted\"}", 4),
        ("tradepit_venues_orders_total{change=\"cancelled\"}", 1),
        ("tradepit_venues_orders_open", 3),
        ("tradepit_venues_subscribers", 1),
        ("tradepit_named_venue_orders_total{venue=\"named\",change=\"accepted\"}", 2),
        ("tradepit_named_venue_orders_total{venue=\"main\",change=\"accepted\"}", 1),
        ("tradepit_named_venue_orders_open{venue=\"named\"}", 1),
        ("tradepit_named_venue_subscribers{venue=\"named\"}", 1),
        ("tradepit_orders_total{change=\"accepted\"}", 1),
    ] {
        assert_eq!(figure(&metrics, name), Some(value), "{name} in {metrics}");
    }
    assert!(!metrics.contains("venue=\"other\""), "{metrics}");
    let held = figure(&metrics, "tradepit_named_venue_held_bytes{venue=\"named\"}").expect("it is told");
    assert!((1..1 << 20).contains(&held), "{held}");
    for name in ["named", "other"] {
        assert_eq!(server.delete(&format!("/venues/{name}")).await.status, 204);
    }
    let metrics = server.get("/metrics").await.body;
    assert_eq!(figure(&metrics, "tradepit_venues_orders_total{change=\"accepted\"}"), Some(4), "it never falls");
    assert_eq!(figure(&metrics, "tradepit_venues_ended_total"), Some(2));
    assert_eq!(figure(&metrics, "tradepit_venues"), Some(1));
    assert!(!metrics.contains("venue=\"named\""), "{metrics}");
}
