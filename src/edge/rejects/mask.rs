//! What of a refused request is not kept: the values of what is named like a ticket, a token, a key, a secret, a
//! password or an authorization. `…` stands in their place.
//!
//! Texts are looked through as they are, whole or cut, JSON or a form or neither: who sends what is refused may have
//! written anything. So a little more is masked than must be.

/// What makes a name one of a secret.
const WORDS: [&str; 6] = ["ticket", "token", "key", "secret", "password", "authorization"];
/// Names of orders, which are told everywhere.
const KNOWN: [&str; 2] = ["idempotency_key", "client_order_id"];
const MASK: &str = "…";

/// A query, with the values of such parameters masked.
pub(super) fn query(query: &str) -> String {
    let masked = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() && is_secret_parameter(name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    masked.collect::<Vec<_>>().join("&")
}

fn is_secret_parameter(name: &str) -> bool {
    form_urlencoded::parse(name.as_bytes()).next().is_some_and(|(name, _)| is_secret(&name))
}

/// A body, or the beginning of one.
pub(super) fn text(text: &str) -> String {
    Masking { text, at: 0, out: String::with_capacity(text.len()), of_faults: false }.run()
}

/// What a reply said, as JSON: beside the above the `input` of a fault whose `loc` leads to such a name.
pub(super) fn faults(text: &str) -> String {
    Masking { text, at: 0, out: String::with_capacity(text.len()), of_faults: true }.run()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    !KNOWN.contains(&name.as_str()) && WORDS.iter().any(|word| name.contains(word))
}

struct Masking<'a> {
    text: &'a str,
    at: usize,
    out: String,
    of_faults: bool,
}

/// How a text in quotes begins and ends: as JSON, as JSON within a string of JSON, or as many languages do.
const QUOTES: [&str; 3] = ["\\\"", "\"", "'"];

impl Masking<'_> {
    fn run(mut self) -> String {
        let mut leads_to_secret = false;
        while self.at < self.text.len() {
            let (name, end) = self.name();
            if end == self.at {
                let next = self.rest().chars().next().map_or(1, char::len_utf8);
                self.copy_to(self.at + next);
                continue;
            }
            self.copy_to(end);
            let Some((start, name_quote)) = self.value() else { continue };
            if self.of_faults && name == "loc" {
                let list = &self.text[start..self.end_of(start, "\"")];
                leads_to_secret = list.split('"').any(is_secret);
            } else if is_secret(&name) || (leads_to_secret && name == "input") {
                self.copy_to(start);
                self.mask(name_quote);
            }
        }
        self.out
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.text[self.at..end]);
        self.at = end;
    }

    /// The name that stands here, with the escapes of JSON read, and where it ends: here where there is none.
    fn name(&self) -> (String, usize) {
        let (mut name, mut at) = (String::new(), self.at);
        loop {
            let rest = &self.text[at..];
            let (next, length) = match rest.strip_prefix("\\u").and_then(|rest| rest.get(..4)) {
                Some(digits) => (u32::from_str_radix(digits, 16).ok().and_then(char::from_u32), 6),
                None => (rest.chars().next(), 1),
            };
            match next.filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
                Some(character) => name.push(character),
                None => return (name, at),
            }
            at += length;
        }
    }

    /// Where the value of the name that ends here begins, and how the name was quoted; `None` where it has none.
    fn value(&self) -> Option<(usize, &'static str)> {
        let quote = QUOTES.into_iter().find(|quote| self.rest().starts_with(quote)).unwrap_or("");
        let after = self.spaces(self.at + quote.len());
        let after = self.text[after..].starts_with([':', '=']).then_some(after + 1)?;
        Some((self.spaces(after), quote))
    }

    /// Where what is not space begins; a string of JSON spells spaces by escapes.
    fn spaces(&self, mut at: usize) -> usize {
        loop {
            let rest = &self.text[at..];
            let is_escape = ["\\n", "\\r", "\\t"].iter().any(|escape| rest.starts_with(escape));
            match rest.chars().next() {
                Some(' ' | '\t' | '\n' | '\r') => at += 1,
                _ if is_escape => at += 2,
                _ => return at,
            }
        }
    }

    /// Puts the mask where the value that stands here was.
    fn mask(&mut self, name_quote: &str) {
        let rest = self.rest();
        let quote = QUOTES.into_iter().find(|quote| rest.starts_with(quote));
        if name_quote == "\\\"" && quote == Some("\"") {
            // The string that all this stands in ends here.
            return;
        }
        let end = match quote {
            Some(quote) => self.end_of_quoted(self.at + quote.len(), quote),
            None => self.end_of(self.at, if name_quote.is_empty() { "\"" } else { name_quote }),
        };
        if end == self.at {
            return;
        }
        let quote = quote.unwrap_or(name_quote);
        self.out.extend([quote, MASK, quote]);
        self.at = end;
    }

    /// Behind the quote that ends a text; at the end of all where it does not, or before the quote of the string that
    /// it stands in.
    fn end_of_quoted(&self, mut at: usize, quote: &str) -> usize {
        loop {
            let rest = &self.text[at..];
            if rest.starts_with(quote) {
                return at + quote.len();
            }
            at += match rest.chars().next() {
                None => return at,
                Some('"') if quote == "\\\"" => return at,
                // Within a string of JSON a backslash is two, and so is what it escapes.
                Some('\\') if quote == "\\\"" && rest.starts_with("\\\\\\") => 4.min(rest.len()),
                Some('\\') => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
                Some(character) => character.len_utf8(),
            };
            while !self.text.is_char_boundary(at) {
                at += 1;
            }
        }
    }

    /// Where a value without quotes ends: a list or an object with its last bracket, all else before what divides.
    fn end_of(&self, mut at: usize, quote: &str) -> usize {
        let mut depth = 0_usize;
        while let Some(character) = self.text[at..].chars().next() {
            if depth > 0 && self.text[at..].starts_with(quote) {
                at = self.end_of_quoted(at + quote.len(), quote);
                continue;
            }
            match character {
                '[' | '{' => depth += 1,
                ']' | '}' if depth == 1 => return at + 1,
                ']' | '}' if depth > 1 => depth -= 1,
                '"' | '\'' | '\\' | ',' | '&' | ';' | ']' | '}' | '\n' | '\r' if depth == 0 => return at,
                '"' if quote == "\\\"" => return at,
                _ => {}
            }
            at += character.len_utf8();
        }
        at
    }
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
            (r#"{"pass\u0077ord" : "abc"}"#, r#"{"pass\u0077ord" : "…"}"#),
            (r#"{"password": "cut o"#, r#"{"password": "…""#),
            (r#"{"password": "cut \"#, r#"{"password": "…""#),
            (r#"{"password": [1, "#, r#"{"password": "…""#),
            (r#"{"idempotency_key":"k","client_order_id":"c"}"#, r#"{"idempotency_key":"k","client_order_id":"c"}"#),
            ("token=abc&stoks=A", "token=…&stoks=A"),
            ("{'token': 'a\\'b', 'x': 1}", "{'token': '…', 'x': 1}"),
            ("Authorization: Bearer abc\nx: y", "Authorization: …\nx: y"),
            ("{token: abc, x: 1}", "{token: …, x: 1}"),
            ("token", "token"),
            ("the key is here", "the key is here"),
            (r#"["token"]"#, r#"["token"]"#),
        ] {
            assert_eq!(text(sent), kept, "{sent}");
        }
    }

    #[test]
    fn what_a_fault_repeats_is_masked_too() {
        let of_loc = r#"[{"type":"duplicate_key","loc":["body","password"],"msg":"Field given twice","input":"abc"},"#;
        let all = format!(r#"{of_loc}{{"type":"x","loc":["body","quantity"],"input":"abc"}}]"#);
        assert_eq!(faults(&all), all.replacen(r#""abc""#, r#""…""#, 1));
        for (said, kept) in [
            (
                r#"[{"loc":["body"],"input":{"token":"abc","a":1}}]"#,
                r#"[{"loc":["body"],"input":{"token":"…","a":1}}]"#,
            ),
            (
                r#"[{"loc":["body"],"input":"{\"token\": \"a\\\"bc\", \"a\": \"cut"}]"#,
                r#"[{"loc":["body"],"input":"{\"token\": \"…\", \"a\": \"cut"}]"#,
            ),
            (
                r#"[{"loc":["body"],"input":"{\"token\":\n \"abc cut"},{"a":1}]"#,
                r#"[{"loc":["body"],"input":"{\"token\":\n \"…\""},{"a":1}]"#,
            ),
            (r#"[{"input":"{\"token\":"},{"a":1}]"#, r#"[{"input":"{\"token\":"},{"a":1}]"#),
            (r#"[{"input":"{\"token\":[1,{\"a\":\"]\"}],\"b\":1}"}]"#, r#"[{"input":"{\"token\":\"…\",\"b\":1}"}]"#),
            (r#"[{"input":"{\"token\":123"},{"a":1}]"#, r#"[{"input":"{\"token\":\"…\""},{"a":1}]"#),
            (
                r#"[{"loc":["header","idempotency-key"],"msg":"This key was used","input":"k"}]"#,
                r#"[{"loc":["header","idempotency-key"],"msg":"This key was used","input":"k"}]"#,
            ),
            (r#""Not Found""#, r#""Not Found""#),
        ] {
            assert_eq!(faults(said), kept, "{said}");
            serde_json::from_str::<serde_json::Value>(&faults(said)).expect("it is JSON still");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_through(sent in "([\\\\\"'{}\\[\\],:=& a\u{e9}]|token|\\\\u00|\\\\n){0,40}") {
            let (masked, faults) = (text(&sent), faults(&sent));
            prop_assert!(masked.len() <= 3 * sent.len() + 9 && faults.len() <= 3 * sent.len() + 9);
            prop_assert_eq!(query(&sent).matches('&').count(), sent.matches('&').count());
        }

        #[test]
        fn a_secret_of_an_object_is_in_no_form_of_it(
            name in "(api_key|token|Password|x-secret|ticket)", value in "[a-z\"\\\\\u{e9}]{4,12}Q", other in "[a-z\"\\\\]{0,5}",
        ) {
            let object = serde_json::json!({"a": other, name.as_str(): value, "b": 1}).to_string();
            prop_assert!(!text(&object).contains('Q'), "{}", text(&object));
            let within = serde_json::json!([{"loc": ["body"], "input": object}]).to_string();
            prop_assert!(!faults(&within).contains('Q'), "{}", faults(&within));
            serde_json::from_str::<serde_json::Value>(&faults(&within)).expect("it is JSON still");
        }
    }
}
