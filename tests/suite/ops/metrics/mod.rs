//! `/metrics`: both formats, every family, and that figures are right.

mod figures;
mod formats;
mod reader;
mod venue;

use reader::{Figures, families, until};

use super::*;
