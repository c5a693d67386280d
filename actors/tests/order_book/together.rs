//! Several requests in one turn, and what is remembered of them.

use tokio::task::LocalSet;
use tradepit_actors::{Deed, DoTogether, Done, DoneTogether, Placed};
use tradepit_engine::{Label, State};
use tradepit_world::{World, fixed, submit_of};

fn key() -> Option<Label> {
    Label::new("all-of-it").ok()
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_again_under_its_key_is_told_again_and_not_done_again() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000_000));
            let first = world.submit().await;
            let deeds = vec![Some(Deed::Place(submit_of("A"))), None, Some(Deed::Cancel(first.id))];
            let asked = DoTogether { deeds, key: key() };
            let mut told = Vec::new();
            for is_repeated in [false, true] {
                let done = world.venue.together(asked.clone()).await.expect("the mailbox has room");
                let DoneTogether::Done { done, again } = done else { panic!("{done:?}") };
                assert_eq!(again, is_repeated);
                let [Done::Placed(Ok(Placed::New(placed))), Done::Nothing, Done::Cancelled(true)] = &done[..] else {
                    panic!("{done:?}")
                };
                told.push(placed.clone());
            }
            assert_eq!(told[0], told[1]);
            assert_eq!(world.find(first.id).await.state, State::Cancelled);
            assert_eq!(world.venue.stats().accepted.get(), 2);
            let other = DoTogether { deeds: Vec::new(), key: key() };
            assert!(matches!(world.venue.together(other).await, Ok(DoneTogether::KeyTaken)));
        })
        .await;
}
