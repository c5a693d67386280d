//! compose.yaml: what the command line can be told by variables, its services can be told.

use std::collections::BTreeSet;

use tradepit::config::Config;
use tradepit_load as load;

use crate::support::{Setting, settings, text};

/// The variables of a service: with a value, or handed on.
fn environment(service: &str) -> Vec<(String, Option<String>)> {
    let compose = text("docker/compose.yaml");
    let service = block(compose.lines(), &format!("  {service}:")).expect("the service is there");
    let lines = block(service.into_iter(), "    environment:").expect("it has variables");
    let entries = lines.into_iter().filter_map(|line| line.trim().strip_prefix("- "));
    let entry = |entry: &str| match entry.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (entry.to_owned(), None),
    };
    entries.map(entry).collect()
}

/// The lines below this one that are indented deeper.
fn block<'a>(lines: impl Iterator<Item = &'a str>, head: &str) -> Option<Vec<&'a str>> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = lines.skip_while(|line| *line != head);
    let deeper = indent(lines.next()?);
    Some(lines.take_while(|line| line.is_empty() || indent(line) > deeper).collect())
}

/// Requires that a service can be told these settings, and no others.
fn can_be_told(service: &str, known: impl Iterator<Item = Setting>) {
    let told = environment(service).into_iter().map(|(name, _)| name).filter(|name| name.starts_with("TRADEPIT_"));
    let known = known.map(|setting| setting.variable);
    assert_eq!(told.collect::<BTreeSet<_>>(), known.collect::<BTreeSet<_>>());
}

#[test]
fn the_server_can_be_told_every_setting_but_where_to_listen() {
    can_be_told("server", settings::<Config>().into_iter().filter(|setting| setting.flag != "--host"));
}

#[test]
fn the_load_tool_can_be_told_every_setting() {
    can_be_told("bench", settings::<load::Args>().into_iter());
}

#[test]
fn the_port_is_the_same_for_who_listens_who_asks_and_who_publishes() {
    let compose = text("docker/compose.yaml");
    let port = "${TRADEPIT_PORT:-8000}";
    assert_eq!(compose.matches(port).count(), 3, "published, and told to the tests and to the load tool");
    assert_eq!(compose.matches(":8000\"").count() + compose.matches(":8000]").count(), 0, "{port} everywhere");
    let handed_on = environment("server").into_iter().any(|(name, value)| name == "TRADEPIT_PORT" && value.is_none());
    assert!(handed_on);
}
