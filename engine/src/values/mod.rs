//! The small values that orders are made of. Each checks itself once, where it is made, and is `Copy`:
//! a symbol lives inside its order, so that an order costs no allocation.

mod decimal;
mod draws;
mod ids;
mod money;
mod quantity;
mod step;
mod symbol;
mod wide;

pub use decimal::{Decimal, InvalidDecimal};
pub use draws::Draws;
pub use ids::{Number, OrderId, Seq, Time};
pub use money::Money;
pub(crate) use quantity::PackedQuantity;
pub use quantity::{InvalidQuantity, Quantity};
pub use step::Step;
pub use symbol::{InvalidSymbol, Symbol};
