//! Rich orders, from acceptance to the ledger: cases as texts, and what must hold after every event of a random life.

mod account_life;
mod accounts;
mod acting;
mod acts;
mod amending;
mod buying_power;
mod cases;
mod door;
mod grouped;
mod groups;
mod halts;
mod life;
mod listing;
mod notional;
mod planned;
mod replacing;
mod rows;
mod ruling;
mod sessions;
mod shown;
mod stops;
