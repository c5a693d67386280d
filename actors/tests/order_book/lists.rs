//! Lists, beside a naive one.

use proptest::prelude::*;
use tokio::task::LocalSet;
use tradepit_actors::{List, Listed, Start};
use tradepit_engine::{Direction, Order, OrderFilter, OrderId, Status, Time};
use tradepit_kit::symbol;
use tradepit_world::{World, fixed, submit_of};

const SYMBOLS: [&str; 3] = ["EURUSD", "GOLD", "OIL"];

/// An exchange of 5 000 orders of all states and symbols, and the same as a list.
async fn exchange() -> (World, Vec<Order>) {
    let world = World::start(fixed(1_000_000));
    let mut ids = Vec::new();
    for number in 0..5_000 {
        if number == 2_500 {
            world.sleep_until(1_100_000).await;
        }
        // The last symbol is rare, and nowhere near the start.
        let symbol = if number % 1_700 == 1_699 { SYMBOLS[2] } else { SYMBOLS[number % 2] };
        if number % 50 == 49 {
            world.sleep_until(number as i64 * 10).await;
        }
        ids.push(world.submit_as(submit_of(symbol)).await.id);
    }
    for id in ids.iter().skip(2_500).step_by(4) {
        assert!(world.cancel(*id).await);
    }
    let mut orders = Vec::new();
    for id in ids {
        orders.push(world.find(id).await);
    }
    (world, orders)
}

fn status(order: &Order) -> Status {
    order.status()
}

/// After which order, of which status and symbol, how many; accepted from and until the times of which orders, and
/// whether backwards.
type Scan = (Option<usize>, Option<Status>, Option<usize>, usize, [Option<usize>; 2], bool);

fn scans() -> impl Strategy<Value = Scan> {
    let status = prop_oneof![Just(Status::Pending), Just(Status::Executed), Just(Status::Cancelled)];
    let limit = prop_oneof![0..5_usize, 0..1_001_usize, Just(1_000_usize), 2_000..6_000_usize];
    let time = || prop::option::of(0..5_000_usize);
    let times = [time(), time()];
    (time(), prop::option::of(status), prop::option::of(0..3_usize), limit, times, any::<bool>())
}

#[test]
fn a_list_drawn_in_pieces_is_what_a_naive_one_is() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime");
    let local = LocalSet::new();
    let (world, orders) = local.block_on(&runtime, exchange());
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((after, wanted, of, limit, times, is_back) in scans())| {
        let [from, until] = times.map(|of| of.map(|of| orders[of].accepted_at));
        let filter = OrderFilter {
            status: wanted,
            symbol: of.map(|of| symbol(SYMBOLS[of])),
            from,
            until,
            ..OrderFilter::default()
        };
        let start = after.map_or(Start::First, |after| Start::After(orders[after].id));
        let (all, direction) = match (is_back, after) {
            (false, after) => (&orders[after.map_or(0, |after| after + 1)..], Direction::OldestFirst),
            (true, after) => (&orders[..after.unwrap_or(orders.len())], Direction::NewestFirst),
        };
        let matching = all.iter().filter(|order| {
            wanted.is_none_or(|wanted| wanted == status(order))
                && of.is_none_or(|of| order.symbol == symbol(SYMBOLS[of]))
                && from.is_none_or(|from: Time| from <= order.accepted_at)
                && until.is_none_or(|until: Time| order.accepted_at < until)
        });
        let mut matching: Vec<Order> = matching.cloned().collect();
        if is_back {
            matching.reverse();
        }
        let has_more = matching.len() > limit;
        let expected = Listed { orders: matching[..limit.min(matching.len())].to_vec(), has_more };
        let listed = local.block_on(&runtime, world.venue.list(List { start, filter, limit, direction }));
        prop_assert_eq!(listed, Ok(Some(expected)));
    });
}

#[tokio::test(start_paused = true)]
async fn a_list_cannot_start_after_an_unknown_order() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000_000));
            world.submit().await;
            let start = Start::After(OrderId([7; 16]));
            let direction = Direction::NewestFirst;
            let scan = List { start, filter: OrderFilter::default(), limit: 10, direction };
            assert_eq!(world.venue.list(scan).await, Ok(None));
        })
        .await;
}
