//! Everything of a venue is its own (invariant 10): two in one process, with equal seeds, make equal bytes and share no
//! figure. Their clocks are virtual: equal requests come at equal times.

mod ended;

use std::sync::Arc;
use std::time::Duration;

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt, stream};
use tokio::task::LocalSet;
use tradepit_actors::{
    Advance, Begin, CannotAdvance, Chance, Clock, Delay, DelayModel, ReadOffered, Setup, Stats, Submit, Venue, VenueId,
    Voice, Which, open,
};
use tradepit_engine::{
    Asked, AskedStop, ChangeFilter, Clearing, Decimal, Event, Order, Quoting, Rules, Side, Status, Time, TimeInForce,
};
use tradepit_kit::{quantity, symbol};
use tradepit_market::{Preset, Simulated};
use tradepit_world::{new, pass};

const SECOND: i64 = 1_000_000;
const START: Time = Time(1_767_312_000 * SECOND);

fn setup(seed: u64) -> Setup {
    Setup {
        chance: Chance::seeded(seed),
        clock: Clock::standing_at(START),
        ..tradepit_world::setup(DelayModel::Uniform { min_us: 1_000, max_us: 900_000 })
    }
}

fn venue(seed: u64) -> Arc<Venue> {
    Venue::start(VenueId(seed), setup(seed), None).expect("it has no store to start")
}

async fn place(venue: &Venue, number: u64) -> Order {
    let (symbol, quantity) = (symbol(["EURUSD", "GOLD"][number as usize % 2]), quantity(number + 1));
    let delay = if number.is_multiple_of(7) { Delay::Long } else { Delay::Usual };
    let placed = venue.place(Submit { symbol, quantity, delay, origin: None, asked: None, group: None }).await;
    new(placed.expect("the mailbox has room").expect("the book has room"))
}

async fn advance(venue: &Venue, to: Time) {
    venue.advance(Advance::To(to)).await.expect("the mailbox has room").expect("it goes forward");
}

/// The whole of an event, as bytes.
static VOICE: Voice = Voice { event: write, gap: None };

fn write(event: &Event, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{event:?}\n").as_bytes());
}

/// A subscriber's stream, from the first event on.
async fn listen(venue: &Arc<Venue>) -> impl Stream<Item = Result<Bytes, actix_web::Error>> + use<> {
    let feed = venue.start_feed();
    let subscribed = venue.subscribe(&feed, &VOICE, ChangeFilter::default(), Box::new(|_| {})).await;
    let (registration, newest, _) = subscribed.expect("the mailbox has room");
    let nothing = stream::pending::<Result<Bytes, PayloadError>>();
    open(registration, Begin::Live(newest), Arc::clone(venue), nothing)
}

/// What a stream has to say by now.
async fn told(stream: impl Stream<Item = Result<Bytes, actix_web::Error>>) -> Vec<u8> {
    let mut stream = Box::pin(stream);
    let mut told = Vec::new();
    // A round rests for some milliseconds at most; the clock of the test is tokio's, and stands while anything runs.
    pass(Duration::from_millis(100)).await;
    while let Some(Some(Ok(bytes))) = stream.next().now_or_never() {
        told.extend_from_slice(&bytes);
    }
    told
}

/// What clients do with a venue: place, cancel, let time pass.
async fn day(venue: &Venue) {
    let mut open = Vec::new();
    for number in 0..200 {
        open.push(place(venue, number).await.id);
        if number % 5 == 4 {
            assert_eq!(venue.cancel(open.swap_remove(open.len() / 2)).await, Ok(true));
        }
        if number % 3 == 2 {
            advance(venue, Time(START.0 + number as i64 * 40_000)).await;
        }
    }
    advance(venue, Time(START.0 + 60 * SECOND)).await;
}

fn figures(stats: &Stats) -> [u64; 6] {
    let (open, subscribers) = (stats.open.get() as u64, stats.subscribers.get() as u64);
    [stats.accepted.get(), stats.executed.get(), stats.cancelled.get(), open, subscribers, stats.lateness.sum_us()]
}

#[tokio::test(start_paused = true)]
async fn two_venues_with_equal_seeds_make_equal_bytes_and_share_no_figure() {
    let test = async {
        let (first, second, other) = (venue(7), venue(7), venue(8));
        let streams = (listen(&first).await, listen(&second).await, listen(&other).await);
        day(&first).await;
        assert_eq!(figures(second.stats()), [0, 0, 0, 0, 1, 0], "nothing happened here");
        day(&second).await;
        day(&other).await;
        let (said, same, different) = (told(streams.0).await, told(streams.1).await, told(streams.2).await);
        assert!(said.len() > 400 * 100, "it is a whole day: {} bytes", said.len());
        assert_eq!(said, same);
        assert_ne!(said, different, "another seed, other ids and delays");
        let counts = figures(first.stats());
        assert_eq!(counts[0], 200);
        assert_eq!(counts[1] + counts[2], 200);
        assert_eq!(counts, figures(second.stats()));
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn interleaving_them_changes_neither() {
    let test = async {
        let (alone, first, second) = (venue(7), venue(7), venue(7));
        let streams = (listen(&alone).await, listen(&first).await, listen(&second).await);
        day(&alone).await;
        tokio::join!(day(&first), day(&second));
        let said = told(streams.0).await;
        assert_eq!(told(streams.1).await, said);
        assert_eq!(told(streams.2).await, said);
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn virtual_time_passes_only_when_it_is_told_to_and_each_order_executes_at_its_own() {
    let test = async {
        let venue = venue(7);
        let mut orders = Vec::new();
        for number in 0..3_000 {
            orders.push(place(&venue, number).await);
        }
        pass(Duration::from_secs(3_600)).await;
        assert_eq!(venue.stats().executed.get(), 0, "an hour is nothing to it");
        let usual = orders.iter().filter(|order| order.due_at < Some(Time(START.0 + SECOND))).count();
        advance(&venue, Time(START.0 + SECOND)).await;
        assert_eq!(venue.stats().executed.get(), usual as u64);
        advance(&venue, Time(START.0 + 5 * SECOND)).await;
        assert_eq!(venue.stats().lateness.sum_us(), 0);
        for order in orders {
            let found = venue.find(order.id).await.expect("the mailbox has room").expect("it is held");
            assert_eq!((found.status(), found.closed_at), (Status::Executed, order.due_at));
        }
    };
    LocalSet::new().run_until(test).await;
}

#[tokio::test(start_paused = true)]
async fn time_never_goes_back_and_a_real_clock_is_nobodys_to_advance() {
    let test = async {
        let venue = venue(7);
        advance(&venue, Time(START.0 + 5)).await;
        let back = venue.advance(Advance::To(START)).await;
        assert_eq!(back, Ok(Err(CannotAdvance::Backwards(Time(START.0 + 5)))));
        let real = Setup { clock: Clock::starting_at(START), ..setup(7) };
        let real = Venue::start(VenueId(1), real, None).expect("it has no store to start");
        assert_eq!(real.advance(Advance::To(Time(i64::MAX))).await, Ok(Err(CannotAdvance::RealClock)));
    };
    LocalSet::new().run_until(test).await;
}

/// A venue whose prices move.
fn moving(seed: u64) -> Arc<Venue> {
    let simulated = Simulated { seed, preset: Preset::Volatile };
    let rules = Rules { quoting: Quoting::Moving(simulated.moving()), ..Rules::default() };
    let setup = Setup { rules, simulated: Some(simulated), ..setup(seed) };
    Venue::start(VenueId(seed), setup, None).expect("it has no store to start")
}

/// Orders round the market, each placed at a time of its own; between two of them time passes in steps of this length.
async fn trade(venue: &Venue, step_us: i64) {
    for number in 0..120_u64 {
        let at = Time(START.0 + number as i64 * 700_000);
        let mut now = Time(at.0 - 700_000);
        while now < at {
            now = Time((now.0 + step_us).min(at.0));
            advance(venue, now.max(START)).await;
        }
        let symbol = symbol(["EURUSD", "AAPL", "USDCAD"][number as usize % 3]);
        let read = ReadOffered { which: Which::Named(vec![symbol]), depth: 10 };
        let found = venue.offered(read).await.expect("the mailbox has room").expect("it is listed");
        let offered = &found.items[0];
        let side = if number % 2 == 0 { Side::Buy } else { Side::Sell };
        let levels = if side == Side::Buy { &offered.bids } else { &offered.asks };
        let limit = offered.tick.times(levels[number as usize % 4].ticks.into()).expect("a price");
        let (limit_price, stop) = match number % 5 {
            0 => (None, Some(AskedStop::At(limit))),
            1 => (None, None),
            _ => (Some(limit), None),
        };
        let qty = Decimal::parse("10").expect("a number");
        let (account, time_in_force) = (Clearing::DEFAULT, TimeInForce::GoodTillCancelled);
        let asked = Asked { account, side, limit_price, stop, time_in_force, post_only: false, qty, notional: None };
        let (quantity, asked) = (quantity(10), Some(Box::new(asked)));
        let submit = Submit { symbol, quantity, delay: Delay::Usual, origin: None, asked, group: None };
        let _ = new(venue.place(submit).await.expect("the mailbox has room").expect("the book has room"));
    }
    advance(venue, Time(START.0 + 3_600 * SECOND)).await;
}

#[tokio::test(start_paused = true)]
async fn equal_requests_at_equal_times_make_equal_bytes_while_prices_move_however_time_passes() {
    let test = async {
        let (first, second, other) = (moving(7), moving(7), moving(8));
        let streams = (listen(&first).await, listen(&second).await, listen(&other).await);
        trade(&first, 10_000_000).await;
        trade(&second, 33_000).await;
        trade(&other, 10_000_000).await;
        let (said, same, different) = (told(streams.0).await, told(streams.1).await, told(streams.2).await);
        let fills = String::from_utf8_lossy(&said).matches("Filled(").count();
        assert!(fills > 40, "{fills} fills");
        assert!(said == same);
        assert!(said != different, "another seed, another market");
    };
    LocalSet::new().run_until(test).await;
}
