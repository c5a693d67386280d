//! Orders that are placed as one, and end each other: each case a sentence of the contract.

mod accounts;
mod acting;
mod asking;
mod waiting;
