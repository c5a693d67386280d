//! Who trades with whom, by example: what rests and what the house offers, what arrives, and what comes of it.

use tradepit_engine::{Book, House, Incoming, Next, Offer, Resting, SelfTrade, Side, With};
use tradepit_kit::Dice;

/// `who price x lots`, the oldest first; `house` offers.
const CASES: &[(&str, &str, &str, &str)] = &[
    // A trade is at the resting order's price, the best first, then whoever has been there longest.
    ("price before time", "a sell 102x5, b sell 101x5, c sell 101x5", "z buy 12 at 102", "b 101x5, c 101x5, a 102x2"),
    ("bids too", "a buy 98x5, b buy 99x5, c buy 99x5", "z sell 12 at 98", "b 99x5, c 99x5, a 98x2"),
    ("no worse than its limit", "a sell 101x5, b sell 103x5", "z buy 12 at 102", "a 101x5, 7 left"),
    ("none that crosses", "a sell 103x5", "z buy 5 at 102", "5 left"),
    ("its own side does not matter", "a buy 103x5", "z buy 5 at 104", "5 left"),
    ("what is filled trades no more", "a sell 101x5", "z buy 5 at 101", "a 101x5"),
    // The house.
    ("at one price clients come first", "house sell 101x4, a sell 101x5", "z buy 7 at 101", "a 101x5, house 101x2"),
    ("the house where it is better", "house sell 100x4, a sell 101x5", "z buy 7 at 101", "house 100x4, a 101x3"),
    ("a limit ends at what the house offers", "house sell 100x4", "z buy 7 at 105", "house 100x4, 3 left"),
    (
        "beyond its ladder's end without limit",
        "house sell 100x4, house sell 102x3",
        "z buy 99",
        "house 100x4, house 102x95",
    ),
    (
        "clients before that end",
        "house sell 100x4, house sell 102x3, a sell 101x5, b sell 102x1",
        "z buy 20",
        "house 100x4, a 101x5, b 102x1, house 102x10",
    ),
    ("clients beyond that end are not reached", "house sell 100x4, a sell 101x5", "z buy 20", "house 100x20"),
    ("a ladder that was taken", "house sell 100x0, house sell 102x0", "z buy 20", "house 102x20"),
    ("a taken ladder and a limit", "house sell 100x0, house sell 102x0", "z buy 20 at 105", "20 left"),
    ("without a house the rest is left", "a sell 101x5", "z buy 20", "a 101x5, 15 left"),
    ("the house buys", "house buy 99x4, house buy 98x1, a buy 99x1", "z sell 9", "a 99x1, house 99x4, house 98x4"),
    // An account that meets itself.
    ("the newest", "z sell 101x5, a sell 101x5", "z buy 7 at 101", "meets itself, 7 left"),
    ("the newest, later", "a sell 101x5, z sell 101x5", "z buy 7 at 101", "a 101x5, meets itself, 2 left"),
    ("the oldest", "z sell 101x5, a sell 101x5", "z buy 7 at 101 cancel_oldest", "cancels its own, a 101x5, 2 left"),
    ("both", "z sell 101x5, a sell 101x5", "z buy 7 at 101 cancel_both", "cancels its own, meets itself, 7 left"),
    ("allowed", "z sell 101x5, a sell 101x5", "z buy 7 at 101 allow", "z 101x5, a 101x2"),
    ("worse than its limit it meets nobody", "z sell 103x5", "z buy 7 at 101", "7 left"),
];

#[test]
fn trades_follow_price_and_time() {
    for &(name, there, arrives, expected) in CASES {
        let (mut book, mut house) = setting(there);
        let arriving = incoming(arrives);
        let fills = arriving.fills(&book, &house);
        let (told, left) = play(&mut book, &mut house, arriving);
        assert_eq!(told.join(", "), expected, "{name}");
        assert_eq!(fills, left == 0, "{name}: whole or not at all");
    }
}

/// Whether all of it can trade is told as trading shows: orders, offers and policies by chance.
#[test]
fn what_is_told_to_fill_whole_does_and_nothing_else() {
    let mut dice = Dice::seeded(11);
    let mut whole = 0;
    for round in 0..20_000 {
        let mut book = Book::default();
        for order in 0..dice.below(8_u64) {
            let side = dice.of(&[Side::Buy, Side::Sell]);
            let price = if side == Side::Buy { 90 + dice.below(10_u64) } else { 100 + dice.below(10_u64) };
            let account = dice.below(3_u32);
            book.rest(Resting { order, price, left: 1 + dice.below(20_u64), account, side });
        }
        let offers = |dice: &mut Dice, side: Side| -> Vec<Offer> {
            let prices = (0..dice.below(4_u64)).map(|place| 2 * place + dice.below(2_u64));
            let ticks = |away| if side == Side::Buy { 99 - away } else { 100 + away };
            prices
                .collect::<Vec<_>>()
                .into_iter()
                .map(|away| Offer { ticks: ticks(away), lots: dice.below(15) })
                .collect()
        };
        let mut house = House::offering(offers(&mut dice, Side::Buy), offers(&mut dice, Side::Sell));
        let arriving = Incoming {
            side: dice.of(&[Side::Buy, Side::Sell]),
            limit: (!dice.once_in(3)).then(|| 92 + dice.below(16_u64)),
            left: u128::from(1 + dice.below(40_u64)),
            account: dice.below(3),
            self_trade: dice.of(&[
                SelfTrade::CancelNewest,
                SelfTrade::CancelOldest,
                SelfTrade::CancelBoth,
                SelfTrade::Allow,
            ]),
        };
        let fills = arriving.fills(&book, &house);
        let (told, left) = play(&mut book, &mut house, arriving);
        assert_eq!(fills, left == 0, "round {round}: {arriving:?}: {told:?}");
        whole += u32::from(fills);
        let meets_itself = told.iter().any(|step| step == "meets itself");
        let rest = Incoming { left, ..arriving };
        assert!(meets_itself || rest.next(&book, &house) == Next::Nothing, "round {round}: {arriving:?}: {told:?}");
    }
    assert!((5_000..15_000).contains(&whole), "{whole}");
}

/// Lets an order trade to its end; what happened, and how much is left.
fn play(book: &mut Book, house: &mut House, mut arriving: Incoming) -> (Vec<String>, u128) {
    let mut told = Vec::new();
    loop {
        match arriving.next(book, house) {
            Next::Nothing => break,
            Next::Trade { with, ticks, lots } => {
                arriving.left -= lots;
                let who = match with {
                    With::House => {
                        house.take(arriving.side.other(), ticks, lots);
                        "house".to_owned()
                    }
                    With::Client(slot) => {
                        let resting = *book.get(slot);
                        book.fill(slot, u64::try_from(lots).expect("no more than there was"));
                        name(resting.account).to_string()
                    }
                };
                told.push(format!("{who} {ticks}x{lots}"));
            }
            Next::Meets(slot) => {
                if matches!(arriving.self_trade, SelfTrade::CancelOldest | SelfTrade::CancelBoth) {
                    book.remove(slot);
                    told.push("cancels its own".to_owned());
                }
                if arriving.self_trade != SelfTrade::CancelOldest {
                    told.push("meets itself".to_owned());
                    break;
                }
            }
        }
    }
    if arriving.left > 0 {
        told.push(format!("{} left", arriving.left));
    }
    (told, arriving.left)
}

fn name(account: u32) -> char {
    char::from(b'a' + account as u8)
}

fn account(name: &str) -> u32 {
    u32::from(name.as_bytes()[0] - b'a')
}

fn side(text: &str) -> Side {
    if text == "buy" { Side::Buy } else { Side::Sell }
}

fn setting(text: &str) -> (Book, House) {
    let (mut book, mut bids, mut asks) = (Book::default(), Vec::new(), Vec::new());
    for (order, one) in (0..).zip(text.split(", ")) {
        let mut words = one.split(' ');
        let (who, on, at) =
            (words.next().expect("who"), words.next().expect("a side"), words.next().expect("an offer"));
        let (price, lots) = at.split_once('x').expect("price x lots");
        let (price, lots) = (price.parse().expect("a price"), lots.parse().expect("lots"));
        match (who, side(on)) {
            ("house", Side::Buy) => bids.push(Offer { ticks: price, lots }),
            ("house", Side::Sell) => asks.push(Offer { ticks: price, lots }),
            (who, side) => drop(book.rest(Resting { order, price, left: lots, account: account(who), side })),
        }
    }
    (book, House::offering(bids, asks))
}

/// `z buy 7 at 101 cancel_oldest`; without `at` it has no limit.
fn incoming(text: &str) -> Incoming {
    let words: Vec<&str> = text.split(' ').collect();
    let self_trade = match words.last() {
        Some(&"cancel_oldest") => SelfTrade::CancelOldest,
        Some(&"cancel_both") => SelfTrade::CancelBoth,
        Some(&"allow") => SelfTrade::Allow,
        _ => SelfTrade::CancelNewest,
    };
    let limit = words.iter().position(|word| *word == "at").map(|at| words[at + 1].parse().expect("a price"));
    let left = words[2].parse().expect("lots");
    Incoming { side: side(words[1]), limit, left, account: account(words[0]), self_trade }
}
