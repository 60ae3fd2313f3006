-- What quality control believes of readings. A verdict is a fact with its time: late neighbours may
-- bring a newer one, and the one with the highest number counts.
CREATE SEQUENCE observation_verdict_number;
CREATE TABLE observation_verdict (
    feed_id     text NOT NULL,
    station_id  text NOT NULL,
    quantity    text NOT NULL,
    observed_at timestamptz NOT NULL,
    -- In the order of commits: one process judges at a time.
    number      bigint NOT NULL DEFAULT nextval('observation_verdict_number'),
    judged_at   timestamptz NOT NULL,
    flag        text NOT NULL CHECK (flag IN ('pass', 'suspect', 'fail', 'missing')),
    reason      text NOT NULL,
    PRIMARY KEY (feed_id, station_id, quantity, observed_at, number)
) PARTITION BY RANGE (observed_at);
CREATE INDEX observation_verdict_new ON observation_verdict (number);

-- Stations with readings that were not judged yet, and the earliest of those.
CREATE TABLE unjudged (
    feed_id    text NOT NULL,
    station_id text NOT NULL,
    since      timestamptz NOT NULL,
    PRIMARY KEY (feed_id, station_id)
) WITH (fillfactor = 50);
CREATE INDEX unjudged_since ON unjudged (since);

-- Of what is there already, the days that the snow field reaches back.
INSERT INTO unjudged (feed_id, station_id, since)
SELECT feed_id, station_id, greatest(min(observed_at), max(observed_at) - interval '8 days')
FROM observation GROUP BY feed_id, station_id;
