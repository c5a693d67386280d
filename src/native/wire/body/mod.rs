//! How a body that is a JSON object is read, whatever it says: field by field, each as it was spelled, and every flaw
//! is noted.

pub(crate) mod fields;
pub(crate) mod list;
pub(crate) mod reading;
pub(super) mod scan;
pub(crate) mod values;
