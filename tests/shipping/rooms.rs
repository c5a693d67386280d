//! The rooms of the server: what each may name of the others. Between crates the manifests see to that.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{root, sources, text};

/// What the files of a room name of their own crate.
fn named(room: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in sources(&root().join("src").join(room)) {
        let code = fs::read_to_string(&file).expect("it is there");
        let name = |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned);
        names.extend(code.split("crate::").skip(1).filter_map(name));
    }
    names
}

#[test]
fn a_room_names_only_what_stands_below_it() {
    for (room, below) in [
        ("edge", &[][..]),
        ("config", &["delay", "edge", "rules", "time"]),
        // It goes on with the native contract, and tells faults as that does.
        ("control", &["config", "delay", "edge", "keeping", "native", "rules", "time"]),
        ("keeping", &["config", "progress", "start"]),
        ("native", &["edge", "time"]),
        ("ops", &["asking", "edge", "say"]),
        ("rules", &["delay", "native"]),
        ("tools", &["asking", "native", "progress", "rules", "say"]),
    ] {
        let known: BTreeSet<String> = below.iter().copied().chain([room]).map(str::to_owned).collect();
        let stranger: Vec<String> = named(room).difference(&known).cloned().collect();
        assert!(stranger.is_empty(), "src/{room} may not name {stranger:?}");
    }
    assert!(named("native").contains("edge"), "what a file names was not found");
}

#[test]
fn the_load_tool_knows_nothing_of_the_server() {
    let manifest = text("load/Cargo.toml");
    let dependencies = manifest.split("[dependencies]").nth(1).expect("it has some");
    assert!(!dependencies.contains("tradepit"), "{dependencies}");
}
