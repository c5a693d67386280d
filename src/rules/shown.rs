//! Rules as JSON.

use tradepit_engine::{Counts, Rule, Rulebook};

use super::conditions::write_conditions;
use super::does::write_does;
use crate::native::wire::object::{Object, write_list};

/// What there is, each with how often it was about an order, and how often it decided.
pub(crate) fn rulebook_body(rulebook: Option<&Rulebook>) -> Vec<u8> {
    let rules = rulebook.into_iter().flat_map(|rulebook| rulebook.rules().iter().zip(rulebook.counts()));
    let mut body = Vec::new();
    write_list(&mut body, rules, |(rule, counts), out| write_rule(rule, Some(counts), out));
    body
}

/// A list, a rule a line, as a file has it.
pub(crate) fn file_of(rules: &[Rule]) -> String {
    let line = |rule: &Rule| {
        let mut line = Vec::new();
        write_rule(rule, None, &mut line);
        String::from_utf8_lossy(&line).into_owned()
    };
    let lines: Vec<String> = rules.iter().map(line).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn write_rule(rule: &Rule, counts: Option<&Counts>, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    match &rule.name {
        Some(name) => json.text("name", name.as_str()),
        None if counts.is_some() => json.null("name"),
        None => {}
    }
    json.object("match", |json| write_conditions(&rule.conditions, json));
    write_does("do", &rule.does, &mut json);
    match rule.times {
        Some(times) => json.number("times", times),
        None if counts.is_some() => json.null("times"),
        None => {}
    }
    if let Some(counts) = counts {
        json.number("matched", counts.matched);
        json.number("used", counts.used);
    }
    json.end();
}
