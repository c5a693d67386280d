//! The OrderBook through its address, in a world whose clock the test owns: nothing sleeps, time jumps.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use proptest::prelude::*;
use tokio::task::LocalSet;
use tradepit_actors::{
    Begin, Cancel, Chance, Clock, CloseAll, CloseCode, Delay, DelayModel, Feed, FeedHandle, Find, Lookup, OrderBook,
    OrderBookAddr, Placed, ReadChanges, ReadOpenOrders, Refused, Request, Scan, Setup, Start, Stats, Submit, Voice,
    open,
};
use tradepit_engine::{
    Body, ChangeFilter, Changes, Event, Lost, OpenOrders, Order, OrderFilter, OrderId, Quantity, Rejection, Seq, State,
    Status, Symbol, Time,
};

/// The timer counts in milliseconds and rounds up.
const TICK_US: i64 = 1_000;

struct World {
    clock: Clock,
    order_book: OrderBookAddr,
    stats: Arc<Stats>,
}

fn setup(delay: DelayModel) -> Setup {
    Setup {
        delay,
        long_delay: DelayModel::Fixed { us: 5_000_000 },
        chance: Chance::seeded(1),
        clock: Clock::starting_at(Time(0)),
        max_orders: 100_000,
        history: 100_000,
        mailbox: 10_000,
    }
}

fn fixed(us: u64) -> Setup {
    setup(DelayModel::Fixed { us })
}

fn start(setup: Setup) -> World {
    let stats = Arc::new(Stats::default());
    World { clock: setup.clock, order_book: OrderBook::start(setup, Arc::clone(&stats)), stats }
}

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).expect("a symbol")
}

fn submit_of(text: &str) -> Submit {
    let quantity = Quantity::new(1).expect("a quantity");
    Submit { symbol: symbol(text), quantity, delay: Delay::Usual, origin: None, unknown_as_of: None }
}

/// An order that was accepted just now.
fn new(placed: Placed) -> Order {
    match placed {
        Placed::New(order) => order,
        other => panic!("it is new: {other:?}"),
    }
}

impl World {
    async fn ask<R: Request>(&self, request: R) -> R::Reply {
        self.order_book.ask(request).await.expect("the mailbox has room")
    }

    async fn submit(&self) -> Order {
        self.submit_as(submit_of("EURUSD")).await
    }

    async fn submit_as(&self, submit: Submit) -> Order {
        new(self.ask(submit).await.expect("the book has room"))
    }

    async fn find(&self, id: OrderId) -> Order {
        self.ask(Find(id)).await.here().expect("the order is held")
    }

    /// Lets time pass, and everything happen that happens by then; asks the OrderBook nothing.
    async fn sleep_until(&self, us: i64) {
        tokio::time::sleep_until(self.clock.instant_of(Time(us))).await;
    }

    fn executed(&self) -> u64 {
        self.stats.executed.get()
    }
}

/// Lets time pass without a chance for anything to happen: the timer cannot fire.
fn skip(us: u64) {
    // It moves the clock when first polled; the rest is a yield.
    let moved = tokio::time::advance(Duration::from_micros(us)).now_or_never();
    assert!(moved.is_none(), "it yields after it moved the clock");
}

fn executed_at(order: &Order) -> Time {
    match order.state {
        State::Executed { at } => at,
        other => panic!("{:?} is {other:?}", order.id),
    }
}

mod execution {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn nothing_executes_before_its_time_and_everything_at_it() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(500_000));
                let order = world.submit().await;
                assert_eq!((order.accepted_at, order.due_at), (Time(0), Time(500_000)));
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
                let world = start(setup(DelayModel::Uniform { min_us: 1, max_us: 3_000_000 }));
                let mut orders = Vec::new();
                for _ in 0..5_000 {
                    orders.push(world.submit().await);
                }
                let due_by = |us: i64| orders.iter().filter(|order| order.due_at.0 <= us).count() as u64;
                for checkpoint in 1..=310 {
                    let now = checkpoint * 10_000;
                    world.sleep_until(now).await;
                    let executed = world.executed();
                    assert!(executed <= due_by(now), "{executed} of {} are executed at {now} us", due_by(now));
                    assert!(executed >= due_by(now - 2 * TICK_US), "only {executed} are executed at {now} us");
                }
                for order in &orders {
                    let at = executed_at(&world.find(order.id).await);
                    let late = at.us_since(order.due_at);
                    assert!(at >= order.due_at && late <= TICK_US as u64, "{order:?} executed at {at:?}");
                }
                assert_eq!(world.stats.open.get(), 0);
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_orders_due_at_once_execute_at_once() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(1_000_000));
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
                let world = start(fixed(100_000));
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
                let world = start(fixed(300_000));
                let long = Submit { delay: Delay::Long, ..submit_of("EURUSD") };
                let late = world.submit_as(long).await;
                let cancelled = world.submit().await;
                world.sleep_until(100_000).await;
                let usual = world.submit().await;
                world.ask(Cancel(cancelled.id)).await.here().expect("it is held");
                world.sleep_until(300_000 + TICK_US).await;
                assert_eq!(world.executed(), 0, "the timer of the cancelled order executes nothing");
                world.sleep_until(400_000 + TICK_US).await;
                assert_eq!(world.executed(), 1);
                executed_at(&world.find(usual.id).await);
                assert_eq!(world.find(late.id).await.state, State::Pending);
                world.sleep_until(5_000_000 + TICK_US).await;
                assert_eq!((world.executed(), world.stats.cancelled.get()), (2, 1));
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_without_delay_executes_without_being_asked_for() {
        LocalSet::new()
            .run_until(async {
                let world = start(setup(DelayModel::None));
                assert_eq!(world.submit().await.state, State::Pending);
                world.sleep_until(TICK_US).await;
                assert_eq!(world.executed(), 1);
            })
            .await;
    }
}

/// Invariant 8: what is due by now is executed before any request is handled, also where the timer is late.
mod reading {
    use super::*;

    /// A world with one order that is due this very microsecond, and a timer that has not fired.
    async fn due_now() -> (World, Order) {
        let world = start(fixed(100_000));
        let order = world.submit().await;
        skip(100_000);
        assert_eq!(world.executed(), 0, "the timer had no chance to fire");
        (world, order)
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_is_pending_up_to_its_time_and_never_seen_pending_at_it() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(100_000));
                let order = world.submit().await;
                skip(99_999);
                assert_eq!(world.find(order.id).await.state, State::Pending);
                skip(1);
                assert_eq!(world.find(order.id).await.state, State::Executed { at: Time(100_000) });
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn no_list_shows_it_pending() {
        LocalSet::new()
            .run_until(async {
                let (world, order) = due_now().await;
                let filter = OrderFilter { status: Some(Status::Pending), symbol: None };
                let scan = Scan { start: Start::First, filter, limit: 10 };
                assert_eq!(world.order_book.list(scan).await, Ok(Some((Vec::new(), false))));
                let all = Scan { filter: OrderFilter::default(), ..scan };
                let (orders, _) = world.order_book.list(all).await.expect("room").expect("it starts at the first");
                assert_eq!((orders[0].id, executed_at(&orders[0])), (order.id, Time(100_000)));
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn no_snapshot_shows_it() {
        LocalSet::new()
            .run_until(async {
                let (world, _) = due_now().await;
                let request = ReadOpenOrders { as_of: Seq(2), after: Seq(0), filter: ChangeFilter::default() };
                let Some(OpenOrders::Held { orders, next: None }) = world.ask(request).await.here() else {
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
                let feed = Feed::start(Arc::clone(&world.stats));
                let (registration, newest) = subscribe(&feed, &world).await;
                assert_eq!(newest, Seq(2));
                let nothing = stream::pending::<Result<Bytes, PayloadError>>();
                let session = open(registration, Begin::Since(Seq(0)), world.order_book.clone(), nothing);
                let next = world.submit().await;
                skip(100_000);
                let written = written(session).await;
                let told =
                    [(order.id, "ACCEPTED"), (order.id, "EXECUTED"), (next.id, "ACCEPTED"), (next.id, "EXECUTED")];
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
                assert_eq!(world.ask(Cancel(order.id)).await, Lookup::Here(()));
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
                let feed = Feed::start(Arc::clone(&world.stats));
                let (_registration, newest) = subscribe(&feed, &world).await;
                assert_eq!(newest, Seq(2));
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_order_comes_after_it() {
        LocalSet::new()
            .run_until(async {
                let (world, order) = due_now().await;
                let next = world.submit().await;
                assert_eq!(next.accepted_seq, Seq(3));
                assert_eq!(world.find(order.id).await.seq, Seq(2));
            })
            .await;
    }
}

/// One frame for each change: `<id> <what happened>`.
static VOICE: Voice = Voice { event: write_text, gap: None };

fn write_text(event: &Event, out: &mut Vec<u8>) {
    let (word, id) = match &event.body {
        Body::Accepted(accepted) => ("ACCEPTED", accepted.id),
        Body::Executed(order) => ("EXECUTED", order.id),
        Body::Cancelled(order) => ("CANCELLED", order.id),
    };
    out.extend_from_slice(format!("{id:?} {word}").as_bytes());
}

async fn subscribe(feed: &FeedHandle, world: &World) -> (tradepit_actors::Registration, Seq) {
    let subscribed = feed.subscribe(&world.order_book, &VOICE, ChangeFilter::default(), Box::new(|_| {})).await;
    subscribed.expect("the mailbox has room")
}

/// What a session writes, read until nothing more comes within a second.
async fn written(session: impl futures_util::Stream<Item = Result<Bytes, actix_web::Error>>) -> String {
    let mut session = Box::pin(session);
    let mut written = Vec::new();
    let second = Duration::from_secs(1);
    while let Ok(Some(Ok(bytes))) = tokio::time::timeout(second, session.next()).await {
        written.extend_from_slice(&bytes);
    }
    String::from_utf8_lossy(&written).into_owned()
}

/// Calls a function whenever it is woken, on the spot: it sees the world as it is while a reply is sent.
struct OnWake<F>(F);

impl<F: Fn() + Send + Sync> Wake for OnWake<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

fn on_wake(act: impl Fn() + Send + Sync + 'static) -> Waker {
    Waker::from(Arc::new(OnWake(act)))
}

type Asked<T> = Pin<Box<dyn Future<Output = Result<T, Refused>>>>;

/// Sends a request without waiting for the reply.
fn send<R: Request>(world: &World, request: R) -> Asked<R::Reply> {
    let order_book = world.order_book.clone();
    Box::pin(async move { order_book.ask(request).await })
}

fn poll_with<T>(asked: &mut Asked<T>, waker: &Waker) -> Poll<Result<T, Refused>> {
    asked.as_mut().poll(&mut Context::from_waker(waker))
}

mod order_of_telling {
    use super::*;

    /// Invariant 3, as far as it is seen from outside: at the moment a reply is sent, its announcement is in the
    /// Feed's mailbox already. A `CloseAll` that is sent at that moment comes after it, so the subscriber hears it.
    #[tokio::test(start_paused = true)]
    async fn a_reply_comes_after_the_announcement_of_what_it_tells() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(1_000_000));
                let feed = Feed::start(Arc::clone(&world.stats));
                let (registration, newest) = subscribe(&feed, &world).await;
                let nothing = stream::pending::<Result<Bytes, PayloadError>>();
                let session = open(registration, Begin::Live(newest), world.order_book.clone(), nothing);

                let addr = feed.addr();
                let close = on_wake(move || addr.do_send(CloseAll(CloseCode::GOING_AWAY)));
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
                let world = start(fixed(100_000));
                let feed = Feed::start(Arc::clone(&world.stats));
                let (registration, newest) = subscribe(&feed, &world).await;
                let nothing = stream::pending::<Result<Bytes, PayloadError>>();
                let session = open(registration, Begin::Live(newest), world.order_book.clone(), nothing);
                let (first, second) = (world.submit().await.id, world.submit().await.id);
                world.ask(Cancel(first)).await.here().expect("it is held");
                world.ask(Cancel(first)).await.here().expect("it is held");
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
                let world = start(fixed(1_000_000));
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
}

mod limits {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_full_mailbox_refuses_at_once_and_recovers() {
        LocalSet::new()
            .run_until(async {
                let world = start(Setup { mailbox: 4, ..fixed(1_000_000) });
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
                let world = start(Setup { mailbox: 3, ..fixed(1_000_000) });
                world.submit().await;
                let others: Vec<_> = (0..5).map(|_| world.order_book.clone()).collect();
                let mut asked: Vec<_> =
                    others.iter().map(|other| Box::pin(other.ask(Find(OrderId([0; 16]))))).collect();
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
                let world = start(Setup { mailbox: 200, ..fixed(1_000_000) });
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
                let world = start(fixed(1_000_000));
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
                let world = start(Setup { max_orders: 3, ..fixed(1_000_000) });
                let ids = [world.submit().await.id, world.submit().await.id, world.submit().await.id];
                assert_eq!(world.ask(submit_of("EURUSD")).await, Err(Rejection::BookFull));
                assert_eq!((world.stats.open.get(), world.stats.held.get()), (3, 3));
                world.ask(Cancel(ids[1])).await.here().expect("it is held");
                world.ask(Cancel(ids[0])).await.here().expect("it is held");
                world.submit().await;
                assert_eq!(world.ask(Find(ids[1])).await, Lookup::Nowhere, "it was closed first");
                assert_eq!(world.ask(Cancel(ids[1])).await, Lookup::Nowhere);
                assert!(world.ask(Find(ids[0])).await.here().is_some());
                assert_eq!((world.stats.open.get(), world.stats.held.get()), (2, 3));
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_book_has_room_again_once_an_order_is_due_whether_the_timer_fired_or_not() {
        LocalSet::new()
            .run_until(async {
                let world = start(Setup { max_orders: 1, ..fixed(100_000) });
                world.submit().await;
                skip(99_999);
                assert_eq!(world.ask(submit_of("EURUSD")).await, Err(Rejection::BookFull));
                skip(1);
                assert!(world.ask(submit_of("EURUSD")).await.is_ok());
            })
            .await;
    }
}

mod history {
    use super::*;

    async fn read(world: &World, after: u64) -> Changes {
        let request = ReadChanges { after: Seq(after), filter: ChangeFilter::default() };
        world.ask(request).await.here().expect("there is no store")
    }

    /// The numbers of what is held after `after`, read piece by piece.
    async fn held(world: &World, mut after: u64) -> Vec<u64> {
        let mut numbers = Vec::new();
        loop {
            let changes = read(world, after).await;
            let Changes::Held { events, upto, newest } = changes else { panic!("after {after}: {changes:?}") };
            numbers.extend(events.iter().map(|event| event.seq.0));
            if upto >= newest {
                return numbers;
            }
            assert!(upto.0 > after, "a piece goes on");
            after = upto.0;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_holds_as_many_changes_as_it_may_and_says_what_is_lost() {
        LocalSet::new()
            .run_until(async {
                let world = start(Setup { history: 10, ..fixed(1_000_000) });
                for _ in 0..25 {
                    world.submit().await;
                }
                assert_eq!(held(&world, 15).await, (16..=25).collect::<Vec<_>>());
                assert_eq!(held(&world, 25).await, [0; 0]);
                for after in [0, 1, 14] {
                    let changes = read(&world, after).await;
                    let Changes::Lost(lost) = changes else { panic!("after {after}: {changes:?}") };
                    assert_eq!(lost, Lost { oldest: Seq(16), as_of: Seq(25) });
                }
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_larger_than_the_history_leaves_its_newest_part() {
        LocalSet::new()
            .run_until(async {
                let world = start(Setup { history: 10, ..fixed(100_000) });
                for _ in 0..300 {
                    world.submit().await;
                }
                // In 2 batches, of which the first alone is larger.
                world.sleep_until(100_000 + TICK_US).await;
                assert_eq!(held(&world, 590).await, (591..=600).collect::<Vec<_>>());
                assert!(matches!(read(&world, 589).await, Changes::Lost(Lost { oldest: Seq(591), as_of: Seq(600) })));
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn without_history_only_the_newest_change_can_be_gone_on_from() {
        LocalSet::new()
            .run_until(async {
                let world = start(Setup { history: 0, ..fixed(1_000_000) });
                assert_eq!(held(&world, 0).await, [0; 0]);
                world.submit().await;
                world.submit().await;
                assert_eq!(held(&world, 2).await, [0; 0]);
                assert!(matches!(read(&world, 1).await, Changes::Lost(Lost { oldest: Seq(3), as_of: Seq(2) })));
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_history_is_read_in_pieces_without_gap_or_repeat() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(100_000));
                for _ in 0..1_000 {
                    world.submit().await;
                }
                world.sleep_until(200_000).await;
                let Changes::Held { events, .. } = read(&world, 0).await else { panic!("it is held") };
                assert!(events.len() < 2_000, "one piece is bounded");
                assert_eq!(held(&world, 0).await, (1..=2_000).collect::<Vec<_>>());
                assert_eq!(held(&world, 777).await, (778..=2_000).collect::<Vec<_>>());
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_filter_leaves_out_changes_but_goes_on_past_them() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(1_000_000));
                for number in 0..600 {
                    world.submit_as(submit_of(if number == 599 { "RARE" } else { "EURUSD" })).await;
                }
                let filter = ChangeFilter { order: None, symbol: Some(symbol("RARE")) };
                let (mut after, mut found) = (Seq(0), Vec::new());
                while after < Seq(600) {
                    let request = ReadChanges { after, filter };
                    let Some(Changes::Held { events, upto, .. }) = world.ask(request).await.here() else {
                        panic!("held")
                    };
                    assert!(upto > after);
                    found.extend(events);
                    after = upto;
                }
                assert_eq!(found.iter().map(|event| event.seq).collect::<Vec<_>>(), [Seq(600)]);
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_open_orders_as_of_a_change_are_those_that_were_open_then() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(1_000_000));
                let mut orders = Vec::new();
                for _ in 0..4_500 {
                    orders.push(world.submit().await);
                }
                for order in orders.iter().step_by(3) {
                    world.ask(Cancel(order.id)).await.here().expect("it is held");
                }
                // 4 500 accepted, then 1 500 cancelled: as of change 5 000 a third of those are cancelled.
                let as_of = Seq(5_000);
                let cancelled_then = 500;
                let (mut after, mut told) = (Seq(0), Vec::new());
                loop {
                    let request = ReadOpenOrders { as_of, after, filter: ChangeFilter::default() };
                    let Some(OpenOrders::Held { orders, next }) = world.ask(request).await.here() else {
                        panic!("held")
                    };
                    told.extend(orders);
                    let Some(next) = next else { break };
                    assert!(next > after);
                    after = next;
                }
                let gone: Vec<OrderId> = orders.iter().step_by(3).take(cancelled_then).map(|order| order.id).collect();
                let expected: Vec<Order> = orders.into_iter().filter(|order| !gone.contains(&order.id)).collect();
                assert_eq!(told, expected);
            })
            .await;
    }
}

mod lists {
    use super::*;

    const SYMBOLS: [&str; 3] = ["EURUSD", "GOLD", "OIL"];

    /// A book of 5 000 orders of all states and symbols, and the same as a list.
    async fn book() -> (World, Vec<Order>) {
        let world = start(fixed(1_000_000));
        let mut ids = Vec::new();
        for number in 0..5_000 {
            if number == 2_500 {
                world.sleep_until(1_100_000).await;
            }
            // The last symbol is rare, and nowhere near the start.
            let symbol = if number % 1_700 == 1_699 { SYMBOLS[2] } else { SYMBOLS[number % 2] };
            ids.push(world.submit_as(submit_of(symbol)).await.id);
        }
        for id in ids.iter().skip(2_500).step_by(4) {
            world.ask(Cancel(*id)).await.here().expect("it is held");
        }
        let mut orders = Vec::new();
        for id in ids {
            orders.push(world.find(id).await);
        }
        (world, orders)
    }

    fn status(order: &Order) -> Status {
        Status::from(order.state)
    }

    fn scans() -> impl Strategy<Value = (Option<usize>, Option<Status>, Option<usize>, usize)> {
        let status = prop_oneof![Just(Status::Pending), Just(Status::Executed), Just(Status::Cancelled)];
        let limit = prop_oneof![0..5_usize, 0..1_001_usize, Just(1_000_usize), 2_000..6_000_usize];
        (prop::option::of(0..5_000_usize), prop::option::of(status), prop::option::of(0..3_usize), limit)
    }

    #[test]
    fn a_list_drawn_in_pieces_is_what_a_naive_one_is() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime");
        let local = LocalSet::new();
        let (world, orders) = local.block_on(&runtime, book());
        let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
        proptest!(config, |((after, wanted, of, limit) in scans())| {
            let filter = OrderFilter { status: wanted, symbol: of.map(|of| symbol(SYMBOLS[of])) };
            let start = after.map_or(Start::First, |after| Start::After(orders[after].id));
            let matching = orders[after.map_or(0, |after| after + 1)..].iter().filter(|order| {
                wanted.is_none_or(|wanted| wanted == status(order)) && of.is_none_or(|of| order.symbol == symbol(SYMBOLS[of]))
            });
            let matching: Vec<Order> = matching.cloned().collect();
            let expected = (matching[..limit.min(matching.len())].to_vec(), matching.len() > limit);
            let listed = local.block_on(&runtime, world.order_book.list(Scan { start, filter, limit }));
            prop_assert_eq!(listed, Ok(Some(expected)));
        });
    }

    #[tokio::test(start_paused = true)]
    async fn one_piece_looks_at_a_bounded_number_of_orders() {
        LocalSet::new()
            .run_until(async {
                let (world, orders) = book().await;
                let few = Scan { start: Start::First, filter: OrderFilter::default(), limit: 10 };
                let page = world.ask(few).await.here().expect("it starts at the first");
                assert_eq!((&page.orders[..], page.next), (&orders[..10], Some(orders[9].accepted_seq)));

                let filter = OrderFilter { status: None, symbol: Some(symbol("NONE")) };
                let mut start = Start::First;
                let mut pieces = 0;
                loop {
                    let page = world.ask(Scan { start, filter, limit: 10 }).await.here().expect("it starts somewhere");
                    pieces += 1;
                    assert_eq!(page.orders, []);
                    let Some(next) = page.next else { break };
                    start = Start::At(next);
                }
                assert!((2..=10).contains(&pieces), "{} orders in {pieces} pieces", orders.len());
            })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_list_cannot_start_after_an_unknown_order() {
        LocalSet::new()
            .run_until(async {
                let world = start(fixed(1_000_000));
                world.submit().await;
                let start = Start::After(OrderId([7; 16]));
                let scan = Scan { start, filter: OrderFilter::default(), limit: 10 };
                assert_eq!(world.order_book.list(scan).await, Ok(None));
            })
            .await;
    }
}
