-- Forecasts of snowfall, threshold rules, and what looking at them came to.

CREATE TABLE snow_forecast (
    feed_id     text NOT NULL,
    place       text NOT NULL,
    issued_at   timestamptz NOT NULL,
    from_at     timestamptz NOT NULL,
    until_at    timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    payload_id  bigint NOT NULL,
    lon         double precision NOT NULL,
    lat         double precision NOT NULL,
    new_snow_cm double precision NOT NULL,
    PRIMARY KEY (feed_id, place, issued_at, from_at, until_at)
) PARTITION BY RANGE (issued_at);

-- Versions of rules; one without a rule withdraws it. They are facts: past nights are judged by those
-- that held then.
CREATE TABLE rule (
    manager_code text NOT NULL REFERENCES road_manager (code),
    rule_id      text NOT NULL,
    version      integer NOT NULL,
    known_since  timestamptz NOT NULL,
    recorded_by  text NOT NULL,
    rule         jsonb,
    PRIMARY KEY (manager_code, rule_id, version)
);

-- What a rule remembers of a zone, and how it was last found. Derived: made again from the looks.
CREATE TABLE rule_memory (
    manager_code text NOT NULL,
    rule_id      text NOT NULL,
    zone         text NOT NULL,
    memory       jsonb NOT NULL,
    outcome      text NOT NULL,
    reason       text NOT NULL,
    -- Since when the outcome is what it is.
    since        timestamptz NOT NULL,
    PRIMARY KEY (manager_code, rule_id, zone)
);

-- Why nobody could say, and whom it concerned: one row for each page to a person.
CREATE TABLE rule_page (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    manager_code text NOT NULL REFERENCES road_manager (code),
    cause        jsonb NOT NULL,
    text_ja      text NOT NULL,
    zones        text[] NOT NULL,
    opened_at    timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    closed_at    timestamptz
);
CREATE UNIQUE INDEX rule_page_open ON rule_page (manager_code, cause) WHERE closed_at IS NULL;

-- Each look at all rules: silence here is an alarm.
CREATE TABLE rule_cycle (
    at         timestamptz NOT NULL,
    zones      integer NOT NULL,
    rules      integer NOT NULL,
    raised     integer NOT NULL,
    stood_down integer NOT NULL,
    doubts     integer NOT NULL,
    took_ms    double precision NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX rule_cycle_at ON rule_cycle (at);
