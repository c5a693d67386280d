//! What happens where something is full.

use std::sync::Arc;
use std::task::{Poll, Waker};

use futures_util::FutureExt;
use tokio::task::LocalSet;
use tradepit_actors::{Refused, Setup};
use tradepit_engine::{OrderId, Rejection};
use tradepit_world::{World, fixed, skip, submit_of};

use crate::world::{poll_with, send};

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_refuses_at_once_and_recovers() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { mailbox: 4, ..fixed(1_000_000) });
            world.submit().await;
            let mut waiting: Vec<_> = (0..4).map(|_| send(&world, submit_of("EURUSD"))).collect();
            for one in &mut waiting {
                assert!(poll_with(one, Waker::noop()).is_pending());
            }
            for number in 1..=3 {
                let refused = send(&world, submit_of("EURUSD")).now_or_never();
                assert_eq!(refused, Some(Err(Refused::Full)));
                assert_eq!((world.stats.mailbox.get(), world.stats.refused.get()), (4, number));
            }
            for one in waiting {
                one.await.expect("it was let in").expect("room");
            }
            assert_eq!(world.stats.mailbox.get(), 0);
            world.submit().await;
            assert_eq!(world.stats.accepted.get(), 6, "what was refused did not happen");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_mailbox_limit_is_one_for_all_senders_together() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { mailbox: 3, ..fixed(1_000_000) });
            world.submit().await;
            let others: Vec<_> = (0..5).map(|_| Arc::clone(&world.venue)).collect();
            let mut asked: Vec<_> = others.iter().map(|other| Box::pin(other.find(OrderId([0; 16])))).collect();
            let polled = asked.iter_mut().map(|one| one.now_or_never());
            let refused = polled.filter(|answer| *answer == Some(Err(Refused::Full))).count();
            assert_eq!(refused, 2);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_burst_before_the_first_turn_finds_the_whole_mailbox() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { mailbox: 200, ..fixed(1_000_000) });
            let mut asked: Vec<_> = (0..200).map(|_| send(&world, submit_of("EURUSD"))).collect();
            let refused = asked.iter_mut().map(|one| poll_with(one, Waker::noop())).filter(Poll::is_ready).count();
            assert_eq!(refused, 0, "refused before the OrderBook ever had a turn");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_asker_has_gone_is_done_all_the_same() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000_000));
            let mut asked = send(&world, submit_of("EURUSD"));
            assert!(poll_with(&mut asked, Waker::noop()).is_pending());
            drop(asked);
            world.submit().await;
            assert_eq!((world.stats.accepted.get(), world.stats.mailbox.get()), (2, 0));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_book_full_of_open_orders_refuses_and_one_with_closed_orders_forgets_the_longest_closed() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { max_orders: 3, ..fixed(1_000_000) });
            let ids = [world.submit().await.id, world.submit().await.id, world.submit().await.id];
            assert_eq!(world.place(submit_of("EURUSD")).await, Err(Rejection::BookFull));
            assert_eq!((world.stats.open.get(), world.stats.held.get()), (3, 3));
            assert!(world.cancel(ids[1]).await);
            assert!(world.cancel(ids[0]).await);
            world.submit().await;
            assert_eq!(world.venue.find(ids[1]).await, Ok(None), "it was closed first");
            assert!(!world.cancel(ids[1]).await);
            assert!(matches!(world.venue.find(ids[0]).await, Ok(Some(_))));
            assert_eq!((world.stats.open.get(), world.stats.held.get()), (2, 3));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_full_book_has_room_again_once_an_order_is_due_whether_the_timer_fired_or_not() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { max_orders: 1, ..fixed(100_000) });
            world.submit().await;
            skip(99_999);
            assert_eq!(world.place(submit_of("EURUSD")).await, Err(Rejection::BookFull));
            skip(1);
            assert!(world.place(submit_of("EURUSD")).await.is_ok());
        })
        .await;
}
