//! What is large, on sheets: a copy of it shares them, and whoever changes a thing first copies the one that it is on.
//!
//! So an exchange of a million orders is copied in a moment, and neither it nor its copy waits for the other. A sheet
//! that is shared with nobody is read and changed as any row of things is: that it may be shared costs nothing but
//! where it is. What was shared and is not any more is taken back as it is.
//!
//! Each of these is shared as a whole by `share`; a `clone` then copies nothing large. One that is not shared before is
//! cloned all the same, thing by thing.
//!
//! Knows nothing of what is on the sheets.

mod leaf;
mod numbered;
mod queue;
mod sheet;
mod sorted;
mod spread;

pub use leaf::Leaf;
pub(crate) use numbered::Numbered;
pub use queue::Queue;
pub(crate) use sheet::{SHEET, Sheet};
pub(crate) use sorted::Sorted;
pub use spread::Spread;
