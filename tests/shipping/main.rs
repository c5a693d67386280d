//! What is shipped, and what is written about it: that no setting is left out on the way to a container or a reader.
//!
//! Reads the repository's own files and asks the command line what it knows; starts nothing.

mod compose;
mod documents;
mod ignored;
mod manifests;
mod support;
