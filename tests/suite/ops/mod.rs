//! What the server says of itself: health, metrics, the documents and the pages.

mod asyncapi;
mod health;
mod metrics;
mod openapi;
mod pages;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;
use tradepit_actors::DelayModel;

use crate::support::folder::DataFolder;
use crate::support::{Reply, Request, Subscriber, Venue, in_time, own_venue, server};

fn id(order: &Value) -> &str {
    order["id"].as_str().expect("an id")
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap_or_else(|| panic!("no object: {object}")).keys().map(String::as_str).collect()
}

fn strings(array: &Value) -> BTreeSet<&str> {
    array.as_array().unwrap_or_else(|| panic!("no array: {array}")).iter().filter_map(Value::as_str).collect()
}

/// What `$ref` points to, within the same document.
fn follow<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        None => schema,
        Some(target) => {
            let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads out of the document"));
            let found = document.pointer(pointer).unwrap_or_else(|| panic!("{target} leads nowhere"));
            follow(document, found)
        }
    }
}

/// Follows every `$ref` of a document.
fn follow_all(document: &Value, part: &Value) -> usize {
    let here = usize::from(part.get("$ref").is_some());
    follow(document, part);
    let parts: Vec<&Value> = match part {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    here + parts.into_iter().map(|part| follow_all(document, part)).sum::<usize>()
}

/// Checks a value against what of JSON Schema the documents use; the first thing that is wrong.
fn flaw(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let schema = follow(document, schema);
    let kinds = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |kind: &&str| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no type: {other}"),
    };
    if !kinds.is_empty() && !kinds.iter().any(is) {
        return Some(format!("{at}: {value} is not of type {kinds:?}"));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        return Some(format!("{at}: {value} is not {}", schema["const"]));
    }
    if schema.get("enum").is_some_and(|all| !all.as_array().is_some_and(|all| all.contains(value))) {
        return Some(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    if let (Some(least), Some(number)) = (schema.get("minimum"), value.as_f64())
        && least.as_f64().is_some_and(|least| number < least)
    {
        return Some(format!("{at}: {value} is below {least}"));
    }
    if let Value::Object(fields) = value {
        let named = schema.get("required").map(strings).unwrap_or_default();
        if let Some(missing) = named.iter().find(|name| !fields.contains_key(**name)) {
            return Some(format!("{at}: {missing} is missing in {value}"));
        }
        for (name, field) in fields {
            let of_field = schema["properties"].get(name).or(schema.get("additionalProperties"));
            match of_field {
                Some(of_field) => {
                    if let Some(flaw) = flaw(document, of_field, field, &format!("{at}.{name}")) {
                        return Some(flaw);
                    }
                }
                None if schema.get("properties").is_some() => return Some(format!("{at}: {name} is not described")),
                None => {}
            }
        }
    }
    let items = value.as_array().into_iter().flatten();
    let of_items = schema.get("items");
    of_items.and_then(|of_items| items.filter_map(|item| flaw(document, of_items, item, &format!("{at}[]"))).next())
}

#[track_caller]
fn check(document: &Value, schema: &Value, value: &Value) {
    if let Some(flaw) = flaw(document, schema, value, "$") {
        panic!("{flaw}");
    }
}
