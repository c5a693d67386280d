//! What an account was worth from time to time, without a store: what the newest changes say, and as it was then.

use tokio::task::LocalSet;
use tradepit_actors::{
    Delay, Moments, OpenAccount, Piece, ReadAccounts, ReadActivities, ReadHistory, SetQuote, Setup, Submit, Transfer,
    WhichAccount,
};
use tradepit_engine::{
    AccountKind, AccountNumber, Asked, AskedQuote, Decimal, Direction, Money, SelfTrade, Side, Time, TimeInForce,
    Transferred,
};
use tradepit_kit::{Dice, quantity, symbol};
use tradepit_world::{World, fixed};

const ALICE: AccountNumber = 3;
const SYMBOLS: [&str; 3] = ["EURUSD", "BTC/USD", "USDJPY"];
const SECOND_US: i64 = 1_000_000;

async fn open(world: &World) {
    let opened = tradepit_engine::OpenAccount {
        id: None,
        kind: AccountKind::Margin,
        currency: symbol("USD"),
        leverage: Decimal::new(100, 0).expect("a number"),
        self_trade: SelfTrade::Allow,
        cash: vec![(symbol("USD"), Money(10_i128.pow(20))), (symbol("JPY"), Money(10_i128.pow(17)))],
    };
    let opened = world.venue.open_account(OpenAccount(opened)).await.expect("the mailbox has room");
    assert_eq!(opened.expect("its name is free").number, ALICE);
}

/// Trades with the house, pays, or sets a quote, at random.
async fn act(world: &World, dice: &mut Dice) {
    let symbol_of = symbol(dice.of(&SYMBOLS));
    match dice.below(6) {
        0 => {
            let amount = Money((dice.below(2_001_i128) - 1_000) * 10_i128.pow(12) + 1);
            let transferred = Transferred { account: ALICE, currency: symbol(dice.of(&["USD", "JPY"])), amount };
            let _ = world.venue.transfer(Transfer(transferred)).await.expect("the mailbox has room");
        }
        1 | 2 => {
            let number = |units: i128| Decimal::new(units, 2).expect("a number");
            let bid = 100 + dice.below(20_000_i128);
            let quote = AskedQuote { bid: number(bid), ask: number(bid + 2), bid_size: None, ask_size: None };
            let quote = (!dice.once_in(3)).then_some(quote);
            let set = world.venue.set_quote(SetQuote { symbol: symbol_of, quote }).await.expect("the mailbox has room");
            assert!(set.is_ok() || symbol_of == symbol("BTC/USD") || quote.is_some());
        }
        _ => {
            let qty = dice.below(9_u64) + 1;
            let asked = Asked {
                account: ALICE,
                side: dice.of(&[Side::Buy, Side::Sell]),
                limit_price: None,
                stop: None,
                time_in_force: TimeInForce::GoodTillCancelled,
                post_only: false,
                qty: Decimal::new(qty.into(), 0).expect("a number"),
                notional: None,
            };
            let (quantity, asked) = (quantity(qty), Some(Box::new(asked)));
            let submit = Submit { symbol: symbol_of, quantity, delay: Delay::Usual, origin: None, asked, group: None };
            let _ = world.place(submit).await;
        }
    }
}

async fn history(world: &World, mut read: ReadHistory) -> Vec<(Time, Option<Money>, Option<Money>)> {
    let mut all = Vec::new();
    loop {
        let found = world.venue.history(read).await.expect("the mailbox has room").expect("it is open");
        let Moments { moments, next } = found;
        assert!(moments.len() <= read.limit);
        all.extend(moments.iter().map(|moment| (moment.at, moment.equity, moment.profit)));
        match next {
            Some(next) => read.start = Some(next),
            None => return all,
        }
    }
}

async fn equity(world: &World) -> Option<Money> {
    let read = ReadAccounts(WhichAccount::One(ALICE));
    let found = world.venue.read_accounts(read).await.expect("the mailbox has room").expect("it is open");
    found.items[0].equity
}

fn all_of(step_us: i64, limit: usize) -> ReadHistory {
    ReadHistory { account: ALICE, start: None, end: None, step_us, limit }
}

/// What it said of itself at each whole second, and what its history says of these at the end.
async fn life(seed: u64, changes: usize) -> (Vec<(Time, Option<Money>)>, Vec<(Time, Option<Money>, Option<Money>)>) {
    let world = World::start(Setup { history: changes, ..fixed(1_000) });
    let mut dice = Dice::seeded(seed);
    open(&world).await;
    let mut told = Vec::new();
    for second in 1..=40 {
        // What is taken from the house is back, and orders have arrived, by the next whole second.
        for part in 0..3 {
            world.sleep_until((second - 1) * SECOND_US + 100_000 + part * 20_000).await;
            act(&world, &mut dice).await;
        }
        world.sleep_until(second * SECOND_US).await;
        told.push((Time(second * SECOND_US), equity(&world).await));
    }
    let moments = history(&world, all_of(SECOND_US, 1_000)).await;
    assert_eq!(history(&world, all_of(SECOND_US, 3)).await, moments);
    (told, moments)
}

#[tokio::test(start_paused = true)]
async fn a_history_says_what_the_account_said_then_each_time_the_same() {
    LocalSet::new()
        .run_until(async {
            for seed in 0..6 {
                let (told, moments) = life(seed, 100_000).await;
                let equities: Vec<_> = moments.iter().map(|(at, equity, _)| (*at, *equity)).collect();
                assert_eq!(equities.strip_prefix(&[(Time(0), told_at_first(&moments))]), Some(&told[..]), "{seed}");
                assert_eq!(life(seed, 100_000).await, (told, moments), "{seed}");
            }
        })
        .await;
}

/// At the time 0 the account was opened; nothing had happened yet.
fn told_at_first(moments: &[(Time, Option<Money>, Option<Money>)]) -> Option<Money> {
    let (at, equity, profit) = moments[0];
    assert_eq!((at, profit), (Time(0), Some(Money::ZERO)));
    equity
}

#[tokio::test(start_paused = true)]
async fn a_history_begins_with_the_oldest_change_that_is_held() {
    LocalSet::new()
        .run_until(async {
            let (told, whole) = life(1, 100_000).await;
            let (same, short) = life(1, 10).await;
            assert_eq!(told, same);
            assert!(!short.is_empty() && short.len() < whole.len(), "{} of {}", short.len(), whole.len());
            // Whatever was last quoted by hand or traded before is forgotten: but what is told of cash is right.
            assert!(whole.ends_with(&short[short.len() - 1..]));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn activities_are_found_among_many_changes_of_others_in_both_directions() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000));
            open(&world).await;
            let mut dice = Dice::seeded(7);
            for number in 0..3_000 {
                world.submit().await;
                if number % 300 == 0 {
                    act(&world, &mut dice).await;
                    world.sleep_until((number + 10) * 1_000).await;
                }
            }
            world.sleep_until(10 * SECOND_US).await;
            let read = |direction, limit, after| ReadActivities { account: ALICE, kind: None, after, direction, limit };
            let list = async |direction, limit| {
                let (mut all, mut after) = (Vec::new(), None);
                loop {
                    let found = world.venue.activities(read(direction, limit, after)).await.expect("room");
                    let Piece { items, has_more } = found;
                    assert!(items.len() <= limit && items.iter().all(|(_, currency)| currency.is_some()));
                    after = items.last().map(|(last, _)| (last.number, last.place));
                    all.extend(items);
                    if !has_more {
                        return all;
                    }
                }
            };
            let all = list(Direction::OldestFirst, 1_000).await;
            assert!(all.len() > 4, "{all:?}");
            assert!(all.is_sorted_by_key(|(activity, _)| (activity.number, activity.place)));
            assert_eq!(list(Direction::OldestFirst, 2).await, all);
            for limit in [1, 1_000] {
                let mut newest_first = list(Direction::NewestFirst, limit).await;
                newest_first.reverse();
                assert_eq!(newest_first, all);
            }
        })
        .await;
}
