-- Matching by traces: an open one is followed fix by fix, a closed one is matched whole.
--
-- Passes are derived, so those of the former ten-minute windows are dropped and every vehicle is
-- matched again from its fixes.

DROP TABLE dirty_window;
DROP VIEW current_pass;
DROP TABLE pass;

-- Vehicles whose fixes have changed since they were last matched. Append-only for those who bring
-- fixes, so that they never wait for those who match; rows are taken off when their passes are written.
CREATE TABLE fresh_fixes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id    text NOT NULL,
    vehicle_id text NOT NULL,
    -- The earliest fix that is new.
    from_at    timestamptz NOT NULL,
    heard_at   timestamptz NOT NULL,
    shard      smallint NOT NULL
        GENERATED ALWAYS AS (((hashtext(feed_id || '/' || vehicle_id))::bigint & 63)::smallint) STORED
);

-- Append-only. Of one (feed, vehicle, trace, ordinal) the highest revision counts; a revision
-- without a segment withdraws the pass.
CREATE TABLE pass (
    feed_id         text NOT NULL,
    vehicle_id      text NOT NULL,
    -- When the trace's first fix was observed.
    trace_start     timestamptz NOT NULL,
    ordinal         integer NOT NULL,
    revision        bigint NOT NULL,
    network_version bigint NOT NULL,
    matched_at      timestamptz NOT NULL,
    segment_id      bigint,
    direction       text CHECK (direction IN ('forward', 'backward')),
    from_m          double precision,
    to_m            double precision,
    entered_at      timestamptz,
    left_at         timestamptz,
    work_kind       text,
    confidence      text CHECK (confidence IN ('seen', 'inferred', 'weak', 'reported')),
    PRIMARY KEY (feed_id, vehicle_id, trace_start, ordinal, revision),
    CONSTRAINT pass_whole_or_withdrawn CHECK (
        num_nulls(segment_id, direction, from_m, to_m, entered_at, left_at, confidence) IN (0, 7))
) PARTITION BY RANGE (trace_start);
CREATE INDEX pass_segment ON pass (segment_id, left_at);
CREATE SEQUENCE pass_revision;

CREATE VIEW current_pass AS
SELECT p.*
FROM pass p
WHERE p.segment_id IS NOT NULL
  AND NOT EXISTS (
      SELECT 1
      FROM pass newer
      WHERE newer.feed_id = p.feed_id
        AND newer.vehicle_id = p.vehicle_id
        AND newer.trace_start = p.trace_start
        AND newer.ordinal = p.ordinal
        AND newer.revision > p.revision);

-- A row per vehicle on its way: what is said of it beyond its decided passes. Replaced with each
-- fix, and gone when the trace is closed and matched whole.
CREATE TABLE open_trace (
    feed_id         text NOT NULL,
    vehicle_id      text NOT NULL,
    shard           smallint NOT NULL
        GENERATED ALWAYS AS (((hashtext(feed_id || '/' || vehicle_id))::bigint & 63)::smallint) STORED,
    trace_start     timestamptz NOT NULL,
    last_fix_at     timestamptz NOT NULL,
    -- When a fix of it last came, and when that was matched.
    heard_at        timestamptz NOT NULL,
    matched_at      timestamptz NOT NULL,
    network_version bigint NOT NULL,
    -- The passes that may still change, one array a column.
    segment_ids     bigint[] NOT NULL,
    forward         boolean[] NOT NULL,
    from_m          double precision[] NOT NULL,
    to_m            double precision[] NOT NULL,
    entered_at      timestamptz[] NOT NULL,
    left_at         timestamptz[] NOT NULL,
    work_kinds      text[] NOT NULL,
    confidences     text[] NOT NULL,
    PRIMARY KEY (feed_id, vehicle_id)
) WITH (fillfactor = 50);

-- The passes of open traces, one a row.
CREATE VIEW undecided_pass AS
SELECT o.feed_id, o.vehicle_id, o.trace_start, o.segment_ids, u.segment_id,
       CASE WHEN u.forward THEN 'forward' ELSE 'backward' END AS direction,
       u.from_m, u.to_m, u.entered_at, u.left_at, u.work_kind, u.confidence, u.ordinal
FROM open_trace o,
     UNNEST(o.segment_ids, o.forward, o.from_m, o.to_m, o.entered_at, o.left_at, o.work_kinds,
            o.confidences)
         WITH ORDINALITY AS u (segment_id, forward, from_m, to_m, entered_at, left_at, work_kind,
                               confidence, ordinal);

INSERT INTO fresh_fixes (feed_id, vehicle_id, from_at, heard_at)
SELECT feed_id, vehicle_id, min(observed_at), max(received_at)
FROM fix
GROUP BY feed_id, vehicle_id;
