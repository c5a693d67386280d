//! `--instruments FILE`: what is listed at first, beside what is built in or in place of it. TOML:
//!
//! ```toml
//! built_in = false          # leaves out what is built in; true where nothing is said
//!
//! [[instrument]]
//! symbol = "ACME"
//! class = "equity"          # equity, forex, crypto
//! quote = "USD"             # the currency in which it is paid
//! tick = "0.01"             # prices are multiples of this
//! lot = "1"                 # quantities are multiples of this
//! reference_price = "12.50"
//! # And where they are otherwise: base (the symbol, or what stands before its slash, or in a pair before its quote),
//! # min_quantity (a lot), max_quantity (1000000000), maker_fee and taker_fee ("0", a part of the worth), short (true),
//! # hours ("always", "nyse"; of an equity as `--hours` says).
//! ```
//!
//! Decimals are strings, or whole numbers: a float would not be what was written.

use std::fs;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{self, Deserializer};
use tradepit_engine::{Class, Decimal, Hours, Instrument, InvalidListing, Listing, Symbol, built_in};

/// What is listed at first.
#[derive(Clone, Debug)]
pub struct Listings {
    pub(crate) all: Arc<[Listing]>,
    /// Those that say when they trade.
    with_hours: Arc<[Symbol]>,
}

impl Default for Listings {
    /// What is built in.
    fn default() -> Listings {
        Listings { all: built_in().collect(), with_hours: Arc::new([]) }
    }
}

impl Listings {
    /// These, and others beside them or in place of those of the same symbol, each with whether it says when it trades.
    pub(crate) fn with(&self, others: impl IntoIterator<Item = (Listing, bool)>) -> Listings {
        let (mut all, mut with_hours) = (self.all.to_vec(), self.with_hours.to_vec());
        for (listing, says_hours) in others {
            with_hours.retain(|symbol| *symbol != listing.symbol);
            with_hours.extend(says_hours.then_some(listing.symbol));
            put(&mut all, listing);
        }
        Listings { all: all.into(), with_hours: with_hours.into() }
    }

    /// All, where equities that do not say when they trade have these hours.
    pub(crate) fn with_hours(&self, hours: Hours) -> Vec<Listing> {
        let listed = |listing: &Listing| {
            let says = listing.class != Class::Equity || self.with_hours.contains(&listing.symbol);
            if says { *listing } else { Listing { hours, ..*listing } }
        };
        self.all.iter().map(listed).collect()
    }
}

/// Reads such a file, by its path.
pub(super) fn read_listings(path: &str) -> Result<Listings, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("it cannot be read: {error}"))?;
    listings_of(&text)
}

fn listings_of(text: &str) -> Result<Listings, String> {
    let file: File = toml::from_str(text).map_err(|error| format!("\n{error}"))?;
    let mut listings: Vec<Listing> = if file.built_in { built_in().collect() } else { Vec::new() };
    let (mut symbols, mut with_hours) = (Vec::new(), Vec::new());
    for entry in file.instrument {
        with_hours.extend(entry.hours.map(|_| entry.symbol));
        let listing = entry.listing();
        let symbol = listing.symbol;
        if symbols.contains(&symbol) {
            return Err(format!("{} stands there twice", symbol.as_str()));
        }
        symbols.push(symbol);
        Instrument::new(listing).map_err(|wrong| wrong_of(symbol, &wrong))?;
        put(&mut listings, listing);
    }
    Ok(Listings { all: listings.into(), with_hours: with_hours.into() })
}

/// Beside the others, or in place of that of the same symbol.
fn put(listings: &mut Vec<Listing>, listing: Listing) {
    match listings.iter_mut().find(|known| known.symbol == listing.symbol) {
        Some(known) => *known = listing,
        None => listings.push(listing),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "yes")]
    built_in: bool,
    #[serde(default)]
    instrument: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(deserialize_with = "symbol")]
    symbol: Symbol,
    class: EntryClass,
    #[serde(default, deserialize_with = "symbol_if_given")]
    base: Option<Symbol>,
    #[serde(deserialize_with = "symbol")]
    quote: Symbol,
    tick: Number,
    lot: Number,
    reference_price: Number,
    min_quantity: Option<Number>,
    max_quantity: Option<Number>,
    maker_fee: Option<Number>,
    taker_fee: Option<Number>,
    #[serde(default = "yes")]
    short: bool,
    hours: Option<EntryHours>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EntryClass {
    Equity,
    Forex,
    Crypto,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EntryHours {
    Always,
    Nyse,
}

/// A decimal, as it was written.
struct Number(Decimal);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a decimal as a string, or a whole number")]
        enum Spelled {
            Text(String),
            Whole(u64),
        }
        let text = match Spelled::deserialize(deserializer)? {
            Spelled::Text(text) => text,
            Spelled::Whole(number) => number.to_string(),
        };
        let wrong =
            || de::Error::custom(format!("{text:?} is no decimal as JSON spells numbers, or has too many digits"));
        Decimal::parse(&text).map(Number).map_err(|_| wrong())
    }
}

fn yes() -> bool {
    true
}

fn symbol<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Symbol, D::Error> {
    let text = String::deserialize(deserializer)?;
    Symbol::new(&text).map_err(|_| {
        let most = Symbol::MAX_LEN;
        de::Error::custom(format!("{text:?} is no symbol: 1 to {most} letters, digits and . / _ -"))
    })
}

fn symbol_if_given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Symbol>, D::Error> {
    symbol(deserializer).map(Some)
}

impl Entry {
    fn listing(self) -> Listing {
        let number = |number: Option<Number>| number.map(|Number(number)| number);
        let class = match self.class {
            EntryClass::Equity => Class::Equity,
            EntryClass::Forex => Class::Forex,
            EntryClass::Crypto => Class::Crypto,
        };
        Listing {
            symbol: self.symbol,
            class,
            base: self.base.unwrap_or_else(|| Listing::base_of(class, self.symbol, self.quote)),
            quote: self.quote,
            tick: self.tick.0,
            lot: self.lot.0,
            min_quantity: number(self.min_quantity),
            max_quantity: number(self.max_quantity),
            reference_price: self.reference_price.0,
            maker_fee: number(self.maker_fee).unwrap_or(Decimal::ZERO),
            taker_fee: number(self.taker_fee).unwrap_or(Decimal::ZERO),
            short: self.short,
            hours: match self.hours {
                None | Some(EntryHours::Always) => Hours::Always,
                Some(EntryHours::Nyse) => Hours::Nyse,
            },
        }
    }
}

fn wrong_of(symbol: Symbol, wrong: &[InvalidListing]) -> String {
    let said: Vec<&str> = wrong.iter().map(|wrong| words(*wrong)).collect();
    format!("{}: {}", symbol.as_str(), said.join("; "))
}

/// What a listing has wrong, in words.
fn words(wrong: InvalidListing) -> &'static str {
    match wrong {
        InvalidListing::Tick => "tick should be greater than 0, with nine digits at most",
        InvalidListing::Lot => "lot should be greater than 0, with nine digits at most, and 1 a multiple of it",
        InvalidListing::Steps => "tick and lot should have at most 12 decimals together",
        InvalidListing::ReferencePrice => {
            "reference_price should be a multiple of the tick, greater than 0 and not too large"
        }
        InvalidListing::MinQuantity => "min_quantity should be a multiple of the lot, greater than 0",
        InvalidListing::MaxQuantity => "max_quantity should be a multiple of the lot, not less than min_quantity",
        InvalidListing::Fee => "maker_fee and taker_fee should be from 0 to 1, with at most 12 decimals",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: &str =
        "[[instrument]]\nsymbol = \"ACME\"\nclass = \"equity\"\nquote = \"USD\"\ntick = \"0.01\"\nlot = 1\n";

    fn refused(text: &str) -> String {
        listings_of(text).expect_err("it is wrong")
    }

    #[test]
    fn what_is_listed_stands_beside_what_is_built_in_or_in_place_of_it() {
        let all = listings_of(&format!("{ACME}reference_price = \"12.50\"")).expect("it is right").all;
        assert_eq!(all.len(), Listings::default().all.len() + 1);
        let acme = all.last().expect("it is there");
        assert_eq!((acme.symbol.as_str(), acme.base.as_str(), acme.short), ("ACME", "ACME", true));
        let dear = r#"
            [[instrument]]
            symbol = "BTC/USD"
            class = "crypto"
            quote = "USD"
            tick = 1
            lot = "0.1"
            reference_price = 100000
            taker_fee = "0.001"
            hours = "nyse"
            short = false
        "#;
        let all = listings_of(dear).expect("it is right").all;
        assert_eq!(all.len(), Listings::default().all.len(), "it replaces one");
        let alone = listings_of(&format!("built_in = false\n{dear}")).expect("it is right").all;
        assert_eq!((alone.len(), alone[0].base.as_str(), alone[0].short), (1, "BTC", false));
        assert!(listings_of("built_in = false").expect("it is right").all.is_empty());
    }

    #[test]
    fn an_equity_that_does_not_say_when_it_trades_has_the_hours_of_all() {
        let file = "built_in = false\n".to_owned()
            + ACME
            + "reference_price = 5\n"
            + &ACME.replace("ACME", "ALL")
            + "reference_price = 5\nhours = \"always\"\n"
            + &ACME.replace("ACME", "A/B").replace("equity", "crypto")
            + "reference_price = 5";
        let listed = listings_of(&file).expect("it is right").with_hours(Hours::Nyse);
        let hours: Vec<_> = listed.iter().map(|listing| listing.hours).collect();
        assert_eq!(hours, [Hours::Nyse, Hours::Always, Hours::Always]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, said) in [
            ("x = 1", "unknown field `x`"),
            (ACME, "missing field `reference_price`"),
            (&format!("{ACME}reference_price = 12.5"), "expected a decimal as a string, or a whole number"),
            (&format!("{ACME}reference_price = \"12,5\""), "\"12,5\" is no decimal"),
            (&format!("{ACME}reference_price = \"12.505\""), "ACME: reference_price should be a multiple of the tick"),
            (&format!("{ACME}reference_price = 5\nmaker_fee = 2"), "ACME: maker_fee and taker_fee should be"),
            (&format!("{ACME}reference_price = 5\n{ACME}reference_price = 5"), "ACME stands there twice"),
            (&ACME.replace("ACME", "A B"), "\"A B\" is no symbol"),
            (&ACME.replace("equity", "share"), "unknown variant `share`"),
        ] {
            let told = refused(text);
            assert!(told.contains(said), "{text}: {told}");
        }
        assert!(refused("\n\nx = 1").contains("line 3"), "{}", refused("\n\nx = 1"));
        assert!(read_listings("no/such/file").expect_err("it is not there").starts_with("it cannot be read: "));
    }
}
