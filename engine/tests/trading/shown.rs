//! How an account and a position stand, in the scripts of `door.rs`.

use tradepit_engine::{AccountNumber, Exchange, Money, PositionStanding, Time};

pub(crate) fn show_account(exchange: &Exchange, account: AccountNumber, now: Time) -> String {
    let standing = exchange.account_standing(account, now).expect("it is there");
    let show = |amount: Option<Money>| amount.map_or("-".to_owned(), |amount| amount.to_string());
    let (text, mut balances) = (
        format!(
            "equity {} exposure {} power {}\nrealized {} unrealized {} fees {}",
            show(standing.equity),
            show(standing.exposure),
            show(standing.buying_power),
            show(standing.realized),
            show(standing.unrealized),
            show(standing.fees)
        ),
        Vec::new(),
    );
    for balance in standing.balances {
        let locked = if balance.locked == Money::ZERO { String::new() } else { format!(" locked {}", balance.locked) };
        balances.push(format!("{} {:?}{locked}", balance.total, balance.code));
    }
    text + "\n" + &balances.join("; ")
}

pub(crate) fn show_position(standing: &PositionStanding) -> String {
    let PositionStanding { position, available, market_value, .. } = standing;
    let show = |amount: Option<Money>| amount.map_or("-".to_owned(), |amount| amount.to_string());
    format!(
        "{} lots, {available} available, cost {} value {} realized {} unrealized {}",
        position.lots,
        position.cost,
        show(*market_value),
        position.realized,
        show(standing.unrealized())
    )
}
