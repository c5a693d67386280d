//! Text within markup: of the page, and of its plots.
//!
//! What a server or a user said passes here before it stands in either.

/// Text as it may stand between tags and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn the_five_characters_of_markup_are_escaped() {
        assert_eq!(escape(r#"<a href="x">'&amp;'</a>"#), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;");
        assert_eq!(escape("1d70aeaa µs"), "1d70aeaa µs");
    }
}
