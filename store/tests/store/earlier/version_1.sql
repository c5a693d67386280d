CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    order_seq INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    id BLOB,
    symbol TEXT,
    quantity INTEGER,
    due_at INTEGER,
    client_order_id TEXT,
    idempotency_key TEXT
) STRICT;
CREATE UNIQUE INDEX events_client_order_id ON events (client_order_id) WHERE client_order_id IS NOT NULL;
CREATE UNIQUE INDEX events_idempotency_key ON events (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE TABLE settled (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    symbol TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    closed_seq INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    client_order_id TEXT,
    idempotency_key TEXT
) STRICT;
CREATE INDEX settled_open ON settled (seq) WHERE kind = 0;
CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE id_keys (first_seq INTEGER PRIMARY KEY, id_key BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
CREATE TABLE retired (client_order_id TEXT PRIMARY KEY, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE VIEW orders AS
WITH late AS (
    SELECT order_seq, kind, at, seq FROM events
    WHERE kind > 0 AND seq > (SELECT value FROM marks WHERE name = 'settled')
), every AS (
    SELECT s.seq, s.id, s.symbol, s.quantity, s.accepted_at, s.due_at,
        coalesce(late.kind, s.kind) AS kind,
        coalesce(late.at, nullif(s.closed_at, 0)) AS closed_at,
        coalesce(late.seq, nullif(s.closed_seq, 0), s.seq) AS last_seq,
        s.client_order_id, s.idempotency_key
    FROM settled s LEFT JOIN late ON late.order_seq = s.seq
    UNION ALL
    SELECT e.seq, e.id, e.symbol, e.quantity, e.at, e.due_at,
        coalesce(late.kind, 0), late.at, coalesce(late.seq, e.seq), e.client_order_id, e.idempotency_key
    FROM events e LEFT JOIN late ON late.order_seq = e.seq
    WHERE e.kind = 0 AND e.seq > (SELECT coalesce(max(seq), 0) FROM settled)
)
SELECT seq AS accepted_seq,
    lower(format('%s-%s-%s-%s-%s', substr(hex(id), 1, 8), substr(hex(id), 9, 4), substr(hex(id), 13, 4),
        substr(hex(id), 17, 4), substr(hex(id), 21))) AS id,
    symbol AS stoks,
    quantity,
    CASE kind WHEN 0 THEN 'PENDING' WHEN 1 THEN 'EXECUTED' ELSE 'CANCELLED' END AS status,
    strftime('%Y-%m-%dT%H:%M:%S', accepted_at / 1000000, 'unixepoch') || format('.%06dZ', accepted_at % 1000000) AS accepted_at,
    strftime('%Y-%m-%dT%H:%M:%S', due_at / 1000000, 'unixepoch') || format('.%06dZ', due_at % 1000000) AS due_at,
    strftime('%Y-%m-%dT%H:%M:%S', closed_at / 1000000, 'unixepoch') || format('.%06dZ', closed_at % 1000000) AS closed_at,
    last_seq AS seq,
    client_order_id,
    idempotency_key
FROM every;
