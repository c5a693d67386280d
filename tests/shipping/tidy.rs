//! Style that a test can hold: widths and lengths, the head of each file, and that no file is left which nobody reads.
//!
//! What is longer than it may be stands here with its reason, and goes from here when it has become shorter.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{CRATES, manifests, root, sources, text};

/// Characters in a line: as in rustfmt.toml, which does not look into comments, texts and attributes.
const WIDTH: usize = 120;

/// Lines of a function, from its name to its last brace.
const FUNCTION: usize = 60;

/// Functions that have more, and why.
const LONG_FUNCTIONS: [(&str, &str); 9] = [
    // A walk through all that may happen next, each with its weight.
    ("actors/tests/durable/schedules.rs", "step"),
    // RFC 6455 section 5.2, in the order of its paragraphs.
    ("actors/tests/guard/twin.rs", "twin_frame"),
    // One row of a table for each kind of event, fault or step, and nothing else.
    ("engine/tests/exchange_twin/acting.rs", "met_by_acts"),
    ("engine/tests/exchange_twin/outcomes/mod.rs", "kinds"),
    ("engine/tests/exchange_twin/outcomes/mod.rs", "rejections"),
    ("engine/tests/trading/door.rs", "step"),
    ("src/native/wire/new_order/faults.rs", "flaw_of"),
    ("store/src/record/version_3/event.rs", "push_body"),
    ("store/src/record/version_3/event.rs", "read_event"),
];

/// Lines of a file, with the tests in it; of one that only tests.
const FILE: usize = 400;
const TESTS: usize = 500;

/// What holds Rust of ours.
const ROOMS: [&str; 9] = ["engine", "market", "store", "actors", "load", "src", "tests", "benches", "dashboard/embed"];

/// A path as it is written: from the repository's root.
fn named(path: &Path) -> String {
    path.strip_prefix(root()).expect("it is in the repository").display().to_string()
}

/// Every Rust file, and what is in it.
fn code() -> Vec<(String, String)> {
    let files = ROOMS.iter().flat_map(|room| sources(&root().join(room)));
    files.map(|file| (named(&file), fs::read_to_string(&file).expect("it is text"))).collect()
}

/// The files below a folder, of whatever kind.
fn below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(named(&path)) }
        }
    }
    found.sort_unstable();
    found
}

/// What is read as it stands, beside Rust: documents, scripts, manifests.
fn papers() -> Vec<String> {
    let documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
    let settings = ["clippy.toml", "deny.toml", "rustfmt.toml", "tests/report"];
    let at_the_root = [documents, settings].concat().into_iter();
    let folders = [".ci", "docs", "docker"].into_iter().flat_map(below);
    at_the_root.map(str::to_owned).chain(manifests()).chain(folders).collect()
}

/// A line that is as long as what it holds: a row of a table, a link or an address, a text that is told in one piece.
fn is_whole(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("//! ");
    let is_text = ["|", "\"", "r#\"", "#[error(\""].iter().any(|beginning| line.starts_with(beginning));
    is_text || line.contains("](") || line.contains("://")
}

#[test]
fn no_line_is_wider_than_a_page() {
    let mut wide = Vec::new();
    let papers = papers().into_iter().map(|path| (path.clone(), text(&path)));
    for (path, text) in code().into_iter().chain(papers) {
        let lines = text.lines().enumerate().filter(|(_, line)| line.chars().count() > WIDTH && !is_whole(line));
        wide.extend(lines.map(|(number, _)| format!("{path}:{}", number + 1)));
    }
    assert_eq!(wide, [""; 0]);
}

/// The functions of a file: the name of each, and how many lines it has. rustfmt puts the last brace below the first
/// word.
fn functions(code: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let is_last = |line: &&str| line.strip_prefix(indent) == Some("}");
        let is_short = line.ends_with(['}', ';']);
        let length = if is_short { 1 } else { lines[at..].iter().position(is_last).map_or(0, |at| at + 1) };
        found.push((name, length));
    }
    found
}

/// The name of the function that begins in this line, if one does.
fn function(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let words = |word: &str| matches!(word, "pub" | "const" | "async" | "extern") || word.starts_with("pub(");
    let is_one = before.split_whitespace().all(words);
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (is_one && !name.is_empty()).then_some(name)
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let (mut long, mut all) = (BTreeSet::new(), 0);
    for (path, code) in code() {
        for (name, length) in functions(&code) {
            all += 1;
            if length > FUNCTION {
                long.insert((path.clone(), name.to_owned()));
            }
        }
    }
    assert!(all > 2_000, "they were not found: {all}");
    let stated = LONG_FUNCTIONS.map(|(path, name)| (path.to_owned(), name.to_owned()));
    assert_eq!(long, BTreeSet::from(stated), "those that are, and those that are said to be");
}

#[test]
fn no_file_tells_more_than_one_story() {
    let is_test = |path: &str| path.starts_with("tests/") || path.contains("/tests/");
    let is_long = |path: &str, code: &str| code.lines().count() > if is_test(path) { TESTS } else { FILE };
    let long = code().into_iter().filter(|(path, code)| is_long(path, code)).map(|(path, _)| path);
    assert_eq!(long.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_file_begins_with_what_it_is_about() {
    let headless = code().into_iter().filter(|(_, code)| !code.starts_with("//! ")).map(|(path, _)| path);
    assert_eq!(headless.collect::<Vec<_>>(), [""; 0]);
}

/// What is put off is an issue, and a test that does not run is none.
#[test]
fn nothing_is_left_for_later() {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["#[ig", "nore"].concat()];
    let papers = papers().into_iter().map(|path| (path.clone(), text(&path)));
    for (path, text) in code().into_iter().chain(papers) {
        for mark in &marks {
            assert!(!text.contains(mark), "{path}: {mark}");
        }
    }
}

/// The files that targets begin with: those that cargo finds by itself, and those that a manifest names.
fn targets() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in CRATES.map(|of| root().join(of)) {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let paths = manifest.lines().filter_map(|line| {
            let value = line.strip_prefix("path = ").or_else(|| line.strip_prefix("build = "))?;
            Some(folder.join(value.trim_matches('"')))
        });
        found.extend(paths);
        found.extend(["src/lib.rs", "src/main.rs"].map(|file| folder.join(file)));
        for entry in fs::read_dir(folder.join("tests")).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            found.push(if path.is_dir() { path.join("main.rs") } else { path });
        }
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs") && path.exists());
    found
}

/// The files of the modules that this file declares.
fn modules(file: &Path) -> Vec<PathBuf> {
    let code = fs::read_to_string(file).expect("it is there");
    let stem = file.file_stem().expect("a name");
    let folder = file.with_file_name("");
    let is_first = |path: &Path| targets().iter().any(|target| target == path);
    let folder = if stem == "mod" || is_first(file) { folder } else { folder.join(stem) };
    let declared = code.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')
    });
    let file = |name: &str| {
        let alone = folder.join(format!("{name}.rs"));
        if alone.exists() { alone } else { folder.join(name).join("mod.rs") }
    };
    declared.map(file).collect()
}

#[test]
fn every_file_of_code_is_a_module_of_some_target() {
    let mut reached = BTreeSet::new();
    let mut open = targets();
    assert!(open.len() > 15, "the targets were not found: {open:?}");
    while let Some(file) = open.pop() {
        open.extend(modules(&file));
        reached.insert(named(&file));
    }
    let all: BTreeSet<String> = code().into_iter().map(|(path, _)| path).collect();
    let apart: Vec<&String> = all.symmetric_difference(&reached).collect();
    assert!(apart.is_empty(), "no module of any target, or no file: {apart:?}");
}

/// Documents, scripts and what tests are given: another file names each.
#[test]
fn every_other_file_is_named_by_another() {
    let code = code();
    let papers: Vec<(String, String)> = papers().into_iter().map(|path| (path.clone(), text(&path))).collect();
    let is_named = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let others = code.iter().chain(&papers).filter(|(other, _)| other != path);
        let by_whom = |(other, text): &(String, String)| match path.split('/').next() {
            Some(".ci") => {
                text.contains(path) && other.starts_with(".ci") || other.ends_with(".md") && text.contains(path)
            }
            Some("docs") => {
                other.ends_with(".md") && text.contains(&format!("{name})")) || text.contains(&format!("{name}#"))
            }
            _ => text.contains(name),
        };
        others.into_iter().any(by_whom)
    };
    let others =
        [".ci", "docs", "docker", "tests", "store/tests", "actors/tests", "engine/tests"].into_iter().flat_map(below);
    let others: Vec<String> = others.filter(|path| !path.ends_with(".rs")).collect();
    assert!(others.len() > 30, "they were not found: {others:?}");
    for path in others {
        assert!(is_named(&path), "nobody reads {path}");
    }
}
