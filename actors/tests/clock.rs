//! Virtual clocks: how they run, how they go on, and what waits meanwhile.

use std::sync::Arc;
use std::time::Duration;

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::task::LocalSet;
use tradepit_actors::{
    Advance, Advanced, Begin, CannotAdvance, Chance, Clock, Delay, DelayModel, Mode, RunClock, Setup, Speed, Submit,
    Venue, VenueId, Voice, open,
};
use tradepit_engine::{ChangeFilter, Decimal, Event, Order, OrderId, Status, Time};
use tradepit_kit::{quantity, symbol};
use tradepit_world::{new, pass};

const SECOND: i64 = 1_000_000;
/// An order that is executed arrives, and buys.
const CHANGES: u64 = 2;
const START: Time = Time(1_767_312_000 * SECOND);

fn after(seconds: i64) -> Time {
    Time(START.0 + seconds * SECOND)
}

fn speed(times: &str) -> Speed {
    Speed::of(Decimal::parse(times).expect("a number")).expect("a speed")
}

/// A venue whose orders wait for up to 100 s.
fn venue(clock: Clock) -> Arc<Venue> {
    let delay = DelayModel::Uniform { min_us: 1_000_000, max_us: 100_000_000 };
    let setup = Setup { chance: Chance::seeded(7), clock, max_orders: 200_000, ..tradepit_world::setup(delay) };
    Venue::start(VenueId(7), setup, None).expect("it has no store to start")
}

async fn place(venue: &Venue) -> Order {
    let (symbol, quantity) = (symbol("EURUSD"), quantity(1));
    let placed = venue.place(Submit { symbol, quantity, delay: Delay::Usual, origin: None, asked: None, group: None });
    new(placed.await.expect("the mailbox has room").expect("the book has room"))
}

async fn place_some(venue: &Venue, count: usize) -> Vec<Order> {
    let mut orders = Vec::new();
    for _ in 0..count {
        orders.push(place(venue).await);
    }
    orders
}

async fn find(venue: &Venue, id: OrderId) -> Order {
    venue.find(id).await.expect("the mailbox has room").expect("it is held")
}

async fn advance(venue: &Venue, advance: Advance) -> Advanced {
    venue.advance(advance).await.expect("the mailbox has room").expect("it goes forward")
}

async fn shown(venue: &Venue) -> (Time, Mode) {
    let clock = venue.clock().await.expect("the mailbox has room");
    (clock.now, clock.mode)
}

#[tokio::test(start_paused = true)]
async fn a_running_clock_executes_each_order_at_its_own_time_and_shows_no_lateness() {
    let test = async {
        let venue = venue(Clock::running_from(START, speed("50")));
        let orders = place_some(&venue, 300).await;
        let half = orders.iter().filter(|order| order.due_at <= Some(after(50))).count();
        pass(Duration::from_secs(1)).await;
        assert_eq!(shown(&venue).await, (after(50), Mode::Running(speed("50"))));
        assert_eq!(venue.stats().executed.get(), half as u64);
        pass(Duration::from_secs(1)).await;
        for order in orders {
            let found = find(&venue, order.id).await;
            assert_eq!((found.status(), found.closed_at), (Status::Executed, order.due_at));
        }
        assert_eq!(venue.stats().lateness.sum_us(), 0);
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_by_over_and_to_and_tells_what_happened() {
    let test = async {
        let venue = venue(Clock::standing_at(START));
        let mut due: Vec<Time> = place_some(&venue, 9).await.iter().filter_map(|order| order.due_at).collect();
        due.sort_unstable();
        let first = advance(&venue, Advance::Events(1)).await;
        assert_eq!((first.now, first.changes), (due[0], CHANGES));
        let third = advance(&venue, Advance::Events(2)).await;
        assert_eq!((third.now, third.changes, third.number.0), (due[2], 2 * CHANGES, first.number.0 + 2 * CHANGES));
        let by_us = (due[4].0 - due[2].0) as u64;
        let fifth = advance(&venue, Advance::By(by_us)).await;
        assert_eq!((fifth.now, fifth.changes), (due[4], 2 * CHANGES));
        let all = advance(&venue, Advance::To(after(200))).await;
        assert_eq!((all.now, all.changes), (after(200), 4 * CHANGES));
        let none = advance(&venue, Advance::Events(1)).await;
        assert_eq!((none.now, none.changes), (after(200), 0), "nothing is due any more: it stays");
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn what_changes_something_waits_for_the_end_and_what_reads_sees_the_time_on_the_way() {
    let test = async {
        let venue = venue(Clock::standing_at(START));
        let orders = place_some(&venue, 20_000).await;
        let read = Arc::clone(&venue);
        // A task of its own has its turn after each of the order book's.
        let reads = tokio::task::spawn_local(async move {
            let mut seen = Vec::new();
            while seen.last().is_none_or(|now| *now < after(100)) {
                seen.push(shown(&read).await.0);
            }
            seen
        });
        let late = async {
            tokio::task::yield_now().await;
            let cancelled = venue.cancel(orders.iter().max_by_key(|order| order.due_at).expect("some").id).await;
            (cancelled, place(&venue).await, advance(&venue, Advance::By(5)).await)
        };
        let under_way = advance(&venue, Advance::To(after(100)));
        let (advanced, seen, (cancelled, placed, then)) = tokio::join!(under_way, reads, late);
        assert_eq!((advanced.now, advanced.changes), (after(100), 20_000 * CHANGES));
        let seen = seen.expect("it reads to the end");
        assert!(seen.is_sorted() && seen.iter().filter(|now| START < **now && **now < after(100)).count() > 3);
        assert_eq!(cancelled, Ok(true), "there is such an order, which was executed before");
        assert_eq!(venue.stats().cancelled.get(), 0);
        assert_eq!(placed.accepted_at, after(100));
        assert_eq!(then.now, Time(after(100).0 + 5));
    };
    LocalSet::new().run_until(test).await;
}

static VOICE: Voice = Voice { event: |event: &Event, out| out.extend_from_slice(&frame(event)), gap: None };

/// A frame of the size of a real one.
fn frame(event: &Event) -> [u8; 200] {
    let mut frame = [b' '; 200];
    frame[..8].copy_from_slice(&event.number.0.to_be_bytes());
    frame
}

async fn listen(venue: &Arc<Venue>) -> impl Stream<Item = Result<Bytes, actix_web::Error>> + use<> {
    let feed = venue.start_feed();
    let subscribed = venue.subscribe(&feed, &VOICE, ChangeFilter::default(), Box::new(|_| {})).await;
    let (registration, newest, _) = subscribed.expect("the mailbox has room");
    let nothing = stream::pending::<Result<Bytes, PayloadError>>();
    open(registration, Begin::Live(newest), Arc::clone(venue), nothing)
}

/// The numbers of the frames that are there whole, each behind its header of four bytes. In between the server pings.
fn numbers_of(bytes: &mut Vec<u8>) -> Vec<u64> {
    let (mut numbers, mut at) = (Vec::new(), 0);
    while bytes.len() >= at + 204 {
        if bytes[at] == 0x89 {
            at += 2;
            continue;
        }
        numbers.push(u64::from_be_bytes(bytes[at + 4..at + 12].try_into().expect("eight bytes")));
        at += 204;
    }
    bytes.drain(..at);
    numbers
}

/// 20 MB of frames: far more than anybody may leave unread.
#[tokio::test(start_paused = true)]
async fn time_goes_no_faster_than_a_subscriber_reads_and_does_not_wait_for_one_that_does_not() {
    let test = async {
        let venue = venue(Clock::standing_at(START));
        place_some(&venue, 100_000).await;
        let (reader, idle) = (Box::pin(listen(&venue).await), listen(&venue).await);
        let read = tokio::task::spawn_local(async move {
            let (mut reader, mut numbers, mut rest) = (reader, Vec::new(), Vec::new());
            while numbers.len() < 100_000 {
                rest.extend(reader.next().await.expect("it is not cut off").expect("it does not fail"));
                numbers.extend(numbers_of(&mut rest));
                pass(Duration::from_millis(1)).await;
            }
            numbers
        });
        let both = async { tokio::join!(advance(&venue, Advance::To(after(100))), read) };
        let (advanced, numbers) = tokio::time::timeout(Duration::from_secs(60), both).await.expect("it arrives");
        let numbers = numbers.expect("it reads to the end");
        assert_eq!(advanced.changes, 100_000 * CHANGES);
        let wrong = numbers.windows(2).find(|pair| pair[0] >= pair[1]);
        assert_eq!(wrong, None, "each once, in order");
        assert_eq!(numbers.last(), Some(&advanced.number.0));
        drop(idle);
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_changes_its_mode_and_one_that_is_ahead_does_not_become_real() {
    let test = async {
        let venue = venue(Clock::starting_at(START));
        assert_eq!(shown(&venue).await.1, Mode::Real);
        assert_eq!(venue.advance(Advance::By(1)).await, Ok(Err(CannotAdvance::RealClock)));
        let run = async |run| venue.run_clock(run).await.expect("the mailbox has room");
        run(RunClock::Virtually(Speed::STILL)).await.expect("it may");
        let (frozen_at, mode) = shown(&venue).await;
        pass(Duration::from_secs(3)).await;
        assert_eq!(mode, Mode::Frozen);
        assert_eq!(shown(&venue).await, (frozen_at, Mode::Frozen));
        run(RunClock::Onward).await.expect("it may");
        pass(Duration::from_secs(3)).await;
        assert_eq!(shown(&venue).await, (Time(frozen_at.0 + 3 * SECOND), Mode::Running(Speed::USUAL)));
        run(RunClock::Virtually(speed("0.5"))).await.expect("it may");
        pass(Duration::from_secs(3)).await;
        assert_eq!(shown(&venue).await, (Time(frozen_at.0 + 4_500_000), Mode::Running(speed("0.5"))));
        let order = place(&venue).await;
        assert_eq!(
            run(RunClock::AsMachines(|| START)).await,
            Err(CannotAdvance::Backwards(Time(frozen_at.0 + 4_500_000)))
        );
        let machines = run(RunClock::AsMachines(Clock::wall)).await.expect("the machine is ahead of 2026-01-02");
        assert_eq!(shown(&venue).await.1, Mode::Real);
        assert_eq!(find(&venue, order.id).await.closed_at, order.due_at, "on the way");
        assert_eq!(machines.changes, CHANGES);
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn nobody_goes_beyond_what_can_be_written() {
    let test = async {
        let venue = venue(Clock::standing_at(START));
        assert_eq!(venue.advance(Advance::By(u64::MAX)).await, Ok(Err(CannotAdvance::TooFar)));
        assert_eq!(venue.advance(Advance::To(Time(START.0 - 1))).await, Ok(Err(CannotAdvance::Backwards(START))));
    };
    LocalSet::new().run_until(test).await;
}

#[test]
fn a_speed_is_a_decimal_to_the_thousandth_up_to_a_million() {
    for (written, shown) in [("0", "0"), ("60", "60"), ("0.25", "0.25"), ("1000000", "1000000"), ("1.050", "1.05")] {
        assert_eq!(speed(written).to_string(), shown);
    }
    for refused in ["-1", "0.0001", "1000000.001"] {
        assert_eq!(Speed::of(Decimal::parse(refused).expect("a number")), None, "{refused}");
    }
}
