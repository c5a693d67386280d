//! What is drawn from the tables for whoever looks with sqlite3: `orders` as the API shows them, `events`,
//! `instruments`. docs/operating.md documents them.
//!
//! Nothing here reads them, and nothing stands in them alone: where a folder has those of another build, they are made
//! anew by its first start. `record/version_3/mod.rs` says what each place in a record means.

use rusqlite::Connection;

use crate::damage::Read;
use crate::stamp::Stamp;
use crate::tables::{MARKS, NAMES, OF_MARKET, OF_RULES, TABLES};

/// The changes in the rows of `batches` that this clause takes, each with its numbers.
macro_rules! told {
    ($which:literal) => {
        concat!(
            "SELECT b.first_number - 1 + sum(iif(r.value ->> 0 = 3, 2, 1)) OVER so_far AS number,
        b.seq_before + sum(CASE r.value ->> 0 WHEN 4 THEN 0 WHEN 5 THEN r.value ->> 6 = 'closes' WHEN 7 THEN 0
            WHEN 8 THEN 0 WHEN 9 THEN 0 WHEN 10 THEN 0 WHEN 11 THEN 0 WHEN 12 THEN 0 WHEN 14 THEN 0
            WHEN 15 THEN 0 WHEN 16 THEN 0 ELSE 1 END)
            OVER so_far AS seq,
        b.at + (r.value ->> 1) AS at, r.value ->> 0 AS kind, r.value AS record
    FROM batches b, json_each(b.records) r",
            $which,
            "
    WINDOW so_far AS (PARTITION BY b.first_number ORDER BY r.key ROWS UNBOUNDED PRECEDING)"
        )
    };
}

/// An id that stands in a record, or null, as the API shows it.
macro_rules! uuid {
    ($id:literal) => {
        concat!(
            "iif(",
            $id,
            " IS NULL, NULL, format('%s-%s-%s-%s-%s', substr(",
            $id,
            ", 1, 8), substr(",
            $id,
            ", 9, 4), substr(",
            $id,
            ", 13, 4), substr(",
            $id,
            ", 17, 4), substr(",
            $id,
            ", 21)))"
        )
    };
}

/// A time, or null, as the API shows it.
macro_rules! time {
    ($at:literal) => {
        concat!(
            "strftime('%Y-%m-%dT%H:%M:%S', ",
            $at,
            " / 1000000, 'unixepoch') || format('.%06dZ', ",
            $at,
            " % 1000000)"
        )
    };
}

/// All of them.
pub(crate) const VIEWS: &str = concat!(
    "
CREATE VIEW instruments AS
SELECT place,
    record ->> 0 AS symbol,
    record ->> 1 AS class,
    record ->> 2 AS base,
    record ->> 3 AS quote,
    record ->> 4 AS tick,
    record ->> 5 AS lot,
    record ->> 6 AS min_quantity,
    record ->> 7 AS max_quantity,
    record ->> 8 AS reference_price,
    coalesce(m.maker_fee, record ->> 9) AS maker_fee,
    coalesce(m.taker_fee, record ->> 10) AS taker_fee,
    coalesce(m.short, record ->> 11) AS short,
    record ->> 12 AS hours,
    coalesce(m.status, 'open') AS status
FROM listings LEFT JOIN market m USING (place);
CREATE VIEW events AS
WITH told AS (
    ",
    told!(""),
    "
)
SELECT iif(kind IN (4, 7, 8, 9, 10, 11, 12, 14, 15, 16) OR (kind = 5 AND record ->> 6 <> 'closes'), NULL, seq) AS seq,
    CASE kind WHEN 0 THEN 'PENDING' WHEN 1 THEN 'EXECUTED' WHEN 2 THEN 'CANCELLED' WHEN 3 THEN 'EXECUTED'
        WHEN 5 THEN iif(record ->> 6 = 'closes', 'EXECUTED', NULL) WHEN 6 THEN 'CANCELLED'
        WHEN 13 THEN 'CANCELLED' WHEN 17 THEN 'CANCELLED' END AS status,
    at,
    iif(kind = 0, number, record ->> 5) AS order_number,
    record ->> 2 AS id,
    record ->> 3 AS symbol,
    record ->> 4 AS quantity,
    CASE kind WHEN 0 THEN at + (record ->> 5) WHEN 16 THEN at + (record ->> 6) END AS due_at,
    iif(kind = 0, record ->> 6, NULL) AS client_order_id,
    iif(kind = 0, record ->> 7, NULL) AS idempotency_key,
    number,
    CASE kind WHEN 0 THEN 'accepted' WHEN 1 THEN 'executed' WHEN 2 THEN 'canceled' WHEN 3 THEN 'bought'
        WHEN 4 THEN 'arrived' WHEN 5 THEN 'fill' WHEN 6 THEN 'ended' WHEN 7 THEN 'listed' WHEN 8 THEN 'amended'
        WHEN 9 THEN 'quoted' WHEN 10 THEN 'triggered' WHEN 11 THEN 'account_opened' WHEN 12 THEN 'transferred'
        WHEN 13 THEN 'replaced' WHEN 14 THEN 'instrument_changed' WHEN 15 THEN 'rows_changed'
        WHEN 16 THEN 'rescheduled' WHEN 17 THEN 'ended' END AS event,
    CASE kind WHEN 3 THEN coalesce(record ->> '$[6][0]', record ->> 6)
        WHEN 5 THEN coalesce(record ->> '$[8][0]', record ->> 8) END AS price,
    CASE kind WHEN 3 THEN CAST(record ->> 4 AS TEXT) WHEN 5 THEN record ->> 10 END AS qty,
    CASE kind WHEN 3 THEN coalesce(record ->> 7, '0') WHEN 5 THEN record ->> 13 END AS fee,
    CASE kind WHEN 2 THEN 'client' WHEN 13 THEN 'replaced' WHEN 6 THEN record ->> 6
        WHEN 17 THEN iif(record ->> 6 = 'refused', 'script', record ->> 6) END AS reason,
    iif(kind = 17, record ->> 7, NULL) AS reason_text
FROM told
WHERE number > (SELECT value FROM marks WHERE name = 'horizon');
CREATE VIEW orders AS
WITH told AS (
    ",
    told!(
        "
    WHERE b.first_number >= (SELECT coalesce(max(first_number), 0) FROM batches
        WHERE first_number <= (SELECT value FROM marks WHERE name = 'settled'))"
    ),
    "
), recent AS MATERIALIZED (
    SELECT number, seq, at, kind, record, iif(kind = 0, number, record ->> 5) AS order_number FROM told
    WHERE kind NOT IN (7, 9, 11, 12, 14, 15) AND number > (SELECT value FROM marks WHERE name = 'settled')
), newest AS MATERIALIZED (
    SELECT order_number, max(number) AS number, seq, at, kind, record FROM recent
    WHERE kind > 0 AND kind <> 16 AND (kind <> 8 OR record ->> 6 = 'waits') GROUP BY order_number
), rescheduled AS MATERIALIZED (
    SELECT order_number, max(number) AS number, at, record FROM recent WHERE kind = 16 GROUP BY order_number
), amended AS MATERIALIZED (
    SELECT order_number, max(number) AS number, record FROM recent WHERE kind = 8 GROUP BY order_number
), traded AS MATERIALIZED (
    SELECT order_number, max(number) AS number, record FROM recent WHERE kind = 5 GROUP BY order_number
), came AS MATERIALIZED (
    SELECT order_number, max(number) AS number, at FROM recent
    WHERE kind IN (1, 3, 4) OR (kind = 8 AND record ->> 6 = 'waits') GROUP BY order_number
), arrived AS MATERIALIZED (
    SELECT order_number, number, record ->> 7 AS rich FROM recent WHERE kind = 4 AND record ->> 7 IS NOT NULL
), known AS (
    SELECT r.value ->> 0 AS accepted_number, r.value ->> 1 AS accepted_seq, r.value ->> 2 AS accepted_at,
        r.value ->> 3 AS id, r.value ->> 4 AS symbol, r.value ->> 5 AS quantity,
        (r.value ->> 2) + (r.value ->> 6) AS due_at, r.value ->> 7 AS state,
        iif(r.value ->> 7 > 2, (r.value ->> 2) + (r.value ->> 8), NULL) AS closed_at,
        (r.value ->> 0) + (r.value ->> 9) AS number, (r.value ->> 1) + (r.value ->> 10) AS seq,
        coalesce(r.value ->> '$[11][0]', r.value ->> 11) AS price, r.value ->> 12 AS client_order_id,
        r.value ->> 13 AS idempotency_key,
        r.value ->> 14 AS rich, r.value ->> 15 AS reason_text
    FROM blocks b, json_each(b.records) r
    WHERE r.value ->> 7 < 3
        OR (r.value ->> 0) + (r.value ->> 9) > (SELECT value FROM marks WHERE name = 'horizon')
    UNION ALL
    SELECT number, seq, at, record ->> 2, record ->> 3, record ->> 4, at + (record ->> 5),
        iif(coalesce(record ->> '$[8][17][2][3]', record ->> '$[8][16][2][3]') = 1, -1, 0), NULL, number, seq,
        NULL, record ->> 6, record ->> 7, record ->> 8, NULL
    FROM recent WHERE kind = 0
), every AS (
    SELECT k.accepted_number, k.accepted_seq, k.accepted_at, k.id, k.symbol,
        coalesce(m.record ->> 4, k.quantity) AS quantity,
        iif(s.number IS NULL, k.due_at, s.at + (s.record ->> 6)) AS due_at,
        CASE n.kind WHEN 1 THEN 3 WHEN 2 THEN 4 WHEN 3 THEN 3 WHEN 4 THEN iif(n.record ->> 6 & 2, 2, 1) WHEN 8 THEN 0
            WHEN 10 THEN 1 WHEN 5 THEN iif(n.record ->> 6 = 'closes', 3, 2)
            WHEN 13 THEN 7 WHEN 6 THEN CASE n.record ->> 6 WHEN 'expired' THEN 5 WHEN 'post_only' THEN 6 ELSE 4 END
            WHEN 17 THEN CASE n.record ->> 6 WHEN 'expired' THEN 5 WHEN 'refused' THEN 6 ELSE 4 END
            ELSE k.state END AS state,
        iif(n.kind IN (1, 2, 3, 6, 13, 17) OR (n.kind = 5 AND n.record ->> 6 = 'closes'), n.at, k.closed_at)
            AS closed_at,
        iif(n.kind IN (1, 2, 3, 6, 13, 17) OR (n.kind = 5 AND n.record ->> 6 = 'closes'), n.seq, k.seq) AS seq,
        max(coalesce(n.number, 0), coalesce(m.number, 0), coalesce(s.number, 0), k.number) AS number,
        iif(n.kind = 3, coalesce(n.record ->> '$[6][0]', n.record ->> 6), k.price) AS price,
        k.client_order_id, k.idempotency_key,
        iif(a.rich IS NOT NULL AND a.number > coalesce(m.number, 0), a.rich, coalesce(m.record ->> 7, k.rich)) AS rich,
        coalesce(t.record ->> 15, coalesce(k.rich, a.rich) ->> 10) AS filled_qty,
        coalesce(t.record ->> 16, coalesce(k.rich, a.rich) ->> 11) AS cost,
        CASE n.kind WHEN 2 THEN 'client' WHEN 13 THEN 'replaced' WHEN 6 THEN n.record ->> 6 WHEN 17 THEN n.record ->> 6
            ELSE coalesce(k.rich ->> 15, iif(k.state = 4, 'client', NULL)) END AS ending,
        iif(n.kind = 17, n.record ->> 7, k.reason_text) AS reason_text,
        coalesce(c.at, k.rich ->> 12, iif(k.rich IS NULL AND k.state = 3, k.closed_at, NULL)) AS came_at,
        iif(n.kind = 13, n.record ->> 6, NULL) AS replaced_by, f.ticks AS followed
    FROM known k
    LEFT JOIN newest n ON n.order_number = k.accepted_number AND n.number > k.number
    LEFT JOIN rescheduled s ON s.order_number = k.accepted_number AND s.number > k.number
    LEFT JOIN amended m ON m.order_number = k.accepted_number AND m.number > k.number
    LEFT JOIN traded t ON t.order_number = k.accepted_number AND t.number > k.number
    LEFT JOIN arrived a ON a.order_number = k.accepted_number AND a.number > k.number
    LEFT JOIN came c ON c.order_number = k.accepted_number AND c.number > k.number
    LEFT JOIN trails f ON f.order_number = k.accepted_number
), whole AS (
    SELECT *, coalesce(rich ->> '$[4][0]', '') AS waits_for,
        CAST(replace(rich ->> 1, '.', '') AS INTEGER) AS tick_units,
        iif(instr(rich ->> 1, '.') = 0, 0, length(rich ->> 1) - instr(rich ->> 1, '.')) AS decimals
    FROM every
), shown AS (
    SELECT *,
        iif(waits_for IN ('stop', 'stop_limit', 'trailing_stop', 'trailing_percent'), rich -> 17, rich -> 16) AS kin,
        iif(waits_for IN ('trailing_stop', 'trailing_percent'), rich ->> '$[16][1]', NULL) AS mark,
        format('%0*d', decimals + 1, followed * tick_units) AS followed_digits
    FROM whole
)
SELECT accepted_seq,
    ",
    uuid!("id"),
    " AS id,
    symbol AS stoks,
    quantity,
    CASE WHEN state < 3 THEN 'PENDING' WHEN state = 3 THEN 'EXECUTED' ELSE 'CANCELLED' END AS status,
    ",
    time!("accepted_at"),
    " AS accepted_at,
    ",
    time!("due_at"),
    " AS due_at,
    ",
    time!("closed_at"),
    " AS closed_at,
    seq,
    client_order_id,
    idempotency_key,
    accepted_number,
    number,
    CASE state WHEN -1 THEN 'held' WHEN 0 THEN 'accepted' WHEN 1 THEN 'new' WHEN 2 THEN 'partially_filled'
        WHEN 3 THEN 'filled' WHEN 4 THEN 'canceled' WHEN 5 THEN 'expired' WHEN 6 THEN 'rejected'
        WHEN 7 THEN 'replaced' END AS state,
    coalesce(rich ->> 0, 2) AS account,
    coalesce(rich ->> 3, 'buy') AS side,
    CASE coalesce(rich ->> '$[4][0]', rich ->> 4, 'market') WHEN 'trailing_percent' THEN 'trailing_stop'
        WHEN 'notional' THEN 'market' ELSE coalesce(rich ->> '$[4][0]', rich ->> 4, 'market') END AS type,
    rich ->> 5 AS limit_price,
    iif(rich ->> '$[4][0]' IN ('stop', 'stop_limit'), rich ->> '$[4][1]', NULL) AS stop_price,
    iif(rich ->> '$[4][0]' = 'trailing_stop', rich ->> '$[4][1]', NULL) AS trail_price,
    iif(rich ->> '$[4][0]' = 'trailing_percent', rich ->> '$[4][1]', NULL) AS trail_percent,
    coalesce(rich ->> 6, 'gtc') AS time_in_force,
    iif(state = 0 AND rich ->> '$[4][0]' = 'notional', NULL, coalesce(rich ->> 8, CAST(quantity AS TEXT))) AS qty,
    iif(rich ->> '$[4][0]' = 'notional', rich ->> '$[4][1]', NULL) AS notional,
    coalesce(filled_qty, iif(state = 3, CAST(quantity AS TEXT), '0')) AS filled_qty,
    cost,
    price,
    iif(ending = 'refused', 'script', ending) AS reason,
    ",
    time!("iif(state = 0, NULL, came_at)"),
    "
        AS arrived_at,
    iif(followed IS NULL, mark,
        iif(decimals = 0, followed_digits, substr(followed_digits, 1, length(followed_digits) - decimals) || '.'
            || substr(followed_digits, -decimals))) AS hwm,
    ",
    uuid!("kin ->> 0"),
    " AS replaces,
    ",
    uuid!("coalesce(replaced_by, kin ->> 1)"),
    " AS replaced_by,
    reason_text
FROM shown;
"
);

/// All that stands in a new database.
pub(crate) const WHOLE: [&str; 6] = [MARKS, NAMES, TABLES, OF_MARKET, OF_RULES, VIEWS];

/// Makes them anew where they are those of another build.
pub(crate) fn renew(connection: &Connection, stamp: &Stamp) -> Read<()> {
    let of_build = Connection::open_in_memory()?;
    WHOLE.iter().try_for_each(|parts| of_build.execute_batch(parts))?;
    if texts(connection)? == texts(&of_build)? {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    stamp.write_if_due(&transaction)?;
    for (name, _) in texts(&transaction)? {
        transaction.execute_batch(&format!("DROP VIEW {name}"))?;
    }
    transaction.execute_batch(VIEWS)?;
    Ok(transaction.commit()?)
}

/// Each by its name.
fn texts(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
