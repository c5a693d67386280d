//! Figures from samples: percentiles, mean, deviation.
//!
//! Owns the arithmetic. Every figure comes from the full, sorted list of
//! samples by nearest rank: nothing is interpolated or put into buckets. Reads
//! a finished `Record`; the text, the page and the JSON are made from this.

use super::clock::Micros;
use super::demand::Demand;
use super::failure::{Failure, Failures};
use super::orders::Tally;
use super::record::{Mixed as Samples, Record, Sample};

/// The percentiles of the report: heading, and hundredths of a percent.
pub(super) const PERCENTILES: [(&str, u64); 11] = [
    ("50%", 5_000),
    ("66%", 6_600),
    ("75%", 7_500),
    ("80%", 8_000),
    ("90%", 9_000),
    ("95%", 9_500),
    ("98%", 9_800),
    ("99%", 9_900),
    ("99.9%", 9_990),
    ("99.99%", 9_999),
    ("100%", 10_000),
];

/// The distribution of one thing measured.
pub(super) struct Stats {
    sorted: Vec<Micros>,
    mean: f64,
    deviation: f64,
}

impl Stats {
    /// The distribution of `values`; `None` when there are none.
    pub(super) fn of(mut values: Vec<Micros>) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        values.sort_unstable();
        let count = values.len() as f64;
        let mean = values.iter().map(|value| *value as f64).sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (*value as f64 - mean).powi(2)).sum();
        Some(Self { sorted: values, mean, deviation: (squares / count).sqrt() })
    }

    /// The smallest sample that `hundredths` of a percent of all do not exceed.
    pub(super) fn percentile(&self, hundredths: u64) -> Micros {
        let count = self.sorted.len() as u128;
        let rank = (count * u128::from(hundredths)).div_ceil(10_000).max(1);
        self.sorted[rank as usize - 1]
    }

    /// Every sample, ascending; never empty.
    pub(super) fn sorted(&self) -> &[Micros] {
        &self.sorted
    }

    /// The arithmetic mean, in microseconds.
    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation of the samples as a population, in microseconds.
    pub(super) fn deviation(&self) -> f64 {
        self.deviation
    }
}

/// The figures of a whole run; a distribution is `None` when nothing was measured.
pub(super) struct Summary {
    pub(super) posts: Option<Stats>,
    pub(super) executions: Option<Stats>,
    /// Posts and executions together.
    pub(super) aggregated: Option<Stats>,
    /// Open loop only, where the server announces `due_at`.
    pub(super) lateness: Option<Stats>,
    /// Executions before `due_at`.
    pub(super) early: u64,
    /// Orders that were placed and neither executed nor cancelled.
    pub(super) lost: u64,
    /// Executions in order of time, for the plots; of a mix, all requests.
    pub(super) course: Vec<Sample>,
    pub(super) failures: Failures,
    /// When the last reply to a POST came.
    pub(super) placing: Micros,
    /// How long the run took, the wait for the last orders included.
    pub(super) elapsed: Micros,
    /// What was asked of the run; `None` where nothing was.
    pub(super) demand: Option<Demand>,
    /// What a mix has beside; `None` where native orders alone were placed.
    pub(super) mixed: Option<Mixed>,
}

/// The figures of a mix, which has no executions that are waited for.
pub(super) struct Mixed {
    pub(super) patches: Option<Stats>,
    pub(super) replaces: Option<Stats>,
    pub(super) deletes: Option<Stats>,
    pub(super) tally: Tally,
    /// What traded, as a decimal, and of what.
    pub(super) traded: String,
    pub(super) symbol: String,
}

impl Mixed {
    /// What became of the orders, in whole lines.
    pub(super) fn sentences(&self) -> Vec<String> {
        let Tally { placed, filled, cancelled, open, too_late, unread, .. } = self.tally;
        let (replaced, at_end, partly) = (self.tally.replaced, self.tally.cancelled_at_end, self.tally.partly_filled);
        let (traded, symbol) = (&self.traded, &self.symbol);
        let mut sentences = vec![
            format!("Orders: {placed} placed, {filled} filled, {cancelled} cancelled, {open} open."),
            format!(
                "Of those cancelled {replaced} were replaced, {at_end} cancelled after the run, {partly} partly filled."
            ),
            format!("Traded: {traded} {symbol}. Too late: {too_late} requests about orders that had ended."),
        ];
        if unread > 0 {
            sentences.push(format!("How much of {unread} cancelled orders had traded is not known and not counted."));
        }
        sentences
    }
}

impl Summary {
    /// Sums up a finished run that took `elapsed`.
    pub(super) fn of(record: Record, elapsed: Micros) -> Self {
        let took = |samples: &[Sample]| samples.iter().map(|sample| sample.took).collect();
        let posts: Vec<Micros> = took(&record.posts);
        let executions: Vec<Micros> = took(&record.executions);
        let (mut course, mut changes, mut mixed) = (record.executions, Vec::new(), None);
        if let Some(Samples { patches, replaces, deletes, tally, traded, symbol }) = record.mixed {
            let kinds = [took(&patches), took(&replaces), took(&deletes)];
            changes = kinds.concat();
            let [patched, replaced, deleted] = kinds.map(Stats::of);
            course = [record.posts.as_slice(), &patches, &replaces, &deletes].concat();
            course.sort_by_key(|sample| sample.at);
            mixed = Some(Mixed { patches: patched, replaces: replaced, deletes: deleted, tally, traded, symbol });
        }
        let early = record.lateness.iter().filter(|late| **late < 0).count();
        let is_lost = |failure: &Failure| *failure != Failure::Cancelled;
        let lost = record.failures.orders().iter().filter(|(_, failure)| is_lost(failure));
        Self {
            aggregated: Stats::of([posts.as_slice(), &executions, &changes].concat()),
            posts: Stats::of(posts),
            placing: match &mixed {
                Some(_) => course.last().map_or(0, |request| request.at),
                None => record.posts.iter().map(|post| post.at).max().unwrap_or(0),
            },
            executions: Stats::of(executions),
            early: early as u64,
            lost: lost.count() as u64,
            lateness: Stats::of(record.lateness),
            course,
            failures: record.failures,
            elapsed,
            demand: None,
            mixed,
        }
    }

    /// The same, with what was asked of the run.
    pub(super) fn held_against(self, demand: Demand) -> Self {
        Self { demand: Some(demand), ..self }
    }

    /// What fell short of what was asked for, in whole lines.
    pub(super) fn shortfall(&self) -> Option<String> {
        let things = if self.mixed.is_some() { "requests" } else { "orders" };
        self.demand.as_ref().and_then(|demand| demand.shortfall(things))
    }

    /// Orders that were answered with 200.
    pub(super) fn placed(&self) -> usize {
        self.posts.as_ref().map_or(0, |stats| stats.sorted().len())
    }

    /// What was answered per second, from the start to the last reply: orders that were placed, or requests of a mix.
    pub(super) fn rate(&self) -> f64 {
        let answered = if self.mixed.is_some() { self.course.len() } else { self.placed() };
        answered as f64 * 1e6 / self.placing.max(1) as f64
    }

    /// Whether something was measured and nothing failed.
    pub(super) fn is_clean(&self) -> bool {
        let measured = if self.mixed.is_some() { &self.aggregated } else { &self.executions };
        measured.is_some() && self.failures.total() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(values: &[Micros]) -> Stats {
        Stats::of(values.to_vec()).unwrap()
    }

    #[test]
    fn a_percentile_is_the_sample_of_the_nearest_rank() {
        let hundred = stats(&(1..=100).rev().collect::<Vec<_>>());
        assert_eq!(hundred.percentile(5_000), 50);
        assert_eq!(hundred.percentile(9_900), 99);
        assert_eq!(hundred.percentile(9_990), 100);
        assert_eq!(hundred.percentile(10_000), 100);
        // A rank that is no whole number is rounded up, never interpolated.
        let five = stats(&[15, 20, 35, 40, 50]);
        assert_eq!(five.percentile(3_000), 20);
        assert_eq!(five.percentile(4_000), 20);
        assert_eq!(five.percentile(5_000), 35);
        assert_eq!(five.percentile(0), 15);
    }

    #[test]
    fn the_tail_of_many_samples_is_not_lost() {
        let many = stats(&(1..=100_000).collect::<Vec<_>>());
        assert_eq!(many.percentile(9_999), 99_990);
        assert_eq!(many.percentile(9_990), 99_900);
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_population() {
        let stats = stats(&[2, 4, 4, 4, 5, 5, 7, 9]);
        assert_eq!(stats.mean(), 5.0);
        assert_eq!(stats.deviation(), 2.0);
    }

    #[test]
    fn nothing_measured_has_no_figures_and_is_not_clean() {
        assert!(Stats::of(Vec::new()).is_none());
        let summary = Summary::of(Record::default(), 1);
        assert!(!summary.is_clean());
    }

    #[test]
    fn the_aggregate_is_of_posts_and_executions_and_not_of_lateness() {
        let mut record = Record::default();
        record.replied(0, 10);
        record.executed(0, 500);
        record.lateness = vec![-3];
        let summary = Summary::of(record, 1_000_000);
        assert_eq!(summary.aggregated.as_ref().unwrap().sorted(), [10, 500]);
        assert_eq!((summary.early, summary.lost), (1, 0));
        assert_eq!((summary.placed(), summary.rate()), (1, 100_000.0));
        assert!(summary.is_clean());
    }
}
