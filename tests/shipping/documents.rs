//! README.md: every setting is in it.

use tradepit::config::Config;

use crate::support::{settings, text};

#[test]
fn the_table_of_settings_has_a_row_for_each_and_no_other() {
    let readme = text("README.md");
    let rows: Vec<Vec<&str>> = readme.lines().map(|row| row.split('|').map(str::trim).collect()).collect();
    let row = |row: &Vec<&str>| match row[..] {
        ["", flag, variable, _, _, ""] if variable.starts_with("`TRADEPIT_") => Some(format!("{flag} {variable}")),
        _ => None,
    };
    let told: Vec<String> = rows.iter().filter_map(row).collect();
    let known: Vec<String> =
        settings::<Config>().iter().map(|setting| format!("`{}` `{}`", setting.flag, setting.variable)).collect();
    assert_eq!(told, known, "in the order of --help");
}
