-- Where facts lie on the network. Derived: made again when the network changes.

-- One row per version of a fact that has a place.
CREATE TABLE laid_fact (
    kind            text NOT NULL CHECK (kind IN ('closure', 'plan', 'zone', 'work_log')),
    feed_id         text NOT NULL,
    fact_id         text NOT NULL,
    version_at      timestamptz NOT NULL,
    -- Still to be laid, or laid again; until then the last laying holds.
    pending         boolean NOT NULL DEFAULT true,
    -- The network that it was last laid onto; 0 before the first time.
    network_version bigint NOT NULL DEFAULT 0,
    -- Why part or all of it lies nowhere; empty where it is laid whole.
    unplaced        text NOT NULL DEFAULT '',
    -- Grows with each change, so that readers see whether there is anything new.
    change          bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (kind, feed_id, fact_id, version_at)
);
CREATE INDEX laid_fact_change ON laid_fact (change);
CREATE INDEX laid_fact_pending ON laid_fact (kind, feed_id) WHERE pending;

CREATE TABLE laid_stretch (
    kind       text NOT NULL,
    feed_id    text NOT NULL,
    fact_id    text NOT NULL,
    version_at timestamptz NOT NULL,
    ordinal    integer NOT NULL,
    segment_id bigint NOT NULL,
    from_m     double precision NOT NULL,
    to_m       double precision NOT NULL,
    direction  text CHECK (direction IN ('forward', 'backward')),
    PRIMARY KEY (kind, feed_id, fact_id, version_at, ordinal),
    FOREIGN KEY (kind, feed_id, fact_id, version_at) REFERENCES laid_fact ON DELETE CASCADE
);
CREATE INDEX laid_stretch_segment ON laid_stretch (segment_id);
