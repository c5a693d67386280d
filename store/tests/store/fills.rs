//! Fills and trades beside the twin's, which looks through all changes.

use tradepit_engine::{
    AccountNumber, Direction, Event, Fill, FillFilter, FillsOf, Number, Order, Print, PrintsOf, Stretch, Symbol, Time,
};
use tradepit_kit::Dice;

use crate::agree::Reads;
use crate::life::SYMBOLS;
use crate::twin::Twin;

/// Requires of every read of fills and trades that it says what the twin says.
pub(crate) fn agree(reads: &impl Reads, twin: &Twin, dice: &mut Dice) {
    let last = twin.last_number();
    let (mut filters, orders) = (vec![FillFilter::default()], &twin.orders);
    filters.extend(SYMBOLS.map(|symbol| FillFilter { symbol: Symbol::new(symbol).ok(), ..FillFilter::default() }));
    let accounts: [AccountNumber; 3] = [0, 2, 9];
    filters.extend(accounts.map(|account| FillFilter { account: Some(account), ..FillFilter::default() }));
    for _ in (0..6).filter(|_| !orders.is_empty()) {
        let order = dice.of(orders);
        // A native order tells its fill itself.
        if order.rich.is_some() {
            filters.push(FillFilter { order: Some(order.accepted_number), ..FillFilter::default() });
            newest_agree(reads, twin, &order, dice);
        }
    }
    for filter in filters {
        let (after, upto) = (Number(dice.below(last.0 + 1)), Number(dice.below(last.0 + 1)));
        for (after, upto) in [(Number(0), last), (after, upto), (after, last)] {
            let mut expected: Vec<Fill> = (kept(twin).filter_map(Event::fill))
                .filter(|fill| fill.number > after && fill.number <= upto && filter.matches(fill))
                .collect();
            let limit = dice.of(&[1, 5, 400]);
            let limit = if expected.len() > 100 { 400 } else { limit };
            let direction = Direction::OldestFirst;
            let forth = FillsOf { after, upto, direction, filter, limit };
            assert_eq!(fills(reads, forth), expected, "{filter:?} after {after:?}");
            expected.reverse();
            let (before, first) = (Number(upto.0 + 1), Number(after.0 + 1));
            let back = FillsOf { after: before, upto: first, direction: Direction::NewestFirst, ..forth };
            assert_eq!(fills(reads, back), expected, "{filter:?} before {before:?}");
        }
    }
    for symbol in SYMBOLS.map(|symbol| Symbol::new(symbol).unwrap()) {
        let some = kept(twin).nth(dice.below(kept(twin).count().max(1))).map_or(Time(0), |event| event.at);
        let ends = [Number(u64::MAX), Number(dice.below(last.0 + 1))].map(|before| (before, Time(i64::MAX)));
        for (before, until) in ends.into_iter().chain([(ends[0].0, some), (ends[1].0, Time(some.0 + 1))]) {
            let mut expected: Vec<Print> = kept(twin).filter_map(Event::print).collect();
            expected.retain(|print| print.symbol == symbol && print.trade < before && print.at < until);
            expected.reverse();
            let limit = if expected.len() > 100 { 300 } else { dice.of(&[1, 3, 300]) };
            assert_eq!(
                prints(reads, PrintsOf { before, until, symbol, limit }),
                expected,
                "{symbol:?} before {before:?}"
            );
        }
    }
}

fn newest_agree(reads: &impl Reads, twin: &Twin, order: &Order, dice: &mut Dice) {
    let at_most = dice.of(&[1, 2, 100]);
    let upto = dice.of(&[order.number, Number(order.number.0.saturating_sub(1))]);
    let of_it = |fill: &Fill| fill.order.accepted_number == order.accepted_number && fill.number <= upto;
    let mut expected: Vec<Fill> = kept(twin).filter_map(Event::fill).filter(of_it).collect();
    expected.reverse();
    expected.truncate(at_most);
    assert_eq!(reads.newest_fills(order.accepted_number, upto, at_most), expected, "{order:?}");
}

fn kept(twin: &Twin) -> impl Iterator<Item = &Event> {
    twin.events.iter().filter(|event| event.number > twin.horizon)
}

fn fills(reads: &impl Reads, mut question: FillsOf) -> Vec<Fill> {
    let mut all = Vec::new();
    loop {
        let Stretch { items, next } = reads.fills(question);
        assert!(items.len() <= question.limit, "no more than was asked for");
        all.extend(items);
        let Some(next) = next else { return all };
        assert!(question.direction.follows(next, question.after), "a piece goes on");
        question.after = next;
    }
}

fn prints(reads: &impl Reads, mut question: PrintsOf) -> Vec<Print> {
    let mut all = Vec::new();
    loop {
        let Stretch { items, next } = reads.prints(question);
        assert!(items.len() <= question.limit, "no more than was asked for");
        all.extend(items);
        let Some(next) = next else { return all };
        assert!(next < question.before, "a piece goes on");
        question.before = next;
    }
}
