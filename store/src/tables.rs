//! What stands in a database; `views.rs` has what is drawn from it. docs/operating.md documents it.
//!
//! Records are JSON, so that SQL alone can read them; `record/version_3/mod.rs` says what each place in them means.

/// What has been there since version 1.
pub(crate) const MARKS: &str = "
CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE id_keys (first_number INTEGER PRIMARY KEY, id_key BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
";

/// What has been there since version 2.
pub(crate) const NAMES: &str = "
CREATE TABLE names (
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    order_number INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
";

/// What has been there since version 3.
pub(crate) const TABLES: &str = "
CREATE TABLE batches (
    first_number INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    seq_before INTEGER NOT NULL,
    accepted_before INTEGER NOT NULL,
    at INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    records TEXT NOT NULL
) STRICT;
CREATE TABLE blocks (
    first_number INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    closed_by INTEGER,
    records TEXT NOT NULL
) STRICT;
CREATE INDEX blocks_open ON blocks (first_number) WHERE closed_by IS NULL;
CREATE INDEX blocks_closed ON blocks (closed_by) WHERE closed_by IS NOT NULL;
CREATE TABLE finds (
    kind INTEGER NOT NULL,
    name ANY NOT NULL,
    first_number INTEGER NOT NULL,
    PRIMARY KEY (kind, name, first_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE listings (
    place INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE TABLE payments (
    account INTEGER NOT NULL,
    currency TEXT NOT NULL,
    paid_in TEXT NOT NULL,
    fees TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (account, currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE cash (
    account INTEGER NOT NULL,
    currency TEXT NOT NULL,
    amount TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (account, currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE positions (
    account INTEGER NOT NULL,
    symbol TEXT NOT NULL,
    lots TEXT NOT NULL,
    cost TEXT NOT NULL,
    realized TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (account, symbol)
) STRICT, WITHOUT ROWID;
CREATE TABLE trails (
    order_number INTEGER PRIMARY KEY,
    ticks INTEGER NOT NULL,
    crc INTEGER NOT NULL
) STRICT;
CREATE TABLE market (
    place INTEGER PRIMARY KEY,
    last_ticks INTEGER,
    bid_ticks INTEGER,
    bid_lots INTEGER,
    ask_ticks INTEGER,
    ask_lots INTEGER,
    status TEXT NOT NULL,
    maker_fee TEXT NOT NULL,
    taker_fee TEXT NOT NULL,
    short INTEGER NOT NULL,
    crc INTEGER NOT NULL
) STRICT;
";

/// What has been there since version 4: bars of what was traded, and rows of quotes.
pub(crate) const OF_MARKET: &str = "
CREATE TABLE bars (
    symbol TEXT NOT NULL,
    seconds INTEGER NOT NULL,
    at INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    open INTEGER NOT NULL,
    high INTEGER NOT NULL,
    low INTEGER NOT NULL,
    close INTEGER NOT NULL,
    count INTEGER NOT NULL,
    volume TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (symbol, seconds, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE quote_rows (
    symbol TEXT NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (symbol, number)
) STRICT, WITHOUT ROWID;
";

/// What has been there since version 5: rules with what they counted, and what they have in store for open orders.
pub(crate) const OF_RULES: &str = "
CREATE TABLE rules (
    place INTEGER PRIMARY KEY,
    met INTEGER NOT NULL,
    matched INTEGER NOT NULL,
    used INTEGER NOT NULL,
    version INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE TABLE plans (
    order_number INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
";
