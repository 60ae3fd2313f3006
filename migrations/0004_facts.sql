-- Every kind of fact beside positions. Rows are only added: a change is a new version, a withdrawal
-- is one too. `place` is what the source said, as JSON; where that lies on the network is derived.

-- Facts that people record by hand stand under a feed of their manager's that nobody pulls.
ALTER TABLE feed
    ADD COLUMN by_hand        boolean NOT NULL DEFAULT false,
    ADD COLUMN push           boolean NOT NULL DEFAULT false,
    -- Units that are out whenever the feed speaks; null where nobody says.
    ADD COLUMN units_on_duty  integer,
    ADD COLUMN facts_total    bigint NOT NULL DEFAULT 0,
    -- When the store last learnt something from it that it did not know.
    ADD COLUMN last_new_at    timestamptz,
    -- Median of received - observed over the new facts of the last payload that had any.
    ADD COLUMN lag_s          double precision,
    -- Why its times can't be right, where they can't: its facts are not believed then.
    ADD COLUMN clock_doubt    text,
    ADD COLUMN clock_doubt_since timestamptz,
    -- By how many whole hours its clock is off, where it is by whole hours.
    ADD COLUMN skew_hours     integer;

-- One row per attempt on a feed: what freshness and trust are worked out from.
CREATE TABLE feed_attempt (
    feed_id   text NOT NULL,
    at        timestamptz NOT NULL,
    outcome   text NOT NULL CHECK (outcome IN ('unchanged', 'kept', 'failed')),
    new_facts integer NOT NULL DEFAULT 0,
    repeats   integer NOT NULL DEFAULT 0,
    rejected  integer NOT NULL DEFAULT 0,
    lag_s     double precision,
    newest_at timestamptz,
    error     text
) PARTITION BY RANGE (at);
CREATE INDEX feed_attempt_of ON feed_attempt (feed_id, at);

-- Vehicles and sensors, and when each was last heard.
CREATE TABLE unit (
    feed_id          text NOT NULL,
    unit_id          text NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('vehicle', 'sensor')),
    last_observed_at timestamptz NOT NULL,
    last_received_at timestamptz NOT NULL,
    lon              double precision,
    lat              double precision,
    PRIMARY KEY (feed_id, kind, unit_id)
) WITH (fillfactor = 50); -- updated with each payload: room for that within the page

INSERT INTO unit (feed_id, unit_id, kind, last_observed_at, last_received_at, lon, lat)
SELECT DISTINCT ON (feed_id, vehicle_id) feed_id, vehicle_id, 'vehicle', observed_at, received_at,
       lon, lat
FROM fix ORDER BY feed_id, vehicle_id, observed_at DESC;

CREATE TABLE station (
    feed_id     text NOT NULL,
    station_id  text NOT NULL,
    known_since timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    name_ja     text NOT NULL,
    name_en     text NOT NULL,
    lon         double precision,
    lat         double precision,
    elevation_m double precision,
    PRIMARY KEY (feed_id, station_id, known_since)
);

CREATE TABLE observation (
    feed_id     text NOT NULL,
    station_id  text NOT NULL,
    quantity    text NOT NULL,
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    value       double precision,
    flag        text NOT NULL CHECK (flag IN ('pass', 'suspect', 'fail', 'missing')),
    reason      text NOT NULL,
    CONSTRAINT observation_missing_has_no_value CHECK ((value IS NULL) = (flag = 'missing')),
    PRIMARY KEY (feed_id, station_id, quantity, observed_at)
) PARTITION BY RANGE (observed_at);

-- A zone (工区) or route as the source draws it; a new version where that changes.
CREATE TABLE zone (
    feed_id     text NOT NULL,
    zone        text NOT NULL,
    known_since timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    name        text NOT NULL,
    place       jsonb NOT NULL,
    PRIMARY KEY (feed_id, zone, known_since)
);

CREATE TABLE zone_order (
    feed_id     text NOT NULL,
    zone        text NOT NULL,
    as_of       timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    name        text NOT NULL,
    -- Null where the source says that there is none.
    state       text CHECK (state IN ('checking', 'scheduled', 'working', 'completed')),
    PRIMARY KEY (feed_id, zone, as_of)
) PARTITION BY RANGE (as_of);

-- What a person said of a zone's order (申告).
CREATE TABLE report (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    manager_code text NOT NULL REFERENCES road_manager (code),
    zone         text NOT NULL,
    state        text NOT NULL
        CHECK (state IN ('ordered', 'accepted', 'started', 'done', 'impossible')),
    at           timestamptz NOT NULL,
    said_by      text NOT NULL,
    recorded_by  text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    -- Units that are out for it.
    units        integer CHECK (units >= 0),
    note         text NOT NULL
);
CREATE INDEX report_zone ON report (manager_code, zone, at);

CREATE TABLE plan (
    feed_id     text NOT NULL,
    plan_id     text NOT NULL,
    received_at timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    work_kind   text NOT NULL,
    state       text NOT NULL CHECK (state IN ('planned', 'moved', 'cancelled', 'done')),
    from_at     timestamptz NOT NULL,
    until_at    timestamptz NOT NULL,
    place       jsonb NOT NULL,
    note        text NOT NULL,
    recorded_by text,
    PRIMARY KEY (feed_id, plan_id, received_at)
) PARTITION BY RANGE (received_at);

CREATE SEQUENCE closure_number;
CREATE TABLE closure (
    feed_id     text NOT NULL,
    closure_id  text NOT NULL,
    received_at timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    -- The same for all versions of a closure: its name in addresses.
    number      bigint NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('winter', 'closed', 'one_lane', 'restricted')),
    reason      text NOT NULL,
    since       timestamptz NOT NULL,
    until       timestamptz,
    daily_from  time,
    daily_until time,
    place       jsonb NOT NULL,
    recorded_by text,
    -- No longer in a feed that lists all that hold.
    withdrawn   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (feed_id, closure_id, received_at),
    CONSTRAINT closure_daily_has_both_ends CHECK (num_nulls(daily_from, daily_until) IN (0, 2))
);
CREATE INDEX closure_number_of ON closure (number, received_at);

CREATE TABLE work_log (
    feed_id     text NOT NULL,
    vehicle_id  text NOT NULL,
    started_at  timestamptz NOT NULL,
    -- SHA-256 of the stretch: one vehicle may begin on two roads in the same minute.
    stretch_sha bytea NOT NULL,
    -- The three above as one name.
    fact_id     text NOT NULL,
    stretch     jsonb NOT NULL,
    ended_at    timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    work_kind   text NOT NULL,
    direction   text CHECK (direction IN ('forward', 'backward')),
    contractor  text NOT NULL,
    weather     text NOT NULL,
    air_c       double precision,
    depth_cm    double precision,
    PRIMARY KEY (feed_id, vehicle_id, started_at, stretch_sha)
) PARTITION BY RANGE (started_at);

-- Keys of feeds that push and of people who record by hand. A key is 32 random bytes, so that one
-- round of SHA-256 keeps it; it is shown once.
CREATE TABLE api_key (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256       bytea NOT NULL UNIQUE,
    role         text NOT NULL CHECK (role IN ('feed', 'operator')),
    feed_id      text REFERENCES feed (id),
    manager_code text REFERENCES road_manager (code),
    name         text NOT NULL,
    made_at      timestamptz NOT NULL,
    revoked_at   timestamptz,
    CONSTRAINT api_key_speaks_for_one CHECK (
        (role = 'feed') = (feed_id IS NOT NULL) AND (role = 'operator') = (manager_code IS NOT NULL))
);

-- A kilopost table (距離標) as it was imported; the newest import of a route counts.
CREATE TABLE kilopost (
    manager_code text NOT NULL REFERENCES road_manager (code),
    route        text NOT NULL,
    ordinal      integer NOT NULL,
    post         jsonb NOT NULL,
    imported_at  timestamptz NOT NULL,
    PRIMARY KEY (manager_code, route, ordinal)
);

-- Rejections that a mended configuration has since understood.
ALTER TABLE rejection ADD COLUMN resolved_at timestamptz;
CREATE INDEX rejection_newest ON rejection (last_seen_at DESC, id DESC);
CREATE INDEX payload_of ON payload (feed_id, received_at);

-- Several times faster than the default, where the server was built with it.
DO $$
BEGIN
    ALTER TABLE payload ALTER COLUMN bytes SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;
