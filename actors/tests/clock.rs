//! The venue's clock beside the machine's (invariant 8): it follows what goes ahead, never goes back, and what falls
//! due by a step executes at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::LocalSet;
use tradepit_actors::{Chance, Clock, Compare, Delay, DelayModel, Placed, Setup, Stats, Submit, Venue, VenueId};
use tradepit_engine::{Order, Quantity, State, Symbol, Time};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// The timer counts in milliseconds and rounds up.
const TICK: Duration = Duration::from_millis(1);

/// A venue whose clock shows 0, and whose orders wait for an hour.
struct World {
    venue: Arc<Venue>,
    stats: Arc<Stats>,
}

impl World {
    fn start() -> World {
        let hour = DelayModel::Fixed { us: 3_600_000_000 };
        let setup = Setup {
            delay: hour,
            long_delay: hour,
            chance: Chance::seeded(1),
            clock: Clock::starting_at(Time(0)),
            max_orders: 1_000,
            history: 1_000,
            mailbox: 1_000,
        };
        let venue = Venue::start(VenueId(1), setup, None).expect("it has no store to start");
        World { stats: Arc::clone(venue.stats()), venue }
    }

    async fn compare(&self, machine: fn() -> Time) -> i64 {
        self.venue.compare_clocks(Compare { machine, slack_us: SECOND }).await.expect("the mailbox has room")
    }

    async fn place(&self) -> Order {
        let symbol = Symbol::new("EURUSD").expect("a symbol");
        let quantity = Quantity::new(1).expect("a quantity");
        let submit = Submit { symbol, quantity, delay: Delay::Usual, origin: None };
        match self.venue.place(submit).await.expect("the mailbox has room").expect("the book has room") {
            Placed::New(order) => order,
            other => panic!("it is new: {other:?}"),
        }
    }
}

/// Lets time pass, and everything happen that happens by then; asks the OrderBook nothing.
async fn pass(time: Duration) {
    tokio::time::sleep_until(Clock::monotonic() + time).await;
}

#[tokio::test(start_paused = true)]
async fn a_step_forward_is_followed_and_what_is_due_by_it_executes_without_another_word() {
    let test = async {
        let world = World::start();
        let order = world.place().await;
        assert_eq!(world.compare(|| Time(DAY)).await, -DAY);
        pass(TICK).await;
        assert_eq!(world.stats.executed.get(), 1, "nobody asked");
        let closed = world.venue.find(order.id).await.expect("the mailbox has room").expect("it is held");
        assert!(matches!(closed.state, State::Executed { at } if (DAY..DAY + SECOND).contains(&at.0)), "{closed:?}");
        let next = world.place().await;
        assert!((DAY..DAY + SECOND).contains(&next.accepted_at.0), "{next:?}");
        assert_eq!(next.due_at.0 - next.accepted_at.0, 3_600 * SECOND);
        pass(Duration::from_secs(3_599)).await;
        assert_eq!(world.stats.executed.get(), 1, "it waits as long as ever");
        pass(Duration::from_secs(1) + TICK).await;
        assert_eq!(world.stats.executed.get(), 2);
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn a_step_back_moves_nothing() {
    let test = async {
        let world = World::start();
        world.compare(|| Time(DAY)).await;
        let before = world.place().await;
        assert!((DAY..DAY + SECOND).contains(&world.compare(|| Time(0)).await));
        let after = world.place().await;
        assert!(after.accepted_at >= before.accepted_at, "{before:?} {after:?}");
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn clocks_that_differ_by_less_than_the_slack_are_left_alone() {
    let test = async {
        let world = World::start();
        assert_eq!(world.compare(|| Time(SECOND - 1)).await, 1 - SECOND);
        assert!(world.place().await.accepted_at < Time(SECOND / 2));
    };
    LocalSet::new().run_until(test).await;
}
