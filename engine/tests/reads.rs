//! Pieces of lists: each bounded, all together whole, whatever is asked for.

use tradepit_engine::{
    ChangeFilter, Command, Direction, Exchange, Number, Order, OrderFilter, OrderId, Page, Status, Submit, Time,
};
use tradepit_kit::{quantity, symbol};

/// An exchange of 5 000 orders, every fourth of which was cancelled.
fn exchange() -> Exchange {
    let mut exchange = Exchange::new(10_000);
    for number in 0..5_000_u128 {
        let (id, quantity) = (OrderId(number.to_be_bytes()), quantity(1));
        let submit =
            Command::Submit(Submit { id, symbol: symbol("EURUSD"), quantity, delay_us: 1, origin: None, asked: None });
        let accepted_number = exchange.last_number().next();
        let cancel = (number % 4 == 0).then_some(Command::Cancel { accepted_number });
        for command in [Some(submit), cancel].into_iter().flatten() {
            let events = exchange.decide(Time(0), &command).expect("there is room");
            events.iter().for_each(|event| exchange.apply(event));
        }
    }
    exchange
}

/// All pieces, one after the other; each goes on where the one before ended.
fn pieces(mut draw: impl FnMut(Number) -> Page) -> Vec<Page> {
    let (mut pieces, mut after) = (Vec::new(), Some(Number(0)));
    while let Some(from) = after {
        let page = draw(from);
        assert!(page.next.is_none_or(|next| next > from), "it goes on");
        after = page.next;
        pieces.push(page);
    }
    pieces
}

fn numbers(orders: &[Order]) -> Vec<Number> {
    orders.iter().map(|order| order.accepted_number).collect()
}

#[test]
fn one_piece_looks_at_a_bounded_number_of_orders_also_where_none_matches() {
    let exchange = exchange();
    let none = OrderFilter { symbol: Some(symbol("NONE")), ..OrderFilter::default() };
    let pieces = pieces(|after| exchange.page(after, none, 10, Direction::OldestFirst));
    assert!((2..=10).contains(&pieces.len()), "{} pieces", pieces.len());
    assert!(pieces.iter().all(|page| page.orders.is_empty()));
}

#[test]
fn a_piece_ends_where_enough_is_found() {
    let exchange = exchange();
    let page = exchange.page(Number(0), OrderFilter::default(), 10, Direction::OldestFirst);
    let first: Vec<Order> = exchange.orders_after(Number(0)).take(10).collect();
    assert_eq!((numbers(&page.orders), page.next), (numbers(&first), Some(first[9].accepted_number)));
}

#[test]
fn all_pieces_are_the_whole() {
    let exchange = exchange();
    let filter = OrderFilter { status: Some(Status::Pending), ..OrderFilter::default() };
    let found: Vec<Order> = pieces(|after| exchange.page(after, filter, 700, Direction::OldestFirst))
        .into_iter()
        .flat_map(|page| page.orders)
        .collect();
    let all = exchange.orders_after(Number(0)).filter(|order| filter.matches(order));
    assert_eq!(found, all.collect::<Vec<_>>());
}

#[test]
fn what_was_open_is_told_as_it_stood_then() {
    let exchange = exchange();
    // Number 4 000 and the cancel right after it: as of the change between them it is open.
    let as_of = exchange.orders_after(Number(0)).nth(4_000).expect("there are more").accepted_number;
    let found = pieces(|after| exchange.open_orders_at(as_of, after, ChangeFilter::default()));
    assert!(found.len() > 1);
    let found: Vec<Order> = found.into_iter().flat_map(|page| page.orders).collect();
    assert_eq!(found.len(), 3_001, "three of four, and that one");
    let last = found.last().expect("there are some");
    assert_eq!((last.accepted_number, last.number, last.status()), (as_of, as_of, Status::Pending));
}

/// An exchange that holds some of many orders, in old pages and recent ones with gaps between: one every so many
/// microseconds, at times several at once.
fn sparse() -> Exchange {
    let mut exchange = Exchange::backed(1_000_000, 0);
    let mut at = Time(1_000);
    for number in 0..40_000_u128 {
        if number % 3 == 0 {
            at = at.plus_us(10);
        }
        let submit = Command::Submit(Submit {
            id: OrderId(number.to_be_bytes()),
            symbol: symbol("EURUSD"),
            quantity: quantity(1),
            delay_us: 1_000_000_000,
            origin: None,
            asked: None,
        });
        let accepted_number = exchange.last_number().next();
        // A stretch of which nothing stays open, and single ones everywhere.
        let stays = number % 97 == 0 && !(9_000..30_000).contains(&number);
        let cancel = (!stays).then_some(Command::Cancel { accepted_number });
        for command in [Some(submit), cancel].into_iter().flatten() {
            let events = exchange.decide(at, &command).expect("there is room");
            events.iter().for_each(|event| exchange.apply(event));
        }
        exchange.stored(exchange.last_number());
    }
    exchange
}

#[test]
fn a_range_of_times_is_found_in_both_directions_without_looking_at_the_rest() {
    for exchange in [exchange(), sparse()] {
        let all: Vec<Order> = exchange.orders_after(Number(0)).collect();
        let last = all.last().expect("there are some").accepted_at.0;
        for (from, until) in [(0, last + 1), (last / 2, last), (last / 3, last / 2), (last, last), (last + 1, last + 9)]
            .into_iter()
            .chain((0..40).map(|step| (step * last / 40 - 5, (step + 3) * last / 40)))
        {
            let filter = OrderFilter { from: Some(Time(from)), until: Some(Time(until)), ..OrderFilter::default() };
            let mut expected: Vec<Order> = all.iter().filter(|order| filter.matches(order)).cloned().collect();
            for direction in [Direction::OldestFirst, Direction::NewestFirst] {
                let (mut found, mut after) = (Vec::new(), Some(direction.start()));
                while let Some(from) = after {
                    let page = exchange.page(from, filter, 700, direction);
                    assert!(page.next.is_none_or(|next| direction.follows(next, from)), "it goes on");
                    found.extend(page.orders);
                    after = page.next;
                }
                assert_eq!(found, expected, "{from} to {until}, {direction:?}");
                expected.reverse();
            }
        }
    }
}

#[test]
fn the_first_order_since_a_time_is_that_of_the_least_number() {
    let exchange = sparse();
    let all: Vec<Order> = exchange.orders_after(Number(0)).collect();
    for time in (0..140_000).step_by(37) {
        let first = all.iter().find(|order| order.accepted_at >= Time(time));
        assert_eq!(
            exchange.first_since(Time(time)),
            first.map_or(Number(u64::MAX), |order| order.accepted_number),
            "{time}"
        );
    }
}
