//! How events and orders are written down and read back: bytes, a file a version.

mod text;
pub(crate) mod version_1;
mod version_2;

pub(crate) use version_2::{
    CHANGE_BYTES, RECORD_VERSION, end_list, push_change, push_order, read_changes, read_orders,
};
