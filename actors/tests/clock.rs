//! The venue's clock beside the machine's (invariant 8): it follows what goes ahead, never goes back, and what falls
//! due by a step executes at once.

use std::time::Duration;

use tokio::task::LocalSet;
use tradepit_actors::Compare;
use tradepit_engine::{Status, Time};
use tradepit_world::{World, fixed, pass};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// The timer counts in milliseconds and rounds up.
const TICK: Duration = Duration::from_millis(1);

/// A venue whose clock shows 0, and whose orders wait for an hour.
fn start() -> World {
    World::start(fixed(3_600_000_000))
}

async fn compare(world: &World, machine: fn() -> Time) -> i64 {
    world.venue.compare_clocks(Compare { machine, slack_us: SECOND }).await.expect("the mailbox has room")
}

#[tokio::test(start_paused = true)]
async fn a_step_forward_is_followed_and_what_is_due_by_it_executes_without_another_word() {
    let test = async {
        let world = start();
        let order = world.submit().await;
        assert_eq!(compare(&world, || Time(DAY)).await, -DAY);
        pass(TICK).await;
        assert_eq!(world.executed(), 1, "nobody asked");
        let closed = world.find(order.id).await;
        let in_time = closed.closed_at.is_some_and(|at| (DAY..DAY + SECOND).contains(&at.0));
        assert!(closed.status() == Status::Executed && in_time, "{closed:?}");
        let next = world.submit().await;
        assert!((DAY..DAY + SECOND).contains(&next.accepted_at.0), "{next:?}");
        assert_eq!(next.due_at.0 - next.accepted_at.0, 3_600 * SECOND);
        pass(Duration::from_secs(3_599)).await;
        assert_eq!(world.executed(), 1, "it waits as long as ever");
        pass(Duration::from_secs(1) + TICK).await;
        assert_eq!(world.executed(), 2);
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn a_step_back_moves_nothing() {
    let test = async {
        let world = start();
        compare(&world, || Time(DAY)).await;
        let before = world.submit().await;
        assert!((DAY..DAY + SECOND).contains(&compare(&world, || Time(0)).await));
        let after = world.submit().await;
        assert!(after.accepted_at >= before.accepted_at, "{before:?} {after:?}");
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn clocks_that_differ_by_less_than_the_slack_are_left_alone() {
    let test = async {
        let world = start();
        assert_eq!(compare(&world, || Time(SECOND - 1)).await, 1 - SECOND);
        assert!(world.submit().await.accepted_at < Time(SECOND / 2));
    };
    LocalSet::new().run_until(test).await;
}
