//! Orders that are placed as one, and end each other.

use crate::values::{Decimal, Number, OrderId};

/// How the orders of a group hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupClass {
    /// A parent, and two legs that wait until it is filled; then what the one fills the other loses.
    Bracket,
    /// Two orders of one side, of which the second is the first one's leg: what the one fills the other loses.
    Oco,
    /// A parent, and one leg that waits until it is filled.
    Oto,
}

impl GroupClass {
    /// All there are.
    pub const ALL: [GroupClass; 3] = [GroupClass::Bracket, GroupClass::Oco, GroupClass::Oto];

    /// Its name to clients.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            GroupClass::Bracket => "bracket",
            GroupClass::Oco => "oco",
            GroupClass::Oto => "oto",
        }
    }
}

/// What an order is in its group. The lower one comes first wherever several of a group follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The legs wait until it is filled.
    Parent,
    /// It sells, or buys back, at a better price.
    TakeProfit,
    /// It does so at a worse one.
    StopLoss,
}

impl Role {
    /// All there are, in their order.
    pub const ALL: [Role; 3] = [Role::Parent, Role::TakeProfit, Role::StopLoss];
}

/// An order's place in its group.
///
/// Which others there are is told as of when it was accepted: whoever was replaced since tells by which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// How the group hangs together.
    pub class: GroupClass,
    /// The change that accepted the group's first order: by it the group is known.
    pub first: Number,
    /// What this order is in it.
    pub role: Role,
    /// Whether it was accepted to wait for its parent.
    pub held: bool,
    /// Whose leg it is.
    pub parent: Option<OrderId>,
    /// Which are its own: the one that takes a profit, the one that stops a loss.
    pub legs: [Option<OrderId>; 2],
    /// What was asked for of them; only the group's first order tells.
    pub asked: Option<Legs>,
}

/// Prices of the legs of a group, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Legs {
    /// Where a profit is taken.
    pub take_profit: Option<u64>,
    /// Where a loss is stopped.
    pub stop_loss: Option<Loss<u64>>,
}

/// Where a loss is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Loss<Price> {
    /// The price that is waited for.
    pub stop: Price,
    /// The worst that is taken then; any, where none is said.
    pub limit: Option<Price>,
}

/// The group that a client asks for with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedGroup {
    /// How it hangs together.
    pub class: GroupClass,
    /// The limit price of the leg that takes a profit. The order of an `oco` is that one itself.
    pub take_profit: Option<Decimal>,
    /// The prices of the leg that stops a loss.
    pub stop_loss: Option<Loss<Decimal>>,
}

impl AskedGroup {
    /// How many legs it has.
    #[must_use]
    pub fn legs(&self) -> u64 {
        u64::from(self.take_profit.is_some()) + u64::from(self.stop_loss.is_some())
    }
}

impl Group {
    /// Whether it is another order's leg.
    #[must_use]
    pub fn is_leg(&self) -> bool {
        self.parent.is_some()
    }

    /// Whether what it fills another one of the group loses, once both act.
    #[must_use]
    pub fn shares(&self) -> bool {
        self.role != Role::Parent
    }
}
