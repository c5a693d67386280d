//! The kinds of outcome: a random test that never meets a case tests nothing, so each world names those it must meet.

use tradepit_engine::{
    Body, Command, EXECUTE_AT_MOST, Ended, Ending, Event, Filled, InLine, Name, OrderFault, OrderType, PriceOf,
    QuoteFault, Rejection, Side, State, Then, TimeInForce, Trading,
};

mod replacing;
mod stops;

pub(crate) use stops::{met_by_triggers, met_in_all};

use crate::accounts::HOUSE;
use crate::naive::{Entry, Naive};

/// What came about by this command, before which these orders were held.
pub(crate) fn met_by(
    command: &Command,
    done: &Result<Vec<Event>, Rejection>,
    before: &[Entry],
    twin: &Naive,
) -> Vec<&'static str> {
    let events = match done {
        Err(Rejection::OutOfRange) if matches!(command, Command::Amend { .. }) => {
            return vec!["an amendment out of range"];
        }
        Err(rejection) => return rejections(rejection),
        Ok(events) => events,
    };
    let mut met: Vec<&str> = replacing::in_place(command, events, before);
    met.extend(events.iter().flat_map(|event| kinds(event, before, twin)));
    if let (Command::Cancel { .. }, []) = (command, events.as_slice()) {
        met.push("left as closed");
    }
    if *command == Command::ExecuteDue {
        let bought = events.iter().filter(|event| matches!(event.body, Body::Bought(_))).count();
        met.extend((bought > 1).then_some("many bought at once"));
        met.extend((bought == EXECUTE_AT_MOST).then_some("full batch"));
    }
    met.extend(twin.trading().map(|_| "more trades than are told at a time"));
    met
}

fn kinds(event: &Event, before: &[Entry], twin: &Naive) -> Vec<&'static str> {
    let entry = |accepted: u64| before.iter().find(|entry| entry.accepted == accepted);
    let own = event.order().and_then(|order| entry(order.accepted_number.0));
    match &event.body {
        Body::Accepted(accepted) if accepted.rich.is_none() => vec!["a native order"],
        Body::Accepted(_) => vec!["a rich order"],
        Body::Replaced(_) => own.map_or(vec![], replacing::replaces),
        Body::Triggered(triggered) => stops::triggers(event, triggered, own, twin),
        Body::Followed(followed) => own.map_or(vec![], |own| stops::follows(followed, own)),
        Body::Listed(_) => vec!["listed"],
        Body::InstrumentChanged(changed) => vec![match changed.status {
            Trading::Open => "instrument opened",
            Trading::Halted => "instrument halted",
            Trading::Closed => "instrument closed",
        }],
        Body::Quoted(quoted) => vec![if quoted.quote.is_some() { "quoted by hand" } else { "a quote taken back" }],
        Body::AccountOpened(_) | Body::Transferred(_) | Body::RowsChanged(_) => vec![],
        Body::RulesSet(_) | Body::Ruled(_) | Body::Refused(_) => vec![],
        // What is made to happen is told by whoever draws it.
        Body::Executed(_) | Body::Rescheduled(_) | Body::Scripted(_) => vec![],
        Body::Bought(trade) if !twin.trades(twin.market(trade.order.symbol), event.at.0) => {
            vec!["a bought one while nothing traded"]
        }
        Body::Bought(trade) if trade.fee.0 > 0 => vec!["bought", "bought with a fee"],
        Body::Bought(_) => vec!["bought"],
        Body::Cancelled(_) if own.is_some_and(|own| own.outside) => vec!["cancelled outside"],
        Body::Cancelled(_) => match own.map(|own| (own.state, own.is_rich)) {
            Some((State::Accepted, false)) => vec!["a native order cancelled"],
            Some((State::Accepted, true)) => vec!["cancelled on its way"],
            Some((State::New, _)) if own.is_some_and(Entry::waits) => vec!["cancelled as it waited"],
            Some((State::New, _)) => vec!["cancelled in the book"],
            _ => vec!["cancelled partly filled"],
        },
        Body::Arrived(_) if own.is_some_and(Entry::is_to_wait) => stops::arrives(own, twin),
        Body::Arrived(arrived) if arrived.is_partly => vec!["arrived from outside", "arrived again, partly filled"],
        Body::Arrived(arrived) if arrived.waited => {
            vec!["arrived from outside", if arrived.rests { "rests from outside" } else { "traded from outside" }]
        }
        Body::Arrived(arrived) => vec![match (arrived.rests, arrived.rich.is_some()) {
            (false, true) if own.is_some_and(|own| own.is_rich) => "arrived for a sum",
            (true, _) => "arrived and rests",
            (false, true) => "a native order arrived",
            (false, false) => "arrived",
        }],
        Body::Filled(filled) => fills(filled, own, twin),
        Body::Ended(ended) => vec![endings(ended, own)],
        Body::Amended(amended) => {
            let is_here = own.is_some_and(|own| own.state != State::Accepted);
            let waits = own.is_some_and(Entry::waits);
            let of_place = match amended.place {
                InLine::Waits if !is_here => "amended again outside",
                InLine::Waits if own.is_some_and(|own| own.filled > 0) => "amended to wait outside, partly filled",
                InLine::Waits => "amended to wait outside",
                InLine::Keeps if !is_here => "amended on its way",
                InLine::Keeps if waits => stops::amends(own, &amended.rich.terms),
                InLine::Keeps => "amended in place",
                InLine::GoesToEnd => "amended to the end",
                InLine::Leaves => "amended to trade",
            };
            let is_native = own.is_some_and(|own| !own.is_rich);
            let again = own.is_some_and(|own| own.terms != amended.rich.first.as_ref().expect("it is told").terms);
            let also = [is_native.then_some("a native order amended"), again.then_some("amended again")];
            [of_place].into_iter().chain(also.into_iter().flatten()).collect()
        }
    }
}

fn fills(filled: &Filled, own: Option<&Entry>, twin: &Naive) -> Vec<&'static str> {
    let mut met = vec![match (filled.is_maker, filled.then) {
        (true, Then::Closes) => "a maker filled",
        (true, _) => "a maker filled in part",
        (false, Then::Closes) => "a taker filled",
        (false, Then::Rests) => "a taker rests",
        (false, Then::GoesOn) => "a taker goes on",
    }];
    let market = twin.market(filled.order.symbol);
    let with_house = filled.settles_with.is_some_and(|other| other.account == HOUSE);
    let ladder = market.ladder(if filled.side == Side::Buy { Side::Sell } else { Side::Buy });
    met.extend((with_house && ladder.first() == Some(&filled.ticks)).then_some("the house's best price"));
    met.extend((with_house && ladder.get(1) == Some(&filled.ticks)).then_some("the house's second price"));
    met.extend((with_house && ladder.last() == Some(&filled.ticks)).then_some("the house's last price"));
    met.extend((with_house && filled.lots > market.most).then_some("beyond the house's sizes"));
    met.extend((with_house && filled.ticks == market.reference_ticks).then_some("the reference price"));
    met.extend((filled.settles_with.is_some() && !with_house).then_some("with a client"));
    met.extend((filled.party.fee.0 > 0).then_some(if filled.is_maker { "a maker's fee" } else { "a taker's fee" }));
    if let Some((_, left, lots)) = twin.by_hand(filled.order.symbol, filled.side.other()).filter(|_| with_house) {
        met.push(if left == 0 { "all of a quote taken" } else { "some of a quote taken" });
        met.extend((filled.lots > lots).then_some("beyond a quote by hand"));
    }
    let by_quote = filled.is_maker && with_house;
    met.extend((by_quote && filled.then == Then::Closes).then_some("a quote met what rests"));
    met.extend((by_quote && filled.then == Then::Rests).then_some("a quote met a part of what rests"));
    let is_behind = ladder.iter().skip(1).any(|ticks| *ticks == filled.ticks);
    met.extend((by_quote && is_behind).then_some("a quote met what rests behind its best price"));
    met.extend((by_quote && filled.side == Side::Sell).then_some("a quote met who sells"));
    let is_amended = own.is_some_and(|own| own.is_rich && own.shown().rich.is_some_and(|rich| rich.first.is_some()));
    met.extend(is_amended.then_some("an amended order traded"));
    met
}

fn endings(ended: &Ended, own: Option<&Entry>) -> &'static str {
    let state = own.map_or(State::Accepted, |own| own.state);
    let waits = own.is_some_and(Entry::waits);
    let is_market = own.is_some_and(|own| own.terms.order_type == OrderType::Market);
    match (ended.ending, state) {
        (Ending::NotTrading, _) => "not trading",
        (Ending::Expired, _) if own.is_some_and(|own| own.outside) => "expired outside",
        (Ending::Expired, State::Accepted) => "expired on its way",
        (Ending::Expired, _) if waits => "expired as it waited",
        (Ending::Expired, State::New) => "expired in the book",
        (Ending::Expired, _) => "expired partly filled",
        (Ending::FillOrKill, _) if waits => "fok once triggered",
        (Ending::ImmediateOrCancel, _) if waits => "ioc once triggered",
        (Ending::NoLiquidity, _) if waits => "no liquidity once triggered",
        (Ending::FillOrKill, _) if is_market => "fok without a limit",
        (Ending::FillOrKill, _) => "fok",
        (Ending::ImmediateOrCancel, _) => "ioc",
        (Ending::PostOnly, _) => "post only",
        (Ending::NoLiquidity, _) if own.is_some_and(|own| own.terms.time_in_force == TimeInForce::Day) => {
            "no liquidity for the day"
        }
        (Ending::NoLiquidity, _) => "no liquidity",
        (Ending::Group, _) => "ended with its group",
        (
            Ending::Client
            | Ending::SelfTrade
            | Ending::Replaced
            | Ending::InsufficientBuyingPower
            | Ending::Script
            | Ending::Refused,
            _,
        ) => "told otherwise",
    }
}

fn rejections(rejection: &Rejection) -> Vec<&'static str> {
    match rejection {
        Rejection::UnknownOrder => vec!["unknown order"],
        Rejection::AlreadyPlaced(_) => vec!["repeated"],
        Rejection::NameTaken(Name::ClientOrderId(_)) => vec!["own id taken"],
        Rejection::NameTaken(Name::IdempotencyKey(_)) => vec!["key taken"],
        Rejection::OrderClosed => vec!["closed"],
        Rejection::UnknownSymbol => vec!["unknown symbol"],
        Rejection::FaultyListing(_) => vec!["a faulty fee"],
        Rejection::AlreadyListed => vec!["already listed"],
        Rejection::InstrumentClosed => vec!["closed to orders"],
        Rejection::AccountFaulty(_)
        | Rejection::FaultyRows(_)
        | Rejection::TooManyRows
        | Rejection::UnknownAccount
        | Rejection::AccountTaken
        | Rejection::TooManyAccounts
        | Rejection::NoConversion
        | Rejection::Hindered(_)
        | Rejection::ShortNotAllowed
        | Rejection::InsufficientBuyingPower => vec![],
        Rejection::OutOfRange => vec!["out of range"],
        Rejection::BookFull => vec!["full"],
        Rejection::TooManyInstruments => vec!["too many instruments"],
        Rejection::Ruled(_) => vec![],
        Rejection::FaultyQuote(faults) => {
            let each = faults.iter().map(|fault| match fault {
                QuoteFault::PriceTick(_) => "a quote between two ticks",
                QuoteFault::PriceRange(_) => "a quote of a price out of range",
                QuoteFault::SizeLot(_) => "a quote of a size between two lots",
                QuoteFault::SizeRange(_) => "a quote of a size out of range",
                QuoteFault::Crossed => "a bid not below its ask",
            });
            each.collect()
        }
        Rejection::Faulty(faults) => {
            let several = (faults.len() > 1).then_some("several faults");
            let each = faults.iter().map(|fault| match fault {
                OrderFault::PriceTick(PriceOf::TakeProfit | PriceOf::LossStop | PriceOf::LossLimit) => "a leg off tick",
                OrderFault::PriceRange(PriceOf::TakeProfit | PriceOf::LossStop | PriceOf::LossLimit) => {
                    "a leg out of range"
                }
                OrderFault::No(PriceOf::TakeProfit | PriceOf::LossStop | PriceOf::LossLimit) => "no such leg",
                OrderFault::PriceTick(PriceOf::Limit) => "between two ticks",
                OrderFault::PriceRange(PriceOf::Limit) => "price out of range",
                OrderFault::No(PriceOf::Limit) => "no limit price",
                OrderFault::PriceTick(PriceOf::Stop) => "a stop between two ticks",
                OrderFault::PriceRange(PriceOf::Stop) => "a stop out of range",
                OrderFault::No(PriceOf::Stop) => "no stop price",
                OrderFault::PriceTick(PriceOf::Trail) => "a trail between two ticks",
                OrderFault::PriceRange(PriceOf::Trail) => "a trail out of range",
                OrderFault::No(PriceOf::Trail) => "no trail",
                OrderFault::PriceTick(PriceOf::Fill) => "a fill between two ticks",
                OrderFault::PriceRange(PriceOf::Fill) => "a fill out of range",
                OrderFault::No(PriceOf::Fill) => "no such price",
                OrderFault::QuantityLeft => "more than is left",
                OrderFault::PriceBeyond => "beyond its limit",
                OrderFault::QuantityLot => "between two lots",
                OrderFault::QuantityRange => "quantity out of range",
                OrderFault::QuantityFilled => "quantity filled",
                OrderFault::Notional => "quantity of a sum",
                OrderFault::TrailPercent => "a faulty percentage",
                OrderFault::Triggered => "already triggered",
                OrderFault::TimeInForce => "time in force",
                OrderFault::PostOnly => "would trade",
                OrderFault::Group => "no such group",
                OrderFault::QuantityOfGroup => "a quantity of its group",
            });
            each.chain(several).collect()
        }
    }
}
