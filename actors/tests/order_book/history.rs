//! The recent changes, and the orders that were open at one.

use tokio::task::LocalSet;
use tradepit_actors::{ReadChanges, ReadOpenOrders, Setup};
use tradepit_engine::{ChangeFilter, Changes, Lost, Number, OpenOrders, Order, OrderId, Seq};
use tradepit_kit::symbol;
use tradepit_world::{TICK_US, World, fixed, submit_of};

async fn read(world: &World, after: u64) -> Changes {
    let request = ReadChanges { after: Number(after), filter: ChangeFilter::default() };
    world.venue.changes(request).await.expect("the mailbox has room")
}

/// What is held after the change `after`, as clients count, read piece by piece.
async fn held(world: &World, mut after: u64) -> Vec<u64> {
    let mut seqs = Vec::new();
    loop {
        let changes = read(world, after).await;
        let Changes::Held { events, upto, newest } = changes else { panic!("after {after}: {changes:?}") };
        seqs.extend(events.iter().map(|event| event.seq.0));
        if upto >= newest {
            return seqs;
        }
        assert!(upto.0 > after, "a piece goes on");
        after = upto.0;
    }
}

fn lost_at(before: u64, oldest: u64, as_of: u64, as_of_seq: u64) -> Lost {
    Lost { before: Number(before), oldest: Seq(oldest), as_of: Number(as_of), as_of_seq: Seq(as_of_seq) }
}

#[tokio::test(start_paused = true)]
async fn it_holds_as_many_changes_as_it_may_and_says_what_is_lost() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { history: 10, ..fixed(1_000_000) });
            for _ in 0..25 {
                world.submit().await;
            }
            assert_eq!(held(&world, 15).await, (16..=25).collect::<Vec<_>>());
            assert_eq!(held(&world, 25).await, [0; 0]);
            for after in [0, 1, 14] {
                let changes = read(&world, after).await;
                let Changes::Lost(lost) = changes else { panic!("after {after}: {changes:?}") };
                assert_eq!(lost, lost_at(15, 16, 25, 25));
            }
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_larger_than_the_history_leaves_its_newest_part() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { history: 10, ..fixed(100_000) });
            for _ in 0..300 {
                world.submit().await;
            }
            // In 2 batches, of which the first alone is larger.
            world.sleep_until(100_000 + TICK_US).await;
            // Each execution is two changes, told as one.
            assert_eq!(held(&world, 880).await, (591..=600).collect::<Vec<_>>());
            let changes = read(&world, 879).await;
            assert!(matches!(changes, Changes::Lost(lost) if lost == lost_at(880, 591, 900, 600)), "{changes:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn without_history_only_the_newest_change_can_be_gone_on_from() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { history: 0, ..fixed(1_000_000) });
            assert_eq!(held(&world, 0).await, [0; 0]);
            world.submit().await;
            world.submit().await;
            assert_eq!(held(&world, 2).await, [0; 0]);
            let changes = read(&world, 1).await;
            assert!(matches!(changes, Changes::Lost(lost) if lost == lost_at(2, 3, 2, 2)), "{changes:?}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_long_history_is_read_in_pieces_without_gap_or_repeat() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(100_000));
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
            let world = World::start(fixed(1_000_000));
            for number in 0..600 {
                world.submit_as(submit_of(if number == 599 { "RARE" } else { "EURUSD" })).await;
            }
            let filter = ChangeFilter { order: None, symbol: Some(symbol("RARE")) };
            let (mut after, mut found) = (Number(0), Vec::new());
            // To list what nobody knew is a change too.
            while after < Number(601) {
                let request = ReadChanges { after, filter };
                let Ok(Changes::Held { events, upto, .. }) = world.venue.changes(request).await else { panic!("held") };
                assert!(upto > after);
                found.extend(events);
                after = upto;
            }
            assert_eq!(found.iter().map(|event| event.number).collect::<Vec<_>>(), [Number(601)]);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_open_orders_as_of_a_change_are_those_that_were_open_then() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(fixed(1_000_000));
            let mut orders = Vec::new();
            for _ in 0..4_500 {
                orders.push(world.submit().await);
            }
            for order in orders.iter().step_by(3) {
                assert!(world.cancel(order.id).await);
            }
            // 4 500 accepted, then 1 500 cancelled: as of change 5 000 a third of those are cancelled.
            let as_of = Number(5_000);
            let cancelled_then = 500;
            let (mut after, mut told) = (Number(0), Vec::new());
            loop {
                let request = ReadOpenOrders { as_of, after, filter: ChangeFilter::default() };
                let Ok(OpenOrders::Held { orders, next }) = world.venue.open_orders(request).await else {
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

#[tokio::test(start_paused = true)]
async fn a_change_is_found_by_the_number_that_clients_count() {
    LocalSet::new()
        .run_until(async {
            let world = World::start(Setup { history: 700, ..fixed(100_000) });
            for number in 0..400 {
                world.submit_as(submit_of(if number % 100 == 7 { "RARE" } else { "EURUSD" })).await;
            }
            world.sleep_until(200_000).await;
            let Changes::Held { newest, .. } = read(&world, 1_201).await else { panic!("it is held") };
            // 400 orders, one listing, and two changes for each execution.
            assert_eq!(newest, Number(1_201));
            for seq in 100..=800 {
                let after = world.venue.locate_seq(Seq(seq)).await.expect("the mailbox has room");
                assert_eq!(held(&world, after.0).await, (seq + 1..=800).collect::<Vec<_>>(), "after {seq}");
            }
            let lost = world.venue.locate_seq(Seq(50)).await.expect("the mailbox has room");
            assert!(matches!(read(&world, lost.0).await, Changes::Lost(Lost { oldest: Seq(101), .. })));
        })
        .await;
}
