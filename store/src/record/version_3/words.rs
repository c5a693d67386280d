//! What stands in records as a word.

use tradepit_engine::{
    AccountKind, Class, Ending, GroupClass, Hours, InLine, Role, SelfTrade, Side, Then, TimeInForce, Trading,
};

use crate::record::text::{Garbled, Reader, push_plain};

/// Something that is one of a few, and is written as a word.
pub(crate) trait Word: Copy + 'static {
    /// All there are.
    const ALL: &'static [Self];

    /// How it is written.
    fn word(self) -> &'static str;

    /// Reads it.
    fn of(word: &str) -> Result<Self, Garbled> {
        Self::ALL.iter().copied().find(|this| this.word() == word).ok_or(Garbled)
    }
}

pub(super) fn push(records: &mut Vec<u8>, word: impl Word) {
    records.push(b',');
    push_plain(records, word.word());
}

pub(super) fn next<W: Word>(reader: &mut Reader<'_>) -> Result<W, Garbled> {
    reader.comma()?;
    W::of(reader.plain_text()?)
}

impl Word for Side {
    const ALL: &'static [Side] = &[Side::Buy, Side::Sell];

    fn word(self) -> &'static str {
        match self {
            Side::Buy => "buy",
            Side::Sell => "sell",
        }
    }
}

impl Word for TimeInForce {
    const ALL: &'static [TimeInForce] =
        &[TimeInForce::GoodTillCancelled, TimeInForce::Day, TimeInForce::ImmediateOrCancel, TimeInForce::FillOrKill];

    fn word(self) -> &'static str {
        match self {
            TimeInForce::GoodTillCancelled => "gtc",
            TimeInForce::Day => "day",
            TimeInForce::ImmediateOrCancel => "ioc",
            TimeInForce::FillOrKill => "fok",
        }
    }
}

impl Word for Ending {
    const ALL: &'static [Ending] = &[
        Ending::Client,
        Ending::ImmediateOrCancel,
        Ending::FillOrKill,
        Ending::SelfTrade,
        Ending::InsufficientBuyingPower,
        Ending::NoLiquidity,
        Ending::Expired,
        Ending::PostOnly,
        Ending::NotTrading,
        Ending::Replaced,
        Ending::Group,
        Ending::Script,
        Ending::Refused,
    ];

    fn word(self) -> &'static str {
        match self {
            Ending::Client => "client",
            Ending::ImmediateOrCancel => "ioc",
            Ending::FillOrKill => "fok",
            Ending::SelfTrade => "self_trade",
            Ending::InsufficientBuyingPower => "insufficient_buying_power",
            Ending::NoLiquidity => "no_liquidity",
            Ending::Expired => "expired",
            Ending::PostOnly => "post_only",
            Ending::NotTrading => "not_trading",
            Ending::Replaced => "replaced",
            Ending::Group => "group",
            Ending::Script => "script",
            Ending::Refused => "refused",
        }
    }
}

impl Word for Then {
    const ALL: &'static [Then] = &[Then::Closes, Then::Rests, Then::GoesOn];

    fn word(self) -> &'static str {
        match self {
            Then::Closes => "closes",
            Then::Rests => "rests",
            Then::GoesOn => "goes_on",
        }
    }
}

impl Word for InLine {
    const ALL: &'static [InLine] = &[InLine::Keeps, InLine::GoesToEnd, InLine::Leaves, InLine::Waits];

    fn word(self) -> &'static str {
        match self {
            InLine::Keeps => "keeps",
            InLine::GoesToEnd => "to_end",
            InLine::Leaves => "leaves",
            InLine::Waits => "waits",
        }
    }
}

impl Word for GroupClass {
    const ALL: &'static [GroupClass] = &GroupClass::ALL;

    fn word(self) -> &'static str {
        self.name()
    }
}

impl Word for Role {
    const ALL: &'static [Role] = &Role::ALL;

    fn word(self) -> &'static str {
        match self {
            Role::Parent => "parent",
            Role::TakeProfit => "take_profit",
            Role::StopLoss => "stop_loss",
        }
    }
}

impl Word for Class {
    const ALL: &'static [Class] = &[Class::Equity, Class::Forex, Class::Crypto];

    fn word(self) -> &'static str {
        match self {
            Class::Equity => "equity",
            Class::Forex => "forex",
            Class::Crypto => "crypto",
        }
    }
}

impl Word for Hours {
    const ALL: &'static [Hours] = &[Hours::Always, Hours::Nyse];

    fn word(self) -> &'static str {
        match self {
            Hours::Always => "always",
            Hours::Nyse => "nyse",
        }
    }
}

impl Word for Trading {
    const ALL: &'static [Trading] = &[Trading::Open, Trading::Halted, Trading::Closed];

    fn word(self) -> &'static str {
        match self {
            Trading::Open => "open",
            Trading::Halted => "halted",
            Trading::Closed => "closed",
        }
    }
}

impl Word for AccountKind {
    const ALL: &'static [AccountKind] = &[AccountKind::Margin, AccountKind::Spot];

    fn word(self) -> &'static str {
        match self {
            AccountKind::Margin => "margin",
            AccountKind::Spot => "spot",
        }
    }
}

impl Word for SelfTrade {
    const ALL: &'static [SelfTrade] =
        &[SelfTrade::CancelNewest, SelfTrade::CancelOldest, SelfTrade::CancelBoth, SelfTrade::Allow];

    fn word(self) -> &'static str {
        match self {
            SelfTrade::CancelNewest => "cancel_newest",
            SelfTrade::CancelOldest => "cancel_oldest",
            SelfTrade::CancelBoth => "cancel_both",
            SelfTrade::Allow => "allow",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_read_as_they_are_written<W: Word + PartialEq + std::fmt::Debug>() {
        for &this in W::ALL {
            assert_eq!(W::of(this.word()), Ok(this));
        }
        assert_eq!(W::of("else"), Err(Garbled));
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        are_read_as_they_are_written::<Side>();
        are_read_as_they_are_written::<TimeInForce>();
        are_read_as_they_are_written::<Ending>();
        are_read_as_they_are_written::<Then>();
        are_read_as_they_are_written::<InLine>();
        are_read_as_they_are_written::<GroupClass>();
        are_read_as_they_are_written::<Role>();
        are_read_as_they_are_written::<Class>();
        are_read_as_they_are_written::<Hours>();
        are_read_as_they_are_written::<Trading>();
        are_read_as_they_are_written::<AccountKind>();
        are_read_as_they_are_written::<SelfTrade>();
    }
}
