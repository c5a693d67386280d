//! Which other orders an order has to do with.

use super::group::Group;
use crate::values::OrderId;

/// The orders that it stands for, or that stand for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kin {
    /// In place of which it was placed.
    pub replaces: Option<OrderId>,
    /// Which was placed in its place.
    pub replaced_by: Option<OrderId>,
    /// The group that it is of.
    pub group: Option<Group>,
}

impl Kin {
    /// None.
    pub const NONE: Kin = Kin { replaces: None, replaced_by: None, group: None };

    /// Whether there are none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        let Kin { replaces, replaced_by, group } = self;
        group.is_none() && replaces.is_none() && replaced_by.is_none()
    }
}
