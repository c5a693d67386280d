//! How many requests an account may make: so many in a time, and as many at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tradepit_engine::AccountNumber;

/// More than any machine answers.
const COUNT_AT_MOST: u32 = 1_000_000;

/// So many in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// After so long there is room for one more.
    each: Duration,
    count: u32,
}

/// When the requests of each account, one after the other, will have had their time: as many as a venue has accounts.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<HashMap<AccountNumber, Instant>>);

impl Rate {
    /// Reads `10/s`, `600/m` or `5000/h`.
    pub(crate) fn parse(text: &str) -> Result<Rate, String> {
        let wrong =
            || format!("'{text}' is no rate: write a number from 1 to {COUNT_AT_MOST} and s, m or h, as in 10/s");
        let (count, unit) = text.split_once('/').ok_or_else(wrong)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => return Err(wrong()),
        };
        let is_number = !count.is_empty() && count.bytes().all(|digit| digit.is_ascii_digit());
        let count: u32 =
            count.parse().ok().filter(|count| is_number && (1..=COUNT_AT_MOST).contains(count)).ok_or_else(wrong)?;
        Ok(Rate { each: Duration::from_secs(seconds) / count, count })
    }
}

impl Buckets {
    /// The same, as far as they are full by now.
    pub(super) fn copied(&self) -> Buckets {
        Buckets(Mutex::new(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    /// One more request of this account; how long until there is room for it, where there is none now.
    pub(super) fn take(&self, rate: Rate, account: AccountNumber, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let had_by = buckets.entry(account).or_insert(now);
        let has_by = (*had_by).max(now) + rate.each;
        let burst = rate.each * rate.count;
        match (has_by - now).checked_sub(burst) {
            Some(over) if !over.is_zero() => Err(over),
            _ => {
                *had_by = has_by;
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradepit_actors::Clock;

    #[test]
    fn a_rate_is_a_number_in_a_time() {
        assert_eq!(Rate::parse("10/s"), Ok(Rate { each: Duration::from_millis(100), count: 10 }));
        assert_eq!(Rate::parse("2/m"), Ok(Rate { each: Duration::from_secs(30), count: 2 }));
        assert_eq!(Rate::parse("1/h"), Ok(Rate { each: Duration::from_secs(3_600), count: 1 }));
        for text in ["", "10", "10/d", "0/s", "1000001/s", "-1/s", "+1/s", "1.5/s", "/s", "10/s/s"] {
            assert!(Rate::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_burst_of_as_many_is_let_through_and_then_one_each_time() {
        let (buckets, rate, begun) = (Buckets::default(), Rate::parse("4/s").expect("a rate"), Clock::monotonic());
        let take = |account, after_ms| buckets.take(rate, account, begun + Duration::from_millis(after_ms));
        assert!((0..4).all(|_| take(7, 0).is_ok()));
        assert_eq!(take(7, 0), Err(Duration::from_millis(250)));
        assert_eq!(take(7, 100), Err(Duration::from_millis(150)), "who is refused loses nothing");
        assert_eq!(take(8, 100), Ok(()), "each account by itself");
        assert_eq!((take(7, 250), take(7, 250)), (Ok(()), Err(Duration::from_millis(250))));
        assert!((0..4).all(|_| take(7, 60_000).is_ok()));
        assert!(take(7, 60_000).is_err(), "no more than a burst is saved");
    }
}
