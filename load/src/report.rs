//! The report on the terminal.
//!
//! Owns its exact text: scripts read the table and the two last lines. Made
//! from a `Summary`; `page` shows the same rows.

use std::fmt::Write;

use super::clock::Micros;
use super::kind::Kind;
use super::summary::{PERCENTILES, Stats, Summary};

/// How many failed orders are listed by id; the JSON has all of them.
const LISTED: usize = 20;

/// One row of the table: its type and name, how its values are written, and the values.
pub(super) struct Row<'a> {
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) format: fn(Micros) -> String,
    pub(super) stats: Option<&'a Stats>,
}

/// The rows of the table; `late` adds the lateness.
pub(super) fn rows(summary: &Summary) -> Vec<Row<'_>> {
    let row = |kind, name, stats| Row { kind, name, format: coarse, stats };
    if let Some(mixed) = &summary.mixed {
        return vec![
            row(Kind::Post.name(), "/orders", summary.posts.as_ref()),
            row(Kind::Patch.name(), "/orders/{id}", mixed.patches.as_ref()),
            row(Kind::Replace.name(), "/orders/{id}/replace", mixed.replaces.as_ref()),
            row(Kind::Delete.name(), "/orders/{id}", mixed.deletes.as_ref()),
            row("", "Aggregated", summary.aggregated.as_ref()),
        ];
    }
    let mut rows = vec![
        row("POST", "/orders/", summary.posts.as_ref()),
        row("WSR", "EXECUTED msg received", summary.executions.as_ref()),
        row("", "Aggregated", summary.aggregated.as_ref()),
    ];
    if summary.lateness.is_some() {
        rows.push(Row { kind: "LATE", name: "after due_at", format: fine, stats: summary.lateness.as_ref() });
    }
    rows
}

/// The whole report; `open` tells that the run was an open loop.
pub(super) fn text(summary: &Summary, open: bool) -> String {
    let mut out = String::new();
    let (placed, executed) = (summary.placed(), summary.course.len());
    let (seconds, rate) = (summary.placing as f64 / 1e6, summary.rate());
    match &summary.mixed {
        Some(mixed) => {
            line(&mut out, format_args!("{executed} requests answered in {seconds:.1} s ({rate:.0}/s)."));
            for sentence in mixed.sentences() {
                line(&mut out, format_args!("{sentence}"));
            }
        }
        None => {
            line(
                &mut out,
                format_args!("{placed} orders placed in {seconds:.1} s ({rate:.0}/s), {executed} executed."),
            );
        }
    }
    if let Some(shortfall) = summary.shortfall() {
        line(&mut out, format_args!("{shortfall}"));
    }
    failures(&mut out, summary);
    table(&mut out, &rows(summary));
    if summary.mixed.is_some() {
        return out;
    }
    if open {
        lateness(&mut out, summary);
    }
    let executions = summary.executions.as_ref();
    let whole = |figure: fn(&Stats) -> f64| {
        executions.map_or("n/a".to_owned(), |stats| format!("{:.0}ms", figure(stats) / 1e3))
    };
    line(&mut out, format_args!("Standard deviation is - {}", whole(Stats::deviation)));
    line(&mut out, format_args!("Average order execution is - {}", whole(Stats::mean)));
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{text}");
}

fn failures(out: &mut String, summary: &Summary) {
    let failures = &summary.failures;
    if failures.total() == 0 {
        let verdict = if summary.is_clean() { "No failures." } else { "Nothing was measured." };
        return line(out, format_args!("{verdict}\n"));
    }
    line(out, format_args!("Failures: {}", failures.total()));
    for (failure, count) in failures.kinds() {
        line(out, format_args!("{count:>8}  {failure}"));
    }
    if !failures.orders().is_empty() {
        let title = if summary.mixed.is_some() { "Orders not as asked for:" } else { "Orders never seen executed:" };
        line(out, format_args!("{title}"));
    }
    for (id, failure) in failures.orders().iter().take(LISTED) {
        line(out, format_args!("  {id}  {failure}"));
    }
    let more = failures.orders().len().saturating_sub(LISTED);
    if more > 0 {
        line(out, format_args!("  and {more} more (--json lists them all)"));
    }
    out.push('\n');
}

fn table(out: &mut String, rows: &[Row<'_>]) {
    line(out, format_args!("Response time percentiles"));
    let mut head = format!("{:<8} {:<24}", "Type", "Name");
    let mut rule = format!("{}|{}", "-".repeat(8), "-".repeat(26));
    for (heading, _) in PERCENTILES.iter().chain([&("# reqs", 0)]) {
        let _ = write!(head, " {heading:>6}");
        rule.push_str("|------");
    }
    line(out, format_args!("{head}\n{rule}"));
    for row in rows {
        let mut cells = format!("{:<8} {:<24}", row.kind, row.name);
        for (_, hundredths) in PERCENTILES {
            let value = row.stats.map(|stats| (row.format)(stats.percentile(hundredths)));
            let _ = write!(cells, " {:>6}", value.as_deref().unwrap_or("-"));
        }
        let count = row.stats.map_or(0, |stats| stats.sorted().len());
        line(out, format_args!("{cells} {count:>6}"));
    }
}

fn lateness(out: &mut String, summary: &Summary) {
    let (early, lost) = (summary.early, summary.lost);
    match summary.lateness {
        Some(_) => line(out, format_args!("Executed early: {early}, lost: {lost}")),
        None => line(out, format_args!("Lateness unknown: the server's replies announce no due_at. Lost: {lost}")),
    }
}

/// Milliseconds: whole ones, and under 10 ms with a decimal.
pub(super) fn coarse(time: Micros) -> String {
    // Rounded first: 9.96 ms is not to read as 10.0.
    let tenths = (time + 50).div_euclid(100);
    if tenths < 100 {
        format!("{}.{}", tenths.div_euclid(10), tenths.rem_euclid(10))
    } else {
        format!("{}", (time + 500).div_euclid(1000))
    }
}

/// Milliseconds to the microsecond, as far as six characters hold it.
pub(super) fn fine(time: Micros) -> String {
    let text = format!("{:.3}", time as f64 / 1e3);
    if text.len() <= 6 {
        return text;
    }
    let whole = text.find('.').unwrap_or(text.len());
    format!("{:.*}", 5_usize.saturating_sub(whole), time as f64 / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::frame::OrderId;
    use crate::instrument::Instrument;
    use crate::orders::Tally;
    use crate::record::Record;

    fn record() -> Record {
        let mut record = Record::default();
        for order in 1..=100 {
            record.replied(0, order * 20);
            record.executed(0, order * 10_000);
        }
        record
    }

    #[test]
    fn the_report_reads_exactly_so() {
        let text = text(&Summary::of(record(), 1_000_000), false);
        let expected = "\
100 orders placed in 0.0 s (50000/s), 100 executed.
No failures.

Response time percentiles
Type     Name                        50%    66%    75%    80%    90%    95%    98%    99%  99.9% 99.99%   100% # reqs
--------|--------------------------|------|------|------|------|------|------|------|------|------|------|------|------
POST     /orders/                    1.0    1.3    1.5    1.6    1.8    1.9    2.0    2.0    2.0    2.0    2.0    100
WSR      EXECUTED msg received       500    660    750    800    900    950    980    990   1000   1000   1000    100
         Aggregated                  2.0    320    500    600    800    900    960    980   1000   1000   1000    200
Standard deviation is - 289ms
Average order execution is - 505ms
";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_report_of_a_mix_has_a_row_for_each_kind_and_says_what_became_of_the_orders() {
        let mut record = Record::of_mix();
        let kinds = [Kind::Post, Kind::Patch, Kind::Post, Kind::Replace, Kind::Delete];
        for (request, kind) in (1..).zip(kinds.into_iter().cycle().take(100)) {
            record.answered(kind, 0, request * 1_000);
        }
        let tally = Tally {
            placed: 60,
            filled: 25,
            cancelled: 35,
            replaced: 15,
            cancelled_at_end: 3,
            partly_filled: 2,
            open: 0,
            too_late: 5,
            unread: 0,
            traded: 1_234,
        };
        record.settled(tally, &Instrument::example());
        let text = text(&Summary::of(record, 1_000_000), true);
        let expected = "\
100 requests answered in 0.1 s (1000/s).
Orders: 60 placed, 25 filled, 35 cancelled, 0 open.
Of those cancelled 15 were replaced, 3 cancelled after the run, 2 partly filled.
Traded: 1234 EURUSD. Too late: 5 requests about orders that had ended.
No failures.

Response time percentiles
Type     Name                        50%    66%    75%    80%    90%    95%    98%    99%  99.9% 99.99%   100% # reqs
--------|--------------------------|------|------|------|------|------|------|------|------|------|------|------|------
POST     /orders                      48     66     73     78     88     93     98     98     98     98     98     40
PATCH    /orders/{id}                 47     67     72     77     87     92     97     97     97     97     97     20
REPL     /orders/{id}/replace         49     69     74     79     89     94     99     99     99     99     99     20
DEL      /orders/{id}                 50     70     75     80     90     95    100    100    100    100    100     20
         Aggregated                   50     66     75     80     90     95     98     99    100    100    100    100
";
        assert_eq!(text, expected);
    }

    #[test]
    fn lateness_is_a_row_of_its_own_to_the_microsecond() {
        let mut record = record();
        record.lateness = vec![-12, 583, 123_456];
        let text = text(&Summary::of(record, 1_000_000), true);
        let expected = "\
LATE     after due_at              0.583  0.583 123.46 123.46 123.46 123.46 123.46 123.46 123.46 123.46 123.46      3
Executed early: 1, lost: 0
Standard";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn an_unannounced_due_time_is_said_and_no_row() {
        let text = text(&Summary::of(record(), 1_000_000), true);
        assert!(text.contains("\nLateness unknown: "), "{text}");
        assert!(!text.contains("LATE "), "{text}");
    }

    #[test]
    fn failures_stand_first_and_the_list_of_orders_is_bounded() {
        let mut record = record();
        record.failures.add(Failure::Status(Kind::Post, 503), 7);
        for digit in 0..22 {
            let id = OrderId::new(&[b'a' + digit; 36]).unwrap();
            record.failures.add_order(id, Failure::NotExecuted);
        }
        let text = text(&Summary::of(record, 1_000_000), false);
        let head = "\
100 orders placed in 0.0 s (50000/s), 100 executed.
Failures: 29
       7  POST answered with 503
      22  order not executed in time
Orders never seen executed:
  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  order not executed in time
";
        assert!(text.starts_with(head), "{text}");
        let id = |letter: &str| text.contains(&letter.repeat(36));
        assert!(id("t") && !id("u"), "{text}");
        assert!(text.contains("\n  and 2 more (--json lists them all)\n\nResponse"), "{text}");
    }

    #[test]
    fn nothing_measured_is_a_dash_not_a_zero() {
        let text = text(&Summary::of(Record::default(), 1_000_000), false);
        assert!(text.contains("\nNothing was measured.\n"), "{text}");
        assert!(text.contains("POST     /orders/                      -      -"), "{text}");
        assert!(text.ends_with("Average order execution is - n/a\n"), "{text}");
    }

    #[test]
    fn numbers_keep_to_six_characters() {
        assert_eq!(coarse(40), "0.0");
        assert_eq!(coarse(9_949), "9.9");
        assert_eq!(coarse(9_950), "10");
        assert_eq!(coarse(10_499), "10");
        assert_eq!(coarse(550_500), "551");
        assert_eq!(fine(583), "0.583");
        assert_eq!(fine(-583), "-0.583");
        assert_eq!(fine(99_999), "99.999");
        assert_eq!(fine(100_000), "100.00");
        assert_eq!(fine(12_345_678), "12346");
        assert_eq!(fine(-12_346), "-12.35");
    }
}
