//! What is told of the venue itself: how it was set up, since when it is ready, what it keeps and takes.

use std::time::Duration;

use super::*;
use crate::support::figures;
use crate::support::rest::micros;

/// What fills the kernel's buffers of a socket (some 4 MB at most on loopback) twice.
const ROUNDS_THAT_FILL_ANY_SOCKET: usize = 40;
const LOOKS_AFTER_A_ROUND: usize = 30;

/// The labels of `tradepit_venue_info`, as they are written.
async fn info(venue: &Venue) -> String {
    let text = venue.get("/metrics").await.body;
    let line = text.lines().find_map(|line| line.strip_prefix("tradepit_venue_info{"));
    line.and_then(|line| line.strip_suffix("} 1")).unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[tokio::test]
async fn the_venue_tells_how_it_was_set_up_and_no_seed_that_it_drew() {
    let plain = own_venue(|_| {});
    let rest = r#"history="100000",max_orders="1000000",retain="",retain_orders="",rejects="1000""#;
    assert!(info(&plain).await.ends_with(&format!(r#"durable="false",seed="",{rest}"#)), "{}", info(&plain).await);
    let folder = DataFolder::new();
    let set = folder.venue(|config| {
        config.venue.seed = Some(7);
        config.venue.history = 0;
        config.venue.max_orders = 5.try_into().expect("not 0");
        config.venue.retain = Some(36 * 3_600_000_000);
        config.venue.retain_orders = Some(9.try_into().expect("not 0"));
        config.rejects = 0;
    });
    let rest = r#"seed="7",history="0",max_orders="5",retain="36h",retain_orders="9",rejects="0""#;
    assert!(info(&set).await.ends_with(&format!(r#"durable="true",{rest}"#)), "{}", info(&set).await);
}

#[tokio::test]
async fn it_tells_since_when_it_is_ready() {
    let venue = own_venue(|_| {});
    let order = venue.place("A", 1).await;
    let (ready, accepted) = (Figures::of(&venue).await.get("start_time_seconds"), micros(&order["accepted_at"]));
    let ago = accepted as f64 / 1e6 - ready;
    assert!((-1.0..30.0).contains(&ago), "{ago} s");
    assert_eq!(Figures::of(&venue).await.get("start_time_seconds"), ready);
}

#[tokio::test]
async fn orders_listed_is_how_many_a_list_has() {
    let held = own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.venue.max_orders = 3.try_into().expect("not 0");
    });
    Figures::of(&held).await.is("orders_listed", 0.0);
    for _ in 0..5 {
        held.place("A", 1).await;
    }
    until(&held, "orders_total{change=executed}", 5.0).await;
    Figures::of(&held).await.is("orders_listed", 3.0);
}

#[tokio::test]
async fn orders_listed_is_exact_after_removal_and_a_restart() {
    let folder = DataFolder::new();
    let few = |config: &mut tradepit::config::Config| {
        config.venue.delay = DelayModel::None;
        config.venue.long_delay = DelayModel::Fixed { us: 3_600_000_000 };
        config.venue.retain_orders = Some(4.try_into().expect("not 0"));
    };
    let venue = folder.venue(few);
    venue.place_long("A", 1).await;
    for _ in 0..20 {
        venue.place("A", 1).await;
    }
    let listed = async |venue: &Venue| venue.get("/orders").await.json().as_object().expect("an object").len();
    crate::support::until("their removal", async || (listed(&venue).await <= 6).then_some(())).await;
    let count = listed(&venue).await;
    until(&venue, "orders_listed", count as f64).await;
    venue.stop().expect("it ends in order");
    let venue = folder.venue(few);
    Figures::of(&venue).await.is("orders_listed", listed(&venue).await as f64);
    venue.place_long("A", 1).await;
    Figures::of(&venue).await.is("orders_listed", listed(&venue).await as f64);
}

#[tokio::test]
async fn a_data_folder_tells_what_it_takes_and_what_is_free() {
    let folder = DataFolder::new();
    let venue = folder.venue(|_| {});
    let figures = Figures::of(&venue).await;
    let database = std::fs::metadata(folder.database()).expect("it is there").len() as f64;
    let used = figures.get("store_bytes");
    assert!(used >= database && used < 1e9, "{used}");
    assert!(figures.get("store_free_bytes") > 0.0);
    let text = own_venue(|_| {}).get("/metrics").await.body;
    assert!(!text.contains("tradepit_store_bytes") && !text.contains("tradepit_store_free_bytes"), "{text}");
}

#[tokio::test]
async fn the_largest_backlog_is_that_of_the_slowest_subscriber() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    Figures::of(&venue).await.is("subscriber_backlog_bytes", 0.0);
    let _slow = crate::support::RawSocket::open_narrow(venue.addr, "?format=json").await;
    let mut line = crate::support::Line::open(venue.addr).await;
    // The kernel takes the first, how much of it is its own affair. Each round is less than what
    // would cut the subscriber off, and is looked at before the next.
    for _ in 0..ROUNDS_THAT_FILL_ANY_SOCKET {
        line.place_many("METRICS-SLOW-METRICS-SLOW-METRIC", 500).await;
        // A look comes once a second.
        for _ in 0..LOOKS_AFTER_A_ROUND {
            if Figures::of(&venue).await.get("subscriber_backlog_bytes") > 1_000.0 {
                return;
            }
            crate::support::pause(Duration::from_millis(50)).await;
        }
    }
    panic!("no backlog, whatever was sent");
}

#[tokio::test]
async fn rejects_are_counted_but_probes_are_not() {
    let venue = own_venue(|_| {});
    for path in ["/nowhere", "/orders/x", "/orders?limit=0"] {
        venue.get(path).await;
    }
    Request::new("POST", "/health").send(venue.addr).await;
    assert_eq!(figures::figure(venue.addr, "tradepit_rejects_total").await, 3);
}
