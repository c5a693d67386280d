//! The documents: every setting is in them, what the code cites of them is there, and so is what they name of the code.

use std::collections::BTreeSet;
use std::fs;

use clap::builder::Resettable;
use clap::{Args as _, Command, FromArgMatches as _};
use tradepit::config::Config;

use crate::support::{root, settings, sources, text};

#[test]
fn the_table_of_settings_has_a_row_for_each_and_no_other() {
    let operating = text("docs/operating.md");
    let rows: Vec<Vec<&str>> = operating.lines().map(|row| row.split('|').map(str::trim).collect()).collect();
    let row = |row: &Vec<&str>| match row[..] {
        ["", flag, variable, default, _, ""] if variable.starts_with("`TRADEPIT_") => {
            Some(format!("{flag} {variable} {default}"))
        }
        _ => None,
    };
    let told: Vec<String> = rows.iter().filter_map(row).collect();
    let known = settings::<Config>();
    let known = known.iter().map(|known| format!("`{}` `{}` {}", known.flag, known.variable, known.default));
    let known: Vec<String> = known.collect();
    assert_eq!(told, known, "in the order of --help");
}

/// The environment of whoever runs the tests says nothing here.
#[test]
fn a_server_that_is_started_in_code_has_the_same_defaults() {
    let command = Config::augment_args(Command::new("it")).mut_args(|argument| argument.env(Resettable::Reset));
    let read = Config::from_arg_matches(&command.get_matches_from(["it"])).expect("nothing must be said");
    assert_eq!(format!("{read:?}"), format!("{:?}", Config::default()));
}

/// What the code says that the contract says stands in a section of that name.
#[test]
fn the_contract_has_every_section_that_is_cited() {
    let contract = text("docs/contract.md");
    let sections: Vec<&str> = contract.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let mut cited = 0;
    for room in ["src", "actors", "engine", "market", "store", "load", "tests", "benches"] {
        for file in sources(&root().join(room)) {
            let code = fs::read_to_string(&file).expect("it is there");
            for place in code.split("(contract, \"").skip(1) {
                let place = place.split(')').next().unwrap_or(place);
                // Names stand at every second place between quotation marks; a line may break between two.
                for name in place.split('"').step_by(2).filter(|name| name.starts_with(char::is_uppercase)) {
                    assert!(sections.contains(&name), "{}: {name}", file.display());
                    cited += 1;
                }
            }
        }
    }
    assert!(cited > 20, "the citations were not found: {cited}");
}

/// Links between the documents lead somewhere.
#[test]
fn no_link_between_documents_is_dead() {
    let documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].map(|name| root().join(name));
    let in_docs = fs::read_dir(root().join("docs")).expect("the documents").map(|entry| entry.expect("one").path());
    let mut links = 0;
    for document in documents.into_iter().chain(in_docs) {
        let page = fs::read_to_string(&document).expect("it is there");
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (path, section) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { document.clone() } else { document.with_file_name("").join(path) };
            assert!(target.exists(), "{}: {link}", document.display());
            if !section.is_empty() {
                let headings = fs::read_to_string(&target).expect("a document");
                let anchor = |line: &str| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
                let is_there = headings.lines().any(|line| line.starts_with('#') && anchor(line) == section);
                assert!(is_there, "{}: {link}", document.display());
            }
            links += 1;
        }
    }
    assert!(links > 10, "the links were not found: {links}");
}

/// Documents that lead through the code.
const GUIDES: [&str; 2] = ["docs/architecture.md", "CONTRIBUTING.md"];

/// What stands in backticks, outside of drawings and commands, and what stands before each.
fn quoted(page: &str) -> Vec<(&str, &str)> {
    let prose = page.split("```").step_by(2);
    prose
        .flat_map(|prose| {
            prose.split('`').collect::<Vec<_>>().chunks_exact(2).map(|of| (of[0], of[1])).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether it is a place in the repository: what clients ask for begins with a slash.
fn is_path(quoted: &str) -> bool {
    let is_plain = quoted.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let has_ending = [".rs", ".md", ".ts", ".tsx", ".toml", ".json", ".yaml"].iter().any(|end| quoted.ends_with(end));
    is_plain && !quoted.starts_with(['/', '-']) && (has_ending || quoted.contains('/'))
}

/// Whether this code defines the name.
fn defines(code: &str, name: &str) -> bool {
    let keywords = ["fn", "struct", "enum", "trait", "type", "const", "static", "mod"];
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    keywords.iter().any(|keyword| code.split(&format!("{keyword} {name}")).skip(1).any(ends))
}

/// The names that follow a path, with commas or the line of a table between, are defined in that file.
#[test]
fn what_the_guides_name_is_there() {
    let (mut paths, mut names) = (0, 0);
    for guide in GUIDES {
        let page = text(guide);
        let mut code = None;
        for (before, quoted) in quoted(&page) {
            let follows = matches!(before, " " | ", " | " | ");
            if is_path(quoted) {
                let path = root().join(quoted);
                assert!(path.exists(), "{guide}: {quoted}");
                code = path.is_file().then(|| text(quoted));
                paths += 1;
            } else if let Some(code) = code.as_ref().filter(|_| follows) {
                assert!(defines(code, quoted), "{guide}: {quoted} is not defined in the file before it");
                names += 1;
            } else {
                code = None;
            }
        }
    }
    assert!(paths > 100 && names > 100, "they were not found: {paths}, {names}");
}

/// A name with its type, such as `Exchange::decide`: there is a file that defines both.
#[test]
fn what_the_guides_name_with_its_type_is_there() {
    let rooms = ["engine/src", "store/src", "actors/src", "src"];
    let code: Vec<String> = rooms
        .iter()
        .flat_map(|room| sources(&root().join(room)))
        .map(|file| fs::read_to_string(file).expect("it is there"))
        .collect();
    let mut names = 0;
    for guide in GUIDES {
        let page = text(guide);
        for (owner, name) in quoted(&page).into_iter().filter_map(|(_, quoted)| quoted.split_once("::")) {
            if owner.starts_with(char::is_uppercase) {
                assert!(
                    code.iter().any(|code| defines(code, owner) && defines(code, name)),
                    "{guide}: {owner}::{name}"
                );
                names += 1;
            }
        }
    }
    assert!(names > 3, "they were not found: {names}");
}

/// A journey opens a file once: whoever follows it never has to go back.
#[test]
fn no_journey_visits_a_file_twice() {
    let page = text("docs/architecture.md");
    let journeys = page.split("\n## Three journeys").nth(1).expect("they are there").split("\n### ").skip(1);
    let mut visits = Vec::new();
    for journey in journeys {
        let files: Vec<&str> = journey.lines().filter_map(|row| row.strip_prefix("| `")?.split('`').next()).collect();
        let different: BTreeSet<&str> = files.iter().copied().collect();
        assert_eq!(different.len(), files.len(), "{files:?}");
        visits.push(files.len());
    }
    assert!(visits.len() == 3 && visits.iter().all(|files| *files > 10), "they were not found: {visits:?}");
}
