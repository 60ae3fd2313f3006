-- The road network: the files it came from (facts) and what was made of them (derived).

CREATE EXTENSION IF NOT EXISTS postgis;

-- One row per imported file; its bytes are kept, so that the network can be made again.
CREATE TABLE road_source (
    name         text PRIMARY KEY,
    manager_code text,
    -- Whom to name beside a map of its roads.
    attribution  text NOT NULL,
    tolerance_m  double precision NOT NULL,
    size_bytes   bigint NOT NULL,
    sha256       bytea NOT NULL,
    imported_at  timestamptz NOT NULL,
    -- Sources are read in this order; of a way that two hold, the later one's counts.
    ordinal      bigint GENERATED ALWAYS AS IDENTITY
);

CREATE TABLE road_source_chunk (
    name    text NOT NULL REFERENCES road_source (name) ON DELETE CASCADE,
    ordinal integer NOT NULL,
    bytes   bytea NOT NULL,
    PRIMARY KEY (name, ordinal)
);

-- A row per import; the newest is the network that `segment` holds. Versions grow with the time in
-- milliseconds, so that a database made anew never repeats an ETag that a browser may still hold.
CREATE TABLE network (
    version     bigint PRIMARY KEY,
    imported_at timestamptz NOT NULL,
    node_count  integer NOT NULL,
    report      jsonb NOT NULL
);

CREATE TABLE road (
    ordinal    integer PRIMARY KEY,
    road_id    jsonb NOT NULL,
    attributes jsonb NOT NULL
);

CREATE TABLE segment (
    segment_id bigint PRIMARY KEY,
    ordinal    integer NOT NULL,
    road       integer NOT NULL,
    from_node  integer NOT NULL,
    to_node    integer NOT NULL,
    length_m   double precision NOT NULL,
    geom       geometry(LineString, 4326) NOT NULL
);
CREATE INDEX segment_geom ON segment USING gist (geom);

CREATE TABLE segment_stretch (
    segment_id bigint NOT NULL,
    from_m     double precision NOT NULL,
    to_m       double precision NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('melting', 'sidewalk_left', 'sidewalk_right')),
    standard   text,
    road_id    jsonb NOT NULL
);
CREATE INDEX segment_stretch_segment ON segment_stretch (segment_id);
