-- What is derived from the facts: passes, and the status that tiles show.

-- Windows of a vehicle's night whose fixes have changed since they were last matched.
CREATE TABLE dirty_window (
    feed_id      text NOT NULL,
    vehicle_id   text NOT NULL,
    window_start timestamptz NOT NULL,
    since        timestamptz NOT NULL,
    PRIMARY KEY (feed_id, vehicle_id, window_start)
);
CREATE INDEX dirty_window_since ON dirty_window (since);

-- Append-only. Of one (feed, vehicle, window, ordinal) the highest revision counts; a revision
-- without a segment withdraws the pass.
CREATE TABLE pass (
    feed_id         text NOT NULL,
    vehicle_id      text NOT NULL,
    window_start    timestamptz NOT NULL,
    ordinal         integer NOT NULL,
    revision        integer NOT NULL,
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
    PRIMARY KEY (feed_id, vehicle_id, window_start, ordinal, revision),
    CONSTRAINT pass_whole_or_withdrawn CHECK (
        num_nulls(segment_id, direction, from_m, to_m, entered_at, left_at, confidence) IN (0, 7))
) PARTITION BY RANGE (window_start);
CREATE INDEX pass_segment ON pass (segment_id, left_at);

CREATE VIEW current_pass AS
SELECT p.*
FROM pass p
WHERE p.segment_id IS NOT NULL
  AND NOT EXISTS (
      SELECT 1
      FROM pass newer
      WHERE newer.feed_id = p.feed_id
        AND newer.vehicle_id = p.vehicle_id
        AND newer.window_start = p.window_start
        AND newer.ordinal = p.ordinal
        AND newer.revision > p.revision);

-- Segments whose passes have changed, for the one writer of status.
CREATE TABLE status_queue (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    segment_ids bigint[] NOT NULL
);

-- Written by the holder of the status_writer lock alone, which numbers the changes.
CREATE TABLE segment_status (
    segment_id      bigint PRIMARY KEY,
    cleared_fwd_min integer NOT NULL,
    cleared_rev_min integer NOT NULL,
    status          integer NOT NULL,
    sequence        bigint NOT NULL,
    changed_at      timestamptz NOT NULL,
    -- What the status was derived from; null where no pass was ever seen.
    facts           jsonb,
    feed_id         text
);
CREATE INDEX segment_status_sequence ON segment_status (sequence);

-- When the writer last looked at every segment: a rebuild derives status as of then.
CREATE TABLE status_tick (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    ticked_at timestamptz NOT NULL
);
