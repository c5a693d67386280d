//! Fills and trades, as they are told without a store: what the newest changes say, in pieces.

use tokio::task::LocalSet;
use tradepit_actors::{FindFilled, ReadFills, Setup};
use tradepit_engine::{Direction, FillFilter, Number, PrintsOf, Time};
use tradepit_kit::symbol;
use tradepit_world::{TICK_US, World, fixed, submit_of};

async fn fills(world: &World, filter: FillFilter, after: u64, limit: usize) -> (Vec<u64>, bool) {
    let (after, direction) = (Some(Number(after)), Direction::OldestFirst);
    let read = ReadFills { order: None, filter, after, direction, limit };
    let piece = world.venue.fills(read).await.expect("the mailbox has room").expect("no order is named");
    (piece.items.iter().map(|fill| fill.number.0).collect(), piece.has_more)
}

#[tokio::test(start_paused = true)]
async fn fills_and_trades_are_found_in_the_newest_changes_and_older_ones_are_forgotten() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { history: 1_200, ..fixed(1_000) });
            let mut orders = Vec::new();
            for number in 0..1_000 {
                let name = if number % 250 == 0 { "RARE" } else { "EURUSD" };
                orders.push(world.submit_as(submit_of(name)).await);
                if number % 100 == 99 {
                    world.sleep_until((number + 1) * 100 + TICK_US).await;
                }
            }
            world.sleep_until(200_000).await;
            let all = FillFilter::default();
            let (numbers, more) = fills(&world, all, 0, 10_000).await;
            assert!(!more && numbers.is_sorted() && numbers.len() >= 500 && numbers.len() < 1_000, "{}", numbers.len());
            assert_eq!(fills(&world, all, numbers[9], 5).await, (numbers[10..15].to_vec(), true));
            let read =
                ReadFills { order: None, filter: all, after: None, direction: Direction::NewestFirst, limit: 400 };
            let newest = world.venue.fills(read).await.expect("room").expect("no order is named");
            let newest: Vec<u64> = newest.items.iter().map(|fill| fill.number.0).collect();
            assert_eq!(newest, numbers.iter().rev().take(400).copied().collect::<Vec<_>>());
            let rare = FillFilter { symbol: Some(symbol("RARE")), ..all };
            let (of_rare, _) = fills(&world, rare, 0, 10).await;
            assert_eq!(fills(&world, FillFilter { account: Some(9), ..all }, 0, 10).await, (Vec::new(), false));
            let mut trades = Vec::new();
            let mut before = Number(u64::MAX);
            loop {
                let read = PrintsOf { before, until: Time(i64::MAX), symbol: symbol("RARE"), limit: 1 };
                let piece = world.venue.prints(read).await.expect("room").expect("it is listed");
                trades.extend(piece.items.iter().map(|print| print.trade.0));
                let Some(last) = piece.items.last().filter(|_| piece.has_more) else { break };
                before = last.trade;
            }
            trades.reverse();
            assert_eq!((trades.len(), trades), (2, of_rare));
            let nobody = PrintsOf { before, until: Time(i64::MAX), symbol: symbol("NOBODY"), limit: 1 };
            assert_eq!(world.venue.prints(nobody).await, Ok(None));
            // The oldest order tells its fill all the same.
            let find = FindFilled { id: orders[0].id, at_most: 100 };
            let (order, own) = world.venue.find_filled(find).await.expect("room").expect("it is held");
            assert_eq!(own.iter().map(|fill| fill.number).collect::<Vec<_>>(), [order.number]);
            assert!(!numbers.contains(&order.number.0));
        })
        .await;
}
