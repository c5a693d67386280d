//! What executes when.

use tokio::task::LocalSet;
use tradepit_actors::{Delay, DelayModel, Submit};
use tradepit_engine::{Status, Time};
use tradepit_world::{TICK_US, World, executed_at, fixed, setup, submit_of};

#[tokio::test(start_paused = true)]
async fn nothing_executes_before_its_time_and_everything_at_it() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(500_000));
            let order = world.submit().await;
            assert_eq!((order.accepted_at, order.due_at), (Time(0), Some(Time(500_000))));
            world.sleep_until(500_000 - TICK_US).await;
            assert_eq!(world.executed(), 0);
            world.sleep_until(500_000 + TICK_US).await;
            assert_eq!(world.executed(), 1, "the timer alone executes it");
            let at = executed_at(&world.find(order.id).await);
            assert!((500_000..=500_000 + TICK_US).contains(&at.0), "{at:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn thousands_of_orders_execute_each_at_its_own_time() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(setup(DelayModel::Uniform { min_us: 1, max_us: 3_000_000 }));
            let mut orders = Vec::new();
            for _ in 0..5_000 {
                orders.push(world.submit().await);
            }
            let due_by = |us: i64| orders.iter().filter(|order| order.due_at <= Some(Time(us))).count() as u64;
            for checkpoint in 1..=310 {
                let now = checkpoint * 10_000;
                world.sleep_until(now).await;
                let executed = world.executed();
                assert!(executed <= due_by(now), "{executed} of {} are executed at {now} us", due_by(now));
                assert!(executed >= due_by(now - 2 * TICK_US), "only {executed} are executed at {now} us");
            }
            for order in &orders {
                let at = executed_at(&world.find(order.id).await);
                let late = at.us_since(order.due_at.expect("it has a time"));
                assert!(Some(at) >= order.due_at && late <= TICK_US as u64, "{order:?} executed at {at:?}");
            }
            assert_eq!(world.stats.open.get(), 0);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_orders_due_at_once_execute_at_once() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000_000));
            for _ in 0..10_000 {
                world.submit().await;
            }
            world.sleep_until(1_000_000 + TICK_US).await;
            assert_eq!((world.executed(), world.stats.open.get()), (10_000, 0));
            assert_eq!(world.stats.lateness.counts().sum::<u64>(), 10_000);
            assert!(world.stats.lateness.sum_us() <= 10_000 * TICK_US as u64);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_wake_up_arms_the_timer_for_the_next_order() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(100_000));
            // Accepted at 0, 40 and 80 ms: due at 100, 140 and 180 ms.
            for number in 0..3 {
                world.sleep_until(number * 40_000).await;
                world.submit().await;
            }
            for number in 0..3 {
                world.sleep_until(100_000 + number * 40_000 - TICK_US).await;
                assert_eq!(world.executed(), number as u64);
                world.sleep_until(100_000 + number * 40_000 + TICK_US).await;
                assert_eq!(world.executed(), number as u64 + 1);
            }
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_due_sooner_brings_the_timer_forward_and_a_cancelled_one_does_no_harm() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(300_000));
            let long = Submit { delay: Delay::Long, ..submit_of("EURUSD") };
            let late = world.submit_as(long).await;
            let cancelled = world.submit().await;
            world.sleep_until(100_000).await;
            let usual = world.submit().await;
            assert!(world.cancel(cancelled.id).await);
            world.sleep_until(300_000 + TICK_US).await;
            assert_eq!(world.executed(), 0, "the timer of the cancelled order executes nothing");
            world.sleep_until(400_000 + TICK_US).await;
            assert_eq!(world.executed(), 1);
            executed_at(&world.find(usual.id).await);
            assert_eq!(world.find(late.id).await.status(), Status::Pending);
            world.sleep_until(5_000_000 + TICK_US).await;
            assert_eq!((world.executed(), world.stats.cancelled.get()), (2, 1));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_order_without_delay_executes_without_being_asked_for() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(setup(DelayModel::None));
            assert_eq!(world.submit().await.status(), Status::Pending);
            world.sleep_until(TICK_US).await;
            assert_eq!(world.executed(), 1);
        })
        .await;
}
