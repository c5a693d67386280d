//! The report as one web page.
//!
//! Owns the page: figures, two plots (three with lateness), the table, the
//! failures. It needs nothing but itself: styles and pictures are inline. Made
//! from a `Summary`, with the rows of `report` and the pictures of `plot`.

use std::fmt::Write;

use super::markup::escape;
use super::plot;
use super::report::{self, Row};
use super::settings::Settings;
use super::summary::{PERCENTILES, Stats, Summary};

/// How many failed orders the page lists; the JSON has all of them.
const LISTED: usize = 200;

/// The page as one HTML document.
pub(super) fn text(summary: &Summary, settings: &Settings) -> String {
    let mut body = String::new();
    tiles(&mut body, summary);
    if let Some(shortfall) = summary.shortfall() {
        put(&mut body, format_args!("<p class=\"bad\">{}</p>\n", escape(&shortfall)));
    }
    if let Some(mixed) = &summary.mixed {
        for sentence in mixed.sentences() {
            put(&mut body, format_args!("<p>{}</p>\n", escape(&sentence)));
        }
        if let Some(stats) = &summary.aggregated {
            section(&mut body, "Response time of all requests", &histogram(stats));
            let course = plot::over_time(&summary.course, summary.elapsed, "requests over time");
            section(&mut body, "Response time over the run", &course);
        }
    }
    if let Some(stats) = &summary.executions {
        section(&mut body, "Order execution", &histogram(stats));
        let course = plot::over_time(&summary.course, summary.elapsed, "executions over time");
        section(&mut body, "Order execution over the run", &course);
    }
    if let Some(stats) = &summary.lateness {
        section(&mut body, "Lateness after due_at", &histogram(stats));
    }
    section(&mut body, "Response time percentiles, ms", &table(summary));
    if summary.failures.total() > 0 {
        section(&mut body, "Failures", &failures(summary));
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Tradepit bench: {host}</title>\n<style>\n{style}</style>\n</head>\n<body>\n\
         <h1>Tradepit bench</h1>\n<p>{host}, {started}</p>\n<p>{mode}</p>\n{body}</body>\n</html>\n",
        host = escape(&settings.host),
        started = escape(&settings.started_at),
        mode = escape(&settings.sentence()),
        style = include_str!("page.css"),
    )
}

fn section(body: &mut String, title: &str, content: &str) {
    put(body, format_args!("<section><h2>{}</h2>{content}</section>\n", escape(title)));
}

fn tiles(body: &mut String, summary: &Summary) {
    let figure = |of: fn(&Stats) -> f64| {
        let stats = if summary.mixed.is_some() { &summary.aggregated } else { &summary.executions };
        stats.as_ref().map_or("n/a".to_owned(), |stats| format!("{:.0} ms", of(stats) / 1e3))
    };
    let failed = summary.failures.total();
    let (done, rate) = match &summary.mixed {
        Some(_) => ("requests answered", "requests a second"),
        None => ("orders executed", "placed a second"),
    };
    let class = if failed > 0 { " class=\"bad\"" } else { "" };
    let tile =
        |name: &str, value: &str, class: &str| format!("<div><dt>{name}</dt><dd{class}>{}</dd></div>", escape(value));
    put(
        body,
        format_args!(
            "<dl>{}{}{}{}{}{}</dl>\n",
            tile(done, &summary.course.len().to_string(), ""),
            tile(rate, &format!("{:.0}", summary.rate()), ""),
            tile("mean", &figure(Stats::mean), ""),
            tile("standard deviation", &figure(Stats::deviation), ""),
            tile("99% within", &figure(|stats| stats.percentile(9_900) as f64), ""),
            tile("failures", &failed.to_string(), class),
        ),
    );
}

fn histogram(stats: &Stats) -> String {
    let marks = [("50%", 5_000), ("95%", 9_500), ("99%", 9_900)];
    let marks = marks.map(|(name, hundredths)| (name, stats.percentile(hundredths)));
    plot::histogram(stats.sorted(), &marks, "histogram")
}

fn table(summary: &Summary) -> String {
    let mut html = String::from("<div class=\"wide\"><table><thead><tr><th>Type</th><th class=\"name\">Name</th>");
    for (heading, _) in PERCENTILES {
        put(&mut html, format_args!("<th>{heading}</th>"));
    }
    html.push_str("<th># reqs</th></tr></thead><tbody>");
    for row in report::rows(summary) {
        table_row(&mut html, &row);
    }
    html.push_str("</tbody></table></div>");
    html
}

fn table_row(html: &mut String, row: &Row<'_>) {
    put(html, format_args!("<tr><td>{}</td><td class=\"name\">{}</td>", escape(row.kind), escape(row.name)));
    for (_, hundredths) in PERCENTILES {
        let value = row.stats.map(|stats| (row.format)(stats.percentile(hundredths)));
        put(html, format_args!("<td>{}</td>", value.as_deref().unwrap_or("–")));
    }
    let count = row.stats.map_or(0, |stats| stats.sorted().len());
    put(html, format_args!("<td>{count}</td></tr>"));
}

fn failures(summary: &Summary) -> String {
    let mut html = String::from("<table><tbody>");
    for (failure, count) in summary.failures.kinds() {
        let failure = escape(&failure.to_string());
        put(&mut html, format_args!("<tr><td>{failure}</td><td>{count}</td></tr>"));
    }
    for (id, failure) in summary.failures.orders().iter().take(LISTED) {
        let (id, failure) = (escape(&id.to_string()), escape(&failure.to_string()));
        put(&mut html, format_args!("<tr><td><code>{id}</code></td><td>{failure}</td></tr>"));
    }
    html.push_str("</tbody></table>");
    let more = summary.failures.orders().len().saturating_sub(LISTED);
    if more > 0 {
        put(&mut html, format_args!("<p>and {more} more orders</p>"));
    }
    html
}

fn put(html: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = html.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::frame::OrderId;
    use crate::instrument::Instrument;
    use crate::kind::Kind;
    use crate::orders::Tally;
    use crate::record::Record;

    #[test]
    fn what_a_server_says_cannot_become_markup() {
        let mut record = Record::default();
        let id = OrderId::new(b"<script>alert(1)</script>00000000000").unwrap();
        record.failures.add_order(id, Failure::NotExecuted);
        let page = text(&Summary::of(record, 1_000), &Settings::example());
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    }

    #[test]
    fn a_page_of_a_mix_has_its_rows_and_what_became_of_the_orders() {
        let mut record = Record::of_mix();
        record.answered(Kind::Replace, 0, 7_000);
        record.settled(Tally { placed: 3, filled: 3, ..Tally::default() }, &Instrument::example());
        let page = text(&Summary::of(record, 1_000_000), &Settings::example());
        for part in ["3 placed, 3 filled, 0 cancelled, 0 open.", "<td>REPL</td>", "requests answered"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert_eq!(page.matches("<svg").count(), 2);
    }

    #[test]
    fn a_page_has_its_plots_and_no_outside_resource() {
        let mut record = Record::default();
        record.executed(0, 550_000);
        let page = text(&Summary::of(record, 1_000_000), &Settings::example());
        assert_eq!(page.matches("<svg").count(), 2);
        for outside in ["src=", "href=", "url(", "@import", "<script"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
