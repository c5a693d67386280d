//! The ledger: what a trade moves, and that over all accounts nothing comes or goes.

use std::collections::BTreeMap;

use tradepit_engine::{Holdings, Ledger, Money, Party, Settlement};
use tradepit_kit::Dice;

const USD: u32 = 0;
const EUR: u32 = 1;

fn trade(buyer: (u32, i128), seller: (u32, i128), lots: u128, lot_price: i128) -> Settlement {
    let party = |(account, fee)| Party { account, fee: Money(fee) };
    let (buyer, seller) = (party(buyer), party(seller));
    Settlement { instrument: 0, currency: USD, lots, lot_price: Money(lot_price), buyer, seller }
}

/// Cash in dollars, lots of the first instrument.
fn has(ledger: &Ledger, account: u32) -> (i128, i128) {
    let Holdings { cash, positions, .. } = ledger.holdings(account).expect("it is open");
    (cash.get(&USD).map_or(0, |cash| cash.0), positions.get(&0).map_or(0, |position| position.lots))
}

#[test]
fn cash_moves_by_price_times_quantity_and_the_fee() {
    let mut ledger = Ledger::default();
    let (a, b) = (ledger.open(), ledger.open());
    ledger.transfer(a, USD, Money(1_000));
    ledger.settle(&trade((a, 3), (b, 2), 10, 7));
    assert_eq!((has(&ledger, a), has(&ledger, b)), ((927, 10), (68, -10)));
    assert_eq!(has(&ledger, Ledger::FEES), (5, 0));
    ledger.settle(&trade((Ledger::HOUSE, 0), (a, 1), 4, 8));
    assert_eq!((has(&ledger, a), has(&ledger, Ledger::HOUSE)), ((958, 6), (-32, 4)));
    let position = ledger.holdings(a).expect("it is open").positions[&0];
    assert_eq!((position.cost, position.realized), (Money(42), Money(4)));
}

#[test]
fn who_trades_with_itself_pays_its_fees_and_holds_what_it_held() {
    let mut ledger = Ledger::default();
    let a = ledger.open();
    ledger.settle(&trade((a, 3), (a, 2), 10, 7));
    assert_eq!((has(&ledger, a), has(&ledger, Ledger::FEES)), ((-5, 0), (5, 0)));
}

#[test]
fn what_leaves_the_range_is_not_settled_and_changes_nothing() {
    let mut ledger = Ledger::default();
    let (a, b) = (ledger.open(), ledger.open());
    assert!(ledger.can_transfer(a, USD, Money(i128::MAX)));
    ledger.transfer(a, USD, Money(i128::MAX - 5));
    let before = ledger.clone();
    let unknown = b + 1;
    for settlement in [
        trade((b, 0), (a, 0), 6, 1),
        trade((b, 0), (a, 0), u128::MAX, 1),
        trade((b, 0), (a, 0), 1 << 100, 1 << 100),
        trade((unknown, 0), (a, 0), 1, 1),
    ] {
        assert!(!ledger.can_settle(&settlement), "{settlement:?}");
        ledger.settle(&settlement);
        assert_eq!(ledger, before);
    }
    assert!(!ledger.can_transfer(a, USD, Money(6)) && !ledger.can_transfer(unknown, USD, Money(1)));
    ledger.transfer(a, USD, Money(6));
    assert_eq!(ledger, before);
    assert!(ledger.can_settle(&trade((b, 0), (a, 0), 5, 1)));
}

/// Invariant 9: cash by currency is what was transferred in, positions by instrument are none, after every change.
#[test]
fn over_all_accounts_nothing_comes_or_goes_invariant_9() {
    let mut dice = Dice::seeded(9);
    let mut ledger = Ledger::default();
    for _ in 0..5 {
        ledger.open();
    }
    let accounts = ledger.len() as u32;
    let mut transferred = BTreeMap::from([(USD, 0_i128), (EUR, 0)]);
    for step in 0..20_000 {
        let currency = dice.of(&[USD, EUR]);
        if dice.once_in(5) {
            let amount = i128::from(dice.below(1_000_000_u64)) - 400_000;
            ledger.transfer(dice.below(accounts), currency, Money(amount));
            *transferred.entry(currency).or_default() += amount;
        } else {
            let mut party = || {
                let account = dice.below(accounts);
                (account, i128::from(dice.below(100_u64)))
            };
            let (buyer, seller) = (party(), party());
            let (lots, price) = (1 + u128::from(dice.below(1_000_u64)), 1 + i128::from(dice.below(1_000_u64)));
            ledger.settle(&Settlement { instrument: dice.below(3), currency, ..trade(buyer, seller, lots, price) });
        }
        let (mut cash, mut lots) = (BTreeMap::from([(USD, 0_i128), (EUR, 0)]), [0_i128; 3]);
        for account in 0..accounts {
            let holdings = ledger.holdings(account).expect("it is open");
            for (&currency, amount) in &holdings.cash {
                *cash.entry(currency).or_default() += amount.0;
            }
            for (&instrument, position) in &holdings.positions {
                lots[instrument as usize] += position.lots;
            }
        }
        assert_eq!((cash, lots), (transferred.clone(), [0; 3]), "step {step}");
    }
}
