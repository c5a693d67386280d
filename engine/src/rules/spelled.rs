//! A rule as bytes, by which its chance is drawn: two have the same where they say the same, on any machine and for as
//! long as there are rules.

use super::conditions::{Conditions, OrderKind};
use super::pattern::Compares;
use super::rule::{Does, Fate, Pace, Parts, Plan, Rule, Share, Way};
use crate::market::book::Side;
use crate::orders::terms::TimeInForce;
use crate::values::Decimal;

/// Appends what is said, each thing with a letter before it: what is not said leaves nothing.
#[derive(Default)]
struct Spelling(Vec<u8>);

impl Spelling {
    fn text(&mut self, letter: u8, text: &str) {
        self.0.push(letter);
        self.0.extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, letter: u8, number: u64) {
        self.0.push(letter);
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn decimal(&mut self, letter: u8, number: Decimal) {
        self.text(letter, &number.to_string());
    }
}

impl Rule {
    /// All that it says.
    pub(super) fn spelled(&self) -> Vec<u8> {
        let mut out = Spelling::default();
        self.name.iter().for_each(|name| out.text(b'n', name.as_str()));
        self.times.iter().for_each(|times| out.number(b't', *times));
        self.conditions.spell(&mut out);
        match &self.does {
            Does::Nothing => out.0.push(b'0'),
            Does::Reject(text) => out.text(b'r', text.as_str()),
            Does::Plan(plan) => plan.spell(&mut out),
        }
        out.0
    }
}

impl Conditions {
    fn spell(&self, out: &mut Spelling) {
        self.symbol.iter().for_each(|symbol| out.text(b'S', symbol.as_str()));
        self.account.iter().for_each(|account| out.text(b'A', account.as_str()));
        self.side.iter().for_each(|side| out.number(b'B', u64::from(*side == Side::Sell)));
        let kinds =
            [OrderKind::Market, OrderKind::Limit, OrderKind::Stop, OrderKind::StopLimit, OrderKind::TrailingStop];
        self.kind.iter().for_each(|kind| out.number(b'K', place(&kinds, kind)));
        let times =
            [TimeInForce::GoodTillCancelled, TimeInForce::Day, TimeInForce::ImmediateOrCancel, TimeInForce::FillOrKill];
        self.time_in_force.iter().for_each(|time| out.number(b'F', place(&times, time)));
        self.client_order_id.iter().for_each(|pattern| out.text(b'C', pattern.as_str()));
        if let Some(bound) = self.quantity {
            out.number(b'Q', place(&Compares::SIGNS.map(|(_, compares)| compares), &bound.compares));
            out.decimal(b'q', bound.number);
        }
        self.nth.iter().for_each(|nth| out.number(b'N', *nth));
        self.every.iter().for_each(|every| out.number(b'E', *every));
        self.probability.iter().for_each(|probability| out.decimal(b'P', probability.number()));
    }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u64 {
    all.iter().take_while(|other| *other != one).count() as u64
}

impl Plan {
    fn spell(&self, out: &mut Spelling) {
        match self.way {
            Way::Usual => {}
            Way::Held => out.0.push(b'h'),
            Way::Delayed(pace) => pace.spell(out),
        }
        match &self.fate {
            None => {}
            Some(Fate::Reject(text)) => out.text(b'j', text.as_str()),
            Some(Fate::Fill(parts)) => parts.spell(out),
            Some(Fate::Cancel) => out.0.push(b'c'),
            Some(Fate::Expire) => out.0.push(b'x'),
        }
        self.cancel_us.iter().for_each(|us| out.number(b'y', *us));
        self.replace_us.iter().for_each(|us| out.number(b'z', *us));
    }
}

impl Pace {
    fn spell(self, out: &mut Spelling) {
        match self {
            Pace::None => out.0.push(b'd'),
            Pace::Fixed { us } => out.number(b'f', us),
            Pace::Uniform { min_us, max_us } => [min_us, max_us].iter().for_each(|us| out.number(b'u', *us)),
            Pace::LogNormal { median_us, sigma_bits } => {
                [median_us, sigma_bits].iter().for_each(|number| out.number(b'l', *number));
            }
        }
    }
}

impl Parts {
    fn spell(&self, out: &mut Spelling) {
        for share in &*self.shares {
            match *share {
                Share::Quantity(quantity) => out.decimal(b'a', quantity),
                Share::Percent(percent) => out.decimal(b'p', percent),
            }
        }
        out.number(b'e', self.every_us);
        self.price.iter().for_each(|price| out.decimal(b'v', *price));
    }
}
