//! Orders with legs, as the cases spell them: `a buys 5 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07/1.06 key k`.
//! The legs are `p` and `s`; behind the stroke stands the worst price of the one that stops a loss.

use tradepit_engine::{AskedGroup, Command, GroupClass, Loss, Order, OrderId, SubmitGroup};
use tradepit_kit::{id_of, name_of};

use crate::door::{asked, delay, key, number, rounded_up, symbol};

const CLASSES: [(&str, GroupClass); 3] =
    [("bracket", GroupClass::Bracket), ("oco", GroupClass::Oco), ("oto", GroupClass::Oto)];

fn class(words: &[&str]) -> Option<GroupClass> {
    CLASSES.into_iter().find(|(word, _)| words.contains(word)).map(|(_, class)| class)
}

/// The order that is spelled so, where it has legs, for this account.
pub(crate) fn submit(
    name: &str,
    side: &str,
    (qty, text): (&str, &str),
    words: &[&str],
    account: u32,
) -> Option<Command> {
    let class = class(words)?;
    let behind =
        |word: &str| words.iter().skip_while(|each| **each != word).skip(1).take(2).copied().collect::<Vec<_>>();
    let (profit, loss) = (behind("profit"), behind("loss"));
    let take_profit = profit.get(1).map(|price| number(price));
    let stop_loss = loss.get(1).map(|prices| match prices.split_once('/') {
        Some((stop, limit)) => Loss { stop: number(stop), limit: Some(number(limit)) },
        None => Loss { stop: number(prices), limit: None },
    });
    let mut ids = profit.first().into_iter().chain(loss.first()).map(|name| id_of(name));
    let legs = [ids.next(), ids.next()].map(|id| id.unwrap_or(OrderId([0; 16])));
    let asked = tradepit_engine::Asked { account, ..asked(side, number(qty), words) };
    let group = AskedGroup { class, take_profit, stop_loss };
    let (id, quantity) = (id_of(name), rounded_up(number(qty)));
    let origin = key(words);
    let submit = SubmitGroup { id, legs, symbol: symbol(text), quantity, delay_us: delay(words), origin, asked, group };
    Some(Command::SubmitGroup(Box::new(submit)))
}

/// What an order is in its group.
pub(crate) fn show(order: &Order) -> String {
    let kin = order.rich.as_ref().expect("it is rich").kin;
    let group = kin.group.expect("it is of a group");
    let name = |id: Option<OrderId>| id.map_or("-".to_owned(), name_of);
    let [profit, loss] = group.legs.map(name);
    format!("{:?} {:?} of {} with {profit} {loss}", group.class, group.role, name(group.parent))
}
