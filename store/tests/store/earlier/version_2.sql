CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE id_keys (first_seq INTEGER PRIMARY KEY, id_key BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
CREATE TABLE batches (
    first_seq INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    at INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    records TEXT NOT NULL
) STRICT;
CREATE TABLE blocks (
    first_seq INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    orders INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    closed_by INTEGER,
    records TEXT NOT NULL
) STRICT;
CREATE INDEX blocks_open ON blocks (first_seq) WHERE closed_by IS NULL;
CREATE INDEX blocks_closed ON blocks (closed_by) WHERE closed_by IS NOT NULL;
CREATE TABLE names (
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    order_seq INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE VIEW events AS
SELECT b.first_seq + r.key AS seq,
    CASE r.value ->> 0 WHEN 0 THEN 'PENDING' WHEN 1 THEN 'EXECUTED' WHEN 2 THEN 'CANCELLED' END AS status,
    b.at + (r.value ->> 1) AS at,
    iif(r.value ->> 0 = 0, b.first_seq + r.key, r.value ->> 5) AS order_seq,
    r.value ->> 2 AS id,
    r.value ->> 3 AS symbol,
    r.value ->> 4 AS quantity,
    iif(r.value ->> 0 = 0, b.at + (r.value ->> 1) + (r.value ->> 5), NULL) AS due_at,
    r.value ->> 6 AS client_order_id,
    r.value ->> 7 AS idempotency_key
FROM batches b, json_each(b.records) r
WHERE b.first_seq + r.key > (SELECT value FROM marks WHERE name = 'horizon');
CREATE VIEW orders AS
WITH recent AS MATERIALIZED (
    SELECT b.first_seq + r.key AS seq, b.at + (r.value ->> 1) AS at, r.value AS record
    FROM batches b, json_each(b.records) r, (SELECT value AS settled FROM marks WHERE name = 'settled')
    WHERE b.first_seq >= (SELECT coalesce(max(first_seq), 0) FROM batches WHERE first_seq <= settled)
        AND b.first_seq + r.key > settled
), closing AS MATERIALIZED (
    SELECT record ->> 5 AS order_seq, record ->> 0 AS kind, at, seq FROM recent WHERE record ->> 0 > 0
), every AS (
    SELECT r.value ->> 0 AS seq, r.value ->> 2 AS id, r.value ->> 3 AS symbol, r.value ->> 4 AS quantity,
        r.value ->> 1 AS accepted_at,
        (r.value ->> 1) + (r.value ->> 5) AS due_at,
        coalesce(c.kind, r.value ->> 6) AS kind,
        coalesce(c.at, iif(r.value ->> 6 > 0, (r.value ->> 1) + (r.value ->> 7), NULL)) AS closed_at,
        coalesce(c.seq, iif(r.value ->> 6 > 0, r.value ->> 8, r.value ->> 0)) AS last_seq,
        r.value ->> 9 AS client_order_id, r.value ->> 10 AS idempotency_key
    FROM blocks b, json_each(b.records) r LEFT JOIN closing c ON c.order_seq = r.value ->> 0
    WHERE r.value ->> 6 = 0 OR r.value ->> 8 > (SELECT value FROM marks WHERE name = 'horizon')
    UNION ALL
    SELECT e.seq, e.record ->> 2, e.record ->> 3, e.record ->> 4, e.at, e.at + (e.record ->> 5),
        coalesce(c.kind, 0), c.at, coalesce(c.seq, e.seq), e.record ->> 6, e.record ->> 7
    FROM recent e LEFT JOIN closing c ON c.order_seq = e.seq
    WHERE e.record ->> 0 = 0
)
SELECT seq AS accepted_seq,
    format('%s-%s-%s-%s-%s', substr(id, 1, 8), substr(id, 9, 4), substr(id, 13, 4), substr(id, 17, 4), substr(id, 21)) AS id,
    symbol AS stoks,
    quantity,
    CASE kind WHEN 0 THEN 'PENDING' WHEN 1 THEN 'EXECUTED' WHEN 2 THEN 'CANCELLED' END AS status,
    strftime('%Y-%m-%dT%H:%M:%S', accepted_at / 1000000, 'unixepoch') || format('.%06dZ', accepted_at % 1000000) AS accepted_at,
    strftime('%Y-%m-%dT%H:%M:%S', due_at / 1000000, 'unixepoch') || format('.%06dZ', due_at % 1000000) AS due_at,
    strftime('%Y-%m-%dT%H:%M:%S', closed_at / 1000000, 'unixepoch') || format('.%06dZ', closed_at % 1000000) AS closed_at,
    last_seq AS seq,
    client_order_id,
    idempotency_key
FROM every;
