//! A venue that is no more: who listens is told so, who asks too, and nothing of it stays.

use std::sync::Arc;

use tradepit_actors::{CloseCode, Delay, Refused, Submit, Venue, VenueId, Venues};
use tradepit_kit::{quantity, symbol};

use super::{listen, place, setup, told};

async fn start(venues: &Venues, number: u64) -> Arc<Venue> {
    venues.start(VenueId(number), setup(number), None).await.expect("there is a thread for it")
}

/// Runs a test on a thread that venues may live on.
fn run(test: impl AsyncFnOnce(Venues)) {
    actix::System::new().block_on(async {
        let venues = Venues::default();
        venues.offer_this_thread();
        test(venues).await;
    });
}

#[test]
fn who_listens_is_closed_after_all_that_happened_and_who_asks_is_told() {
    run(async |venues| {
        let (venue, other) = (start(&venues, 1).await, start(&venues, 2).await);
        venues.open("one", Arc::clone(&venue));
        venues.open("other", Arc::clone(&other));
        let (hears, hears_other) = (listen(&venue).await, listen(&other).await);
        place(&venue, 0).await;
        venues.hide("one");
        assert!(venue.is_gone() && venues.find("one").is_none());
        venues.end(&venue, CloseCode::REMOVED).await;
        let said = told(hears).await;
        let text = String::from_utf8_lossy(&said);
        let (change, close) = (text.find("Accepted"), text.find("the venue was removed"));
        assert!(change.is_some() && change < close, "{text}");
        let (symbol, quantity, delay) = (symbol("EURUSD"), quantity(1), Delay::Usual);
        let submit = Submit { symbol, quantity, delay, origin: None, asked: None, group: None };
        assert_eq!(venue.place(submit).await.map(drop), Err(Refused::Stopped));
        place(&other, 0).await;
        assert!(String::from_utf8_lossy(&told(hears_other).await).contains("Accepted"), "it goes on");
        assert_eq!((venues.started().len(), venues.gone(), venues.ended().accepted.get()), (1, 1, 1));
    });
}

/// Its request found the venue before it was gone.
#[test]
fn who_subscribes_to_a_feed_that_was_closed_is_closed_at_once() {
    run(async |venues| {
        let venue = start(&venues, 1).await;
        venue.close_subscribers(CloseCode::BEGUN_ANEW).await;
        let said = told(listen(&venue).await).await;
        assert!(String::from_utf8_lossy(&said).contains("the venue was reset"), "{said:?}");
        assert_eq!(venue.stats().subscribers.get(), 0, "the stream was dropped");
    });
}

#[test]
fn what_a_name_stood_for_before_is_gone() {
    run(async |venues| {
        let (first, second) = (start(&venues, 1).await, start(&venues, 2).await);
        venues.open("name", Arc::clone(&first));
        venues.open("name", Arc::clone(&second));
        assert!(first.is_gone() && !second.is_gone());
        assert_eq!(venues.find("name").map(|venue| venue.id()), Some(VenueId(2)));
        assert_eq!(venues.by_name().len(), 1);
    });
}
