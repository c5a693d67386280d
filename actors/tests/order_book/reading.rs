//! Invariant 8: what is due by now is executed before any request is handled, also where the timer is late.

use std::sync::Arc;

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::stream;
use tokio::task::LocalSet;
use tradepit_actors::{Begin, List, Listed, ReadOpenOrders, Start, open};
use tradepit_engine::{ChangeFilter, Direction, Number, OpenOrders, Order, OrderFilter, Status, Time};
use tradepit_world::{World, executed_at, fixed, skip};

use crate::world::{subscribe, written};

/// A world with one order that is due this very microsecond, and a timer that has not fired.
async fn due_now() -> (World, Order) {
    let world = World::start(fixed(100_000));
    let order = world.submit().await;
    skip(100_000);
    assert_eq!(world.executed(), 0, "the timer had no chance to fire");
    (world, order)
}

#[tokio::test(start_paused = true)]
async fn an_order_is_pending_up_to_its_time_and_never_seen_pending_at_it() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(100_000));
            let order = world.submit().await;
            skip(99_999);
            assert_eq!(world.find(order.id).await.status(), Status::Pending);
            skip(1);
            let found = world.find(order.id).await;
            assert_eq!((found.status(), found.closed_at), (Status::Executed, Some(Time(100_000))));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn no_list_shows_it_pending() {
    LocalSet::new()
        .run_until(async {
            let (world, order) = due_now().await;
            let filter = OrderFilter { status: Some(Status::Pending), ..OrderFilter::default() };
            let scan = List { start: Start::First, filter, limit: 10, direction: Direction::OldestFirst };
            assert_eq!(world.venue.list(scan).await, Ok(Some(Listed { orders: Vec::new(), has_more: false })));
            let all = List { filter: OrderFilter::default(), ..scan };
            let Listed { orders, .. } = world.venue.list(all).await.expect("room").expect("it starts at the first");
            assert_eq!((orders[0].id, executed_at(&orders[0])), (order.id, Time(100_000)));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn no_snapshot_shows_it() {
    LocalSet::new()
        .run_until(async {
            let (world, _) = due_now().await;
            let request = ReadOpenOrders { as_of: Number(3), after: Number(0), filter: ChangeFilter::default() };
            let Ok(OpenOrders::Held { orders, next: None }) = world.venue.open_orders(request).await else {
                panic!("held")
            };
            assert_eq!(orders, []);
        })
        .await;
}

/// The history holds what was announced; what the same turn executed is told live, right after it.
#[tokio::test(start_paused = true)]
async fn a_replay_that_begins_at_its_time_tells_its_execution_once() {
    LocalSet::new()
        .run_until(async {
            let (world, order) = due_now().await;
            let feed = world.venue.start_feed();
            let (registration, newest) = subscribe(&feed, &world).await;
            assert_eq!(newest, Number(3));
            let nothing = stream::pending::<Result<Bytes, PayloadError>>();
            let session = open(registration, Begin::Since(Number(0)), Arc::clone(&world.venue), nothing);
            let next = world.submit().await;
            skip(100_000);
            let written = written(session).await;
            let told = [(order.id, "ACCEPTED"), (order.id, "EXECUTED"), (next.id, "ACCEPTED"), (next.id, "EXECUTED")];
            let words = told.map(|(id, word)| format!("{id:?} {word}"));
            let places: Vec<_> = words.iter().map(|word| written.find(word.as_str())).collect();
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{written:?}");
            assert!(words.iter().all(|word| written.matches(word.as_str()).count() == 1), "{written:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_cancel_at_its_time_comes_too_late() {
    LocalSet::new()
        .run_until(async {
            let (world, order) = due_now().await;
            assert!(world.cancel(order.id).await);
            assert_eq!(executed_at(&world.find(order.id).await), Time(100_000));
            assert_eq!((world.executed(), world.stats.cancelled.get()), (1, 0));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_that_comes_at_its_time_stands_after_its_execution() {
    LocalSet::new()
        .run_until(async {
            let (world, _) = due_now().await;
            let feed = world.venue.start_feed();
            let (_registration, newest) = subscribe(&feed, &world).await;
            assert_eq!(newest, Number(3));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_new_order_comes_after_it() {
    LocalSet::new()
        .run_until(async {
            let (world, order) = due_now().await;
            let next = world.submit().await;
            assert_eq!(next.accepted_number, Number(4));
            assert_eq!(world.find(order.id).await.number, Number(3));
        })
        .await;
}
