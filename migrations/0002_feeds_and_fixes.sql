-- Road managers, their feeds, and the facts that come in.

CREATE TABLE road_manager (
    code    text PRIMARY KEY,
    level   text NOT NULL
        CHECK (level IN ('national', 'prefectural', 'municipal', 'expressway', 'unknown')),
    name_ja text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE feed (
    id              text PRIMARY KEY,
    manager_code    text NOT NULL REFERENCES road_manager (code),
    format          text NOT NULL,
    interval_s      double precision NOT NULL,
    covers_manager  boolean NOT NULL,
    attribution     text NOT NULL,
    licence         text NOT NULL,
    -- No longer in the configuration; kept because its facts are.
    retired         boolean NOT NULL DEFAULT false,
    -- Who fetches it, and until when nobody else may.
    lease_holder    text,
    lease_until     timestamptz,
    next_due_at     timestamptz,
    -- The cursor: moves only in the transaction that keeps the facts.
    etag            text,
    last_modified   text,
    payload_sha256  bytea,
    last_contact_at timestamptz,
    last_success_at timestamptz,
    last_fact_at    timestamptz,
    fixes_total     bigint NOT NULL DEFAULT 0,
    rejected_total  bigint NOT NULL DEFAULT 0,
    failures        integer NOT NULL DEFAULT 0,
    last_error      text
);

-- What came, as it came.
CREATE TABLE payload (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    feed_id     text NOT NULL,
    received_at timestamptz NOT NULL,
    sha256      bytea NOT NULL,
    bytes       bytea NOT NULL,
    PRIMARY KEY (received_at, id)
) PARTITION BY RANGE (received_at);

-- Records that were not taken. The same record from poll to poll is one row that counts.
CREATE TABLE rejection (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id       text NOT NULL,
    payload_id    bigint,
    position      bigint NOT NULL,
    field         text NOT NULL,
    reason        text NOT NULL,
    record        text NOT NULL,
    record_sha256 bytea NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    seen          integer NOT NULL DEFAULT 1,
    CONSTRAINT rejection_once UNIQUE (feed_id, record_sha256, field)
);

CREATE TABLE fix (
    feed_id     text NOT NULL,
    vehicle_id  text NOT NULL,
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    lon         double precision NOT NULL,
    lat         double precision NOT NULL,
    heading_deg double precision,
    speed_kmh   double precision,
    work_kind   text,
    PRIMARY KEY (feed_id, vehicle_id, observed_at)
) PARTITION BY RANGE (observed_at);

-- Makes the partitions of the given days (UTC) where they are missing.
CREATE FUNCTION ensure_day_partitions(parent text, days date[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    day date;
    child text;
BEGIN
    FOREACH day IN ARRAY days LOOP
        child := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
        IF to_regclass(child) IS NULL THEN
            -- One maker at a time: IF NOT EXISTS alone still collides.
            PERFORM pg_advisory_xact_lock(hashtext('yukimichi partitions'));
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                child, parent,
                (day::timestamp AT TIME ZONE 'UTC'),
                ((day + 1)::timestamp AT TIME ZONE 'UTC'));
        END IF;
    END LOOP;
END
$$;
