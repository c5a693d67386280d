//! What is told after what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::{FutureExt, stream};
use tokio::task::LocalSet;
use tradepit_actors::{Begin, CloseCode, open};
use tradepit_world::{TICK_US, World, fixed, new, submit_of};

use crate::world::{on_wake, poll_with, send, subscribe, written};

/// Invariant 3, as far as it is seen from outside: at the moment a reply is sent, its announcement is in the Feed's
/// mailbox already. What closes the subscribers is sent at that moment, and comes after it, so the subscriber hears it.
#[tokio::test(start_paused = true)]
async fn a_reply_comes_after_the_announcement_of_what_it_tells() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000_000));
            let feed = world.venue.start_feed();
            let (registration, newest) = subscribe(&feed, &world).await;
            let nothing = stream::pending::<Result<Bytes, PayloadError>>();
            let session = open(registration, Begin::Live(newest), Arc::clone(&world.venue), nothing);

            let venue = Arc::clone(&world.venue);
            let close = on_wake(move || {
                let venue = Arc::clone(&venue);
                let mut closing = Box::pin(async move { venue.close_subscribers(CloseCode::GOING_AWAY).await });
                // With the first poll it is on its way.
                let _ = (&mut closing).now_or_never();
                tokio::task::spawn_local(closing);
            });
            let mut asked = send(&world, submit_of("EURUSD"));
            assert!(poll_with(&mut asked, &close).is_pending());
            let written = written(session).await;
            let order = new(asked.await.expect("room").expect("room"));
            let accepted = written.find(&format!("{:?} ACCEPTED", order.id));
            let closed = written.find(CloseCode::GOING_AWAY.reason);
            assert!(closed.is_some(), "{written:?}");
            assert!(accepted.is_some() && accepted < closed, "the reply overtook its announcement: {written:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_hears_every_change_in_order() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(100_000));
            let feed = world.venue.start_feed();
            let (registration, newest) = subscribe(&feed, &world).await;
            let nothing = stream::pending::<Result<Bytes, PayloadError>>();
            let session = open(registration, Begin::Live(newest), Arc::clone(&world.venue), nothing);
            let (first, second) = (world.submit().await.id, world.submit().await.id);
            assert!(world.cancel(first).await);
            assert!(world.cancel(first).await);
            world.sleep_until(200_000).await;
            let written = written(session).await;
            let words: Vec<String> = [(first, "ACCEPTED"), (second, "ACCEPTED"), (first, "CANCELLED")]
                .iter()
                .chain([&(second, "EXECUTED")])
                .map(|(id, word)| format!("{id:?} {word}"))
                .collect();
            let places: Vec<_> = words.iter().map(|word| written.find(word.as_str())).collect();
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{written:?}");
            assert!(words.iter().all(|word| written.matches(word.as_str()).count() == 1), "each once: {written:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_turn_with_much_to_do_is_told_in_batches() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000_000));
            world.submit().await;
            let depths = Arc::new(Mutex::new(Vec::new()));
            let (seen, stats) = (Arc::clone(&depths), Arc::clone(&world.stats));
            let note = on_wake(move || seen.lock().expect("no panic").push(stats.mailbox.get()));
            let mut asked: Vec<_> = (0..1_000).map(|_| send(&world, submit_of("EURUSD"))).collect();
            for one in &mut asked {
                assert!(poll_with(one, &note).is_pending());
            }
            assert_eq!(world.stats.mailbox.get(), 1_000);
            world.sleep_until(TICK_US).await;
            // How many requests still waited when each reply was sent, from the first to the last.
            let depths = depths.lock().expect("no panic");
            let mut batches = BTreeMap::<usize, usize>::new();
            for &depth in depths.iter() {
                *batches.entry(depth).or_default() += 1;
            }
            assert_eq!(depths.len(), 1_000);
            assert!(batches.len() > 1, "all replies at the end of the turn");
            assert!(batches.values().all(|&size| size <= 256), "{batches:?}");
        })
        .await;
}
