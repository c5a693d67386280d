//! The documents: every setting is in them, and what the code cites of them is there.

use std::fs;

use tradepit::config::Config;

use crate::support::{root, settings, sources, text};

#[test]
fn the_table_of_settings_has_a_row_for_each_and_no_other() {
    let operating = text("docs/operating.md");
    let rows: Vec<Vec<&str>> = operating.lines().map(|row| row.split('|').map(str::trim).collect()).collect();
    let row = |row: &Vec<&str>| match row[..] {
        ["", flag, variable, _, _, ""] if variable.starts_with("`TRADEPIT_") => Some(format!("{flag} {variable}")),
        _ => None,
    };
    let told: Vec<String> = rows.iter().filter_map(row).collect();
    let known: Vec<String> =
        settings::<Config>().iter().map(|setting| format!("`{}` `{}`", setting.flag, setting.variable)).collect();
    assert_eq!(told, known, "in the order of --help");
}

/// What the code says that the contract says stands in a section of that name.
#[test]
fn the_contract_has_every_section_that_is_cited() {
    let contract = text("docs/contract.md");
    let sections: Vec<&str> = contract.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let mut cited = 0;
    for room in ["src", "actors", "engine", "store", "load", "tests", "benches"] {
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
    let documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
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
