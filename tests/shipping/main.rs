//! What is shipped, and what is written about it: that no setting is left out on the way to a container or a reader,
//! and that the rooms name each other as they are said to.
//!
//! Reads the repository's own files and asks the command line what it knows; starts nothing.

mod compose;
mod documents;
mod ignored;
mod invariants;
mod limits;
mod manifests;
mod rooms;
mod states;
mod support;
mod tidy;
