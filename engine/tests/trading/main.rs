//! Rich orders, from acceptance to the ledger: cases as texts, and what must hold after every event of a random life.

mod amending;
mod cases;
mod door;
mod life;
mod stops;
