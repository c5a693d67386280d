//! Pieces of lists: each bounded, all together whole, whatever is asked for.

use tradepit_engine::{ChangeFilter, Command, Exchange, Order, OrderFilter, OrderId, Page, Seq, Status, Time};
use tradepit_kit::{quantity, symbol};

/// An exchange of 5 000 orders, every fourth of which was cancelled.
fn exchange() -> Exchange {
    let mut exchange = Exchange::new(10_000);
    for number in 0..5_000_u128 {
        let (id, quantity) = (OrderId(number.to_be_bytes()), quantity(1));
        let submit = Command::Submit { id, symbol: symbol("EURUSD"), quantity, delay_us: 1, origin: None };
        let accepted_seq = exchange.last_seq().next();
        let cancel = (number % 4 == 0).then_some(Command::Cancel { accepted_seq });
        for command in [Some(submit), cancel].into_iter().flatten() {
            let events = exchange.decide(Time(0), &command).expect("there is room");
            events.iter().for_each(|event| exchange.apply(event));
        }
    }
    exchange
}

/// All pieces, one after the other; each goes on where the one before ended.
fn pieces(mut draw: impl FnMut(Seq) -> Page) -> Vec<Page> {
    let (mut pieces, mut after) = (Vec::new(), Some(Seq(0)));
    while let Some(from) = after {
        let page = draw(from);
        assert!(page.next.is_none_or(|next| next > from), "it goes on");
        after = page.next;
        pieces.push(page);
    }
    pieces
}

fn numbers(orders: &[Order]) -> Vec<Seq> {
    orders.iter().map(|order| order.accepted_seq).collect()
}

#[test]
fn one_piece_looks_at_a_bounded_number_of_orders_also_where_none_matches() {
    let exchange = exchange();
    let none = OrderFilter { symbol: Some(symbol("NONE")), status: None };
    let pieces = pieces(|after| exchange.page(after, none, 10));
    assert!((2..=10).contains(&pieces.len()), "{} pieces", pieces.len());
    assert!(pieces.iter().all(|page| page.orders.is_empty()));
}

#[test]
fn a_piece_ends_where_enough_is_found() {
    let exchange = exchange();
    let page = exchange.page(Seq(0), OrderFilter::default(), 10);
    let first: Vec<Order> = exchange.orders_after(Seq(0)).take(10).cloned().collect();
    assert_eq!((numbers(&page.orders), page.next), (numbers(&first), Some(first[9].accepted_seq)));
}

#[test]
fn all_pieces_are_the_whole() {
    let exchange = exchange();
    let filter = OrderFilter { status: Some(Status::Pending), symbol: None };
    let found: Vec<Order> =
        pieces(|after| exchange.page(after, filter, 700)).into_iter().flat_map(|page| page.orders).collect();
    let all = exchange.orders_after(Seq(0)).filter(|order| filter.matches(order)).cloned();
    assert_eq!(found, all.collect::<Vec<_>>());
}

#[test]
fn what_was_open_is_told_as_it_stood_then() {
    let exchange = exchange();
    // Number 4 000 and the cancel right after it: as of the change between them it is open.
    let as_of = exchange.orders_after(Seq(0)).nth(4_000).expect("there are more").accepted_seq;
    let found = pieces(|after| exchange.open_orders_at(as_of, after, ChangeFilter::default()));
    assert!(found.len() > 1);
    let found: Vec<Order> = found.into_iter().flat_map(|page| page.orders).collect();
    assert_eq!(found.len(), 3_001, "three of four, and that one");
    let last = found.last().expect("there are some");
    assert_eq!((last.accepted_seq, last.seq, Status::from(last.state)), (as_of, as_of, Status::Pending));
}
