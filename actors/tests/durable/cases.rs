//! Single cases, each with the store in hand.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::LocalSet;
use tradepit_actors::{Chance, Delay, Placed, Refused, Submit};
use tradepit_engine::{Accepted, Body, Event, Number, Order, OrderId, Origin, Rejection, Seq, Status, Time};
use tradepit_kit::{label, quantity, symbol};
use tradepit_world::pass;

use crate::world::{Beginning, World, client};

fn beginning() -> Beginning {
    Beginning {
        max_orders: 100,
        recent: 100,
        history: 100,
        mailbox: 100,
        log: Vec::new(),
        earlier: Chance::seeded(1),
        fails_at: None,
    }
}

fn submit() -> Submit {
    Submit {
        symbol: symbol("EURUSD"),
        quantity: quantity(1),
        delay: Delay::Long,
        origin: None,
        asked: None,
        group: None,
    }
}

/// The id of the first order of an earlier life.
fn earlier_id() -> OrderId {
    beginning().earlier.id(Number(1))
}

/// A life that accepted one order at `at`, to be executed one second later.
fn one_order(at: Time) -> Vec<Event> {
    let Submit { symbol, quantity, .. } = submit();
    let (id, due_at) = (earlier_id(), Some(at.plus_us(1_000_000)));
    let body = Body::Accepted(Accepted { id, symbol, quantity, due_at, origin: None, rich: None });
    vec![Event { number: Number(1), seq: Seq(1), at, body }]
}

fn id_of(placed: Result<Result<Placed, Rejection>, Refused>) -> OrderId {
    match placed {
        Ok(Ok(Placed::New(order) | Placed::Again(order))) => order.id,
        other => panic!("it was placed: {other:?}"),
    }
}

fn new(placed: Result<Result<Placed, Rejection>, Refused>) -> Order {
    match placed {
        Ok(Ok(Placed::New(order))) => order,
        other => panic!("it is new: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_placed_an_order_is_told_when_it_is_durable_and_not_before() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(beginning()).await;
            let mut placed = Box::pin(world.venue.place(submit()));
            assert!((&mut placed).now_or_never().is_none());
            world.settle().await;
            assert_eq!((world.fake.appended(), (&mut placed).now_or_never()), (1, None));
            assert_eq!(world.stats.mailbox.get(), 1, "it still counts as waiting");
            world.fake.commit(1, 0);
            assert_eq!(new(placed.await).accepted_number, Number(1));
            assert_eq!(world.stats.mailbox.get(), 0);
        })
        .await;
}

/// A reader of what is not durable yet waits too: it must not tell of what a crash would undo.
#[tokio::test(start_paused = true)]
async fn a_reader_waits_for_what_it_would_tell_of() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(Beginning { log: one_order(Time(0)), ..beginning() }).await;
            let read = || Box::pin(world.venue.find(earlier_id()));
            assert!(read().await.is_ok(), "what it tells of is durable");
            let cancelled = client(Rc::clone(&world).cancel(earlier_id()));
            world.settle().await;
            let mut found = read();
            assert!((&mut found).now_or_never().is_none());
            world.settle().await;
            assert!((&mut found).now_or_never().is_none());
            world.fake.commit(2, 2);
            let found = found.await.expect("it works").expect("it is held");
            assert_eq!(found.status(), Status::Cancelled);
            cancelled.await.expect("it was answered");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn where_a_part_of_a_batch_is_durable_its_replies_wait_for_the_announcement_of_all() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(beginning()).await;
            let _listener = client(Rc::clone(&world).listen(None, Default::default()));
            world.settle().await;
            let mut placed: Vec<_> = (0..3).map(|_| Box::pin(world.venue.place(submit()))).collect();
            placed.iter_mut().for_each(|one| assert!(one.now_or_never().is_none()));
            world.settle().await;
            assert_eq!(world.fake.appended(), 3);
            world.fake.commit(2, 0);
            world.settle().await;
            placed.iter_mut().for_each(|one| assert!(one.now_or_never().is_none()));
            world.fake.commit(3, 0);
            for (one, number) in placed.into_iter().zip(1..) {
                assert_eq!(new(one.await).accepted_number, Number(number));
            }
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_durable_yet_is_counted_also_while_the_store_says_nothing_or_something_old() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(beginning()).await;
            let unconfirmed = || world.stats.unconfirmed.get();
            for number in 1..=3 {
                client(Rc::clone(&world).place(submit()));
                world.settle().await;
                assert_eq!(unconfirmed(), number);
            }
            world.fake.commit(2, 0);
            world.settle().await;
            assert_eq!(unconfirmed(), 1);
            world.fake.commit(1, 0);
            world.settle().await;
            assert_eq!(unconfirmed(), 1, "that was known before");
            world.fake.commit(3, 3);
            world.settle().await;
            assert_eq!(unconfirmed(), 0);
        })
        .await;
}

/// What is durable stays durable, whatever the store says later.
#[tokio::test(start_paused = true)]
async fn a_number_that_was_overtaken_makes_nobody_wait() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(Beginning { log: one_order(Time(0)), ..beginning() }).await;
            client(Rc::clone(&world).cancel(earlier_id()));
            world.settle().await;
            world.fake.commit(2, 2);
            world.fake.commit(1, 1);
            world.settle().await;
            let mut found = Box::pin(world.venue.find(earlier_id()));
            assert!((&mut found).now_or_never().is_none());
            world.settle().await;
            let found = found.now_or_never().expect("it waits for nothing");
            assert!(found.is_ok_and(|found| found.is_some()));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn when_the_store_fails_whoever_waits_is_refused_and_no_longer_counts() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(Beginning { fails_at: Some(2), ..beginning() }).await;
            let mut first = Box::pin(world.venue.place(submit()));
            assert!((&mut first).now_or_never().is_none());
            world.settle().await;
            // The second append fails while this one and the first wait, and one more is in the mailbox.
            let mut others: Vec<_> = (0..2).map(|_| Box::pin(world.venue.place(submit()))).collect();
            others.iter_mut().for_each(|one| assert!(one.now_or_never().is_none()));
            world.settle().await;
            assert_eq!(first.await, Err(Refused::Stopped));
            for other in others {
                assert_eq!(other.await, Err(Refused::Stopped));
            }
            world.judge_failure().await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_failed_store_lets_the_order_book_end_though_nobody_asks_anything() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(beginning()).await;
            let mut stopped = Box::pin(world.venue.stopped());
            assert!((&mut stopped).now_or_never().is_none());
            world.fake.fail();
            stopped.await;
            world.judge_failure().await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_order_book_goes_on_with_the_orders_and_the_time_of_its_store() {
    LocalSet::new()
        .run_until(async {
            // The wall clock was set back by an hour since.
            let at = Time(3_600_000_000);
            let world = World::begin(Beginning { log: one_order(at), ..beginning() }).await;
            assert_eq!((world.stats.open.get(), world.stats.held.get()), (1, 1));
            let placed = client(Rc::clone(&world).place(submit()));
            world.settle().await;
            world.fake.catch_up();
            placed.await.expect("it was answered");
            let log = world.fake.log();
            assert_eq!((log[1].number, log[1].at >= at), (Number(2), true));
            pass(Duration::from_millis(1_001)).await;
            world.fake.catch_up();
            let found = world.venue.find(earlier_id()).await.expect("it works").expect("it is held");
            assert_eq!(found.status(), Status::Executed);
            assert!(found.closed_at.is_some_and(|executed| executed >= at.plus_us(1_000_000)));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_fell_due_while_nothing_ran_is_executed_before_anybody_asks() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(Beginning { log: one_order(Time(-9_000_000)), ..beginning() }).await;
            assert_eq!((world.fake.appended(), world.stats.executed.get()), (2, 1));
            let answer = world.venue.cancel(earlier_id()).await;
            assert_eq!(answer, Ok(true));
            assert_eq!(world.fake.appended(), 2, "it is executed, not cancelled");
        })
        .await;
}

/// A lookup and the order book itself stand between a request and its order: sent many times, one gets there first.
#[tokio::test(start_paused = true)]
async fn a_request_that_is_sent_many_times_at_once_places_one_order() {
    LocalSet::new()
        .run_until(async {
            let world = World::begin(Beginning { recent: 0, ..beginning() }).await;
            let key = label("k1");
            let named = Submit { origin: Origin::new(None, Some(key)), ..submit() };
            let mut asked: Vec<_> = (0..10).map(|_| Box::pin(world.venue.place(named.clone()))).collect();
            let mut told = Vec::new();
            for _ in 0..20 {
                asked.retain_mut(|one| one.now_or_never().map(|placed| told.push(placed)).is_none());
                world.settle().await;
                world.fake.catch_up();
            }
            assert_eq!((told.len(), world.stats.accepted.get()), (10, 1));
            let ids: BTreeSet<OrderId> = told.into_iter().map(id_of).collect();
            assert_eq!(ids.len(), 1, "all were told of it");
        })
        .await;
}
