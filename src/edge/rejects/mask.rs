//! What of a refused request is not kept: the values of what is named like a ticket, a token, a key, a secret, a
//! password or an authorization. `…` stands in their place.
//!
//! JSON is looked through by its members, whole or cut, and stays JSON; of any other text nothing is kept from such a
//! value on: who sends what is refused may have written anything. So a little more is masked than must be. Each text is
//! read once.

use serde::Deserialize;
use serde_json::value::RawValue;

/// What makes a name one of a secret.
const WORDS: [&str; 6] = ["ticket", "token", "key", "secret", "password", "authorization"];
/// Names of orders, which are told everywhere.
const KNOWN: [&str; 2] = ["idempotency_key", "client_order_id"];
const MASK: &str = "…";
/// So far behind such a word may stand what parts a name from its value.
const REACH: usize = 48;

/// A query, with the values of such parameters masked.
pub(super) fn query(query: &str) -> String {
    let mut masked = String::with_capacity(query.len());
    for pair in query.split_inclusive(['&', ';']) {
        let (pair, end) = match pair.as_bytes().last() {
            Some(b'&' | b';') => pair.split_at(pair.len() - 1),
            _ => (pair, ""),
        };
        match pair.split_once('=') {
            Some((name, value)) if !value.is_empty() && (is_secret(&decoded(name)) || tells(&decoded(value))) => {
                masked.extend([name, "=", MASK]);
            }
            _ => masked.push_str(pair),
        }
        masked.push_str(end);
    }
    masked
}

/// A body or a path, or the beginning of one.
pub(super) fn text(text: &str) -> String {
    if text.trim_start().starts_with(['{', '[']) {
        return json(text);
    }
    match secret_in(text) {
        Some(end) => format!("{}{MASK}", &text[..end]),
        // A form may spell a name by escapes.
        None if text.contains('%') => query(text),
        None => text.to_owned(),
    }
}

/// A flaw as a reply told it, as JSON: what it repeats of the request, and all of that where its place is named so.
pub(super) fn flaw(flaw: &str) -> String {
    #[derive(Deserialize)]
    struct Repeats<'a> {
        #[serde(default)]
        loc: Vec<serde_json::Value>,
        #[serde(borrow)]
        input: Option<&'a RawValue>,
    }
    let Ok(Repeats { loc, input: Some(input) }) = serde_json::from_str(flaw) else { return flaw.to_owned() };
    let masked = if loc.iter().filter_map(|place| place.as_str()).any(is_secret) {
        format!("\"{MASK}\"")
    } else {
        json(input.get())
    };
    // It is a part of the text.
    let Some(start) = (input.get().as_ptr() as usize).checked_sub(flaw.as_ptr() as usize) else { return String::new() };
    [&flaw[..start], &masked, &flaw[start + input.get().len()..]].concat()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    !KNOWN.contains(&name.as_str()) && WORDS.iter().any(|word| name.contains(word))
}

/// A part of a query or form as it is meant.
fn decoded(text: &str) -> String {
    // What parts pairs is escaped, or would not stand here.
    form_urlencoded::parse(text.replace('=', "%3D").as_bytes()).map(|(name, _)| name).collect()
}

/// Whether a text holds the value of such a name.
fn tells(text: &str) -> bool {
    secret_in(text).is_some()
}

/// Where in a text that is no JSON the value of such a name begins.
fn secret_in(text: &str) -> Option<usize> {
    let text = text.to_ascii_lowercase();
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = text.as_bytes();
    let mut known_until = 0;
    for at in 0..bytes.len() {
        let Some(word) = WORDS.iter().find(|word| bytes[at..].starts_with(word.as_bytes())) else { continue };
        // No name that is known is longer than this.
        let before = bytes[at.saturating_sub(REACH)..at].iter().rev().take_while(|byte| is_of_name(byte)).count();
        let behind = bytes[at..].iter().take(REACH).take_while(|byte| is_of_name(byte)).count();
        let name = bytes[at - before..at + behind].iter().map(|&byte| if byte == b'-' { b'_' } else { byte });
        if KNOWN.iter().any(|known| name.clone().eq(known.bytes())) {
            known_until = at + behind;
        }
        if at < known_until {
            continue;
        }
        let behind = bytes[at + word.len()..].iter().take(REACH);
        let found = behind.enumerate().find(|(_, byte)| matches!(byte, b'=' | b':' | b'>' | b'&' | b'\n'));
        if let Some((length, b'=' | b':' | b'>')) = found {
            return Some(at + word.len() + length + 1);
        }
    }
    None
}

/// A text of JSON, whole or not: the values of such members, and what strings hold of them.
fn json(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let quote = text[at..].find('"').map_or(text.len(), |length| at + length);
        if let Some(end) = secret_in(&text[at..quote]) {
            // No JSON after all.
            masked.extend([&text[at..at + end], MASK]);
            return masked;
        }
        masked.push_str(&text[at..quote]);
        if quote == text.len() {
            break;
        }
        let end = string_end(text, quote);
        let string = read_string(&text[quote..end]);
        let colon = spaces_end(text, end);
        let is_name = text[colon..].starts_with([':', '=']);
        if is_name && is_secret(&string) {
            let value = spaces_end(text, colon + 1);
            masked.push_str(&text[quote..value]);
            at = value_end(text, value);
            if at > value {
                masked.extend(["\"", MASK, "\""]);
            }
        } else {
            masked.push_str(&masked_string(&text[quote..end], &string));
            at = end;
        }
    }
    masked
}

/// A string of JSON with what it holds of secrets masked; as it was spelled where it holds none.
fn masked_string(spelled: &str, string: &str) -> String {
    let masked = text(string);
    if masked == string { spelled.to_owned() } else { serde_json::Value::String(masked).to_string() }
}

/// What a string of JSON says; of one that is cut or broken what stands there.
fn read_string(spelled: &str) -> String {
    serde_json::from_str(spelled).unwrap_or_else(|_| spelled.trim_matches('"').to_owned())
}

/// Where the string that begins here ends, its quote included.
fn string_end(text: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn spaces_end(text: &str, start: usize) -> usize {
    text[start..].find(|c: char| !c.is_ascii_whitespace()).map_or(text.len(), |length| start + length)
}

/// Where the value that begins here ends.
fn value_end(text: &str, start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(&byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                at = string_end(text, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + depth,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_of_secret_names_are_masked_in_a_query() {
        for (sent, kept) in [
            ("status=x&limit=0", "status=x&limit=0"),
            ("ticket=abc&status=x", "ticket=…&status=x"),
            ("status=x&API_KEY=abc&access-token=d%20e", "status=x&API_KEY=…&access-token=…"),
            ("%74oken=abc", "%74oken=…"),
            ("user%5Bpassword%5D=abc", "user%5Bpassword%5D=…"),
            ("status=x;token=abc", "status=x;token=…"),
            ("status=/a?token=abc", "status=…"),
            (
                "idempotency_key=k1&client_order_id=c1&Idempotency-Key=k2",
                "idempotency_key=k1&client_order_id=c1&Idempotency-Key=k2",
            ),
            ("token=&token&=token", "token=&token&=token"),
            ("Authorization=Bearer+x", "Authorization=…"),
            ("", ""),
        ] {
            assert_eq!(query(sent), kept);
        }
    }

    #[test]
    fn values_of_secret_names_are_masked_in_a_body_however_it_is_spelled() {
        for (sent, kept) in [
            (r#"{"stoks": "A", "quantity": 0}"#, r#"{"stoks": "A", "quantity": 0}"#),
            (r#"{"token": "abc", "a": 1}"#, r#"{"token": "…", "a": 1}"#),
            (r#"{"apiKey":"a\"b","x":1}"#, r#"{"apiKey":"…","x":1}"#),
            (r#"{"token":12345,"x":1}"#, r#"{"token":"…","x":1}"#),
            (r#"{"secret":{"a":["}",{}]},"x":[]}"#, r#"{"secret":"…","x":[]}"#),
            (r#"{"keys":["a","]"],"x":1}"#, r#"{"keys":"…","x":1}"#),
            (r#"{"a":[{"token":1}],"x":1}"#, r#"{"a":[{"token":"…"}],"x":1}"#),
            (r#"{"pass\u0077ord" : "abc"}"#, r#"{"pass\u0077ord" : "…"}"#),
            (
                r#"{"token.prod":"abc","password ":"abc","token:prod":"abc"}"#,
                r#"{"token.prod":"…","password ":"…","token:prod":"…"}"#,
            ),
            (r#"{"password": "cut o"#, r#"{"password": "…""#),
            (r#"{"password": "cut \"#, r#"{"password": "…""#),
            (r#"{"password": [1, "#, r#"{"password": "…""#),
            (r#"{"stoks":"my key:","quantity":1}"#, r#"{"stoks":"my key:…","quantity":1}"#),
            (r#"{"a":"{\"token\": \"abc\", \"b\": 1}"}"#, r#"{"a":"{\"token\": \"…\", \"b\": 1}"}"#),
            (r#"{"idempotency_key":"k","client_order_id":"c"}"#, r#"{"idempotency_key":"k","client_order_id":"c"}"#),
            (r#"{"token" => "abc"}"#, r#"{"token" ="…"}"#),
            ("token=abc&stoks=A", "token=…"),
            ("user[password]=abc", "user[password]=…"),
            ("%74oken=abc", "%74oken=…"),
            ("<password>abc</password>", "<password>…"),
            ("{'token': 'a\\'b', 'x': 1}", "{'token':…"),
            ("Authorization: Bearer abc\nx: y", "Authorization:…"),
            ("{token: abc, x: 1}", "{token:…"),
            ("/orders/token=abc", "/orders/token=…"),
            ("idempotency_key=k1&stoks=A", "idempotency_key=k1&stoks=A"),
            ("token", "token"),
            ("the key is here", "the key is here"),
            ("MONKEY&price=1", "MONKEY&price=1"),
            (r#"["token"]"#, r#"["token"]"#),
        ] {
            assert_eq!(text(sent), kept, "{sent}");
        }
    }

    #[test]
    fn what_a_flaw_repeats_is_masked_and_the_rest_is_as_it_was_spelled() {
        for (told, kept) in [
            (
                r#"{"type":"duplicate_key","loc":["body","password"],"msg":"Field given twice","input":"abc"}"#,
                r#"{"type":"duplicate_key","loc":["body","password"],"msg":"Field given twice","input":"…"}"#,
            ),
            (
                r#"{"loc":["body"],"input":{"token":"abc","a":1.50}}"#,
                r#"{"loc":["body"],"input":{"token":"…","a":1.50}}"#,
            ),
            (r#"{"loc":["query","status"],"input":"key="}"#, r#"{"loc":["query","status"],"input":"key=…"}"#),
            (r#"{"loc":["query","status"],"input":"token=["}"#, r#"{"loc":["query","status"],"input":"token=…"}"#),
            (
                r#"{"loc":["header","idempotency-key"],"msg":"This key was used: again","input":"k"}"#,
                r#"{"loc":["header","idempotency-key"],"msg":"This key was used: again","input":"k"}"#,
            ),
            (r#"{"loc":["body"],"input":null}"#, r#"{"loc":["body"],"input":null}"#),
            (r#"{"loc":["body"],"msg":"m"}"#, r#"{"loc":["body"],"msg":"m"}"#),
        ] {
            assert_eq!(flaw(told), kept);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_a_flaw_stays_json_and_texts_stay_bounded(
            sent in "([\\\\\"'{}\\[\\],:=&;%> a\u{e9}]|token|key=|\\\\u00|\\\\n|loc){0,60}",
        ) {
            let told = serde_json::json!({"loc": ["body", "a"], "msg": "m", "input": sent}).to_string();
            let kept = flaw(&told);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&kept).is_ok(), "{}", kept);
            // A string in a string is spelled anew: each of its characters takes six at most, twice.
            prop_assert!(text(&sent).len() <= 36 * sent.len() + 9);
            prop_assert_eq!(query(&sent).matches('&').count(), sent.matches('&').count());
        }

        #[test]
        fn what_is_json_stays_json(
            name in "(api_key|token|a|loc)",
            value in "([\\\\\"'{}\\[\\],:=]|token|key){0,20}",
        ) {
            let object = serde_json::json!({"b": [value], name.as_str(): {"c": value}}).to_string();
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text(&object)).is_ok(), "{}", text(&object));
        }

        #[test]
        fn a_secret_of_an_object_is_in_no_form_of_it(
            name in "(api_key|token|Password|x-secret|ticket|my\\.token\\.prod|key:a)",
            value in "[a-z\"\\\\\u{e9}]{4,12}Q",
            other in "[a-z\"\\\\]{0,5}",
            cut in 0_usize..3,
        ) {
            let object = serde_json::json!({"a": other, name.as_str(): value, "b": 1}).to_string();
            let end = object.char_indices().rev().nth(cut * 4).map_or(object.len(), |(at, _)| at);
            let object = &object[..end];
            prop_assert!(!text(object).contains('Q'), "{}", text(object));
            let within = serde_json::json!({"loc": ["body"], "input": object}).to_string();
            prop_assert!(!flaw(&within).contains('Q'), "{}", flaw(&within));
        }
    }
}
