-- Firms that clear zones by contract, and whom to call. Rows are only added: a change is a new
-- version, a withdrawal is one too. Everything here belongs to one road manager.

CREATE TABLE contractor (
    manager_code text NOT NULL REFERENCES road_manager (code),
    contractor   text NOT NULL,
    known_since  timestamptz NOT NULL,
    name         text NOT NULL,
    contract     text NOT NULL CHECK (contract IN ('full', 'seasonal', 'hourly')),
    withdrawn    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (manager_code, contractor, known_since)
);

CREATE TABLE contact (
    manager_code text NOT NULL REFERENCES road_manager (code),
    contact      text NOT NULL,
    known_since  timestamptz NOT NULL,
    -- The firm; null for the manager's own duty officers.
    contractor   text,
    -- Its place on the ladder.
    position     integer NOT NULL,
    name         text NOT NULL,
    phone        text,
    email        text,
    webhook      text,
    withdrawn    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (manager_code, contact, known_since)
);

-- Whose zone it is by contract.
CREATE TABLE contract_zone (
    manager_code text NOT NULL REFERENCES road_manager (code),
    zone         text NOT NULL,
    known_since  timestamptz NOT NULL,
    -- Null where nobody's any more.
    contractor   text,
    PRIMARY KEY (manager_code, zone, known_since)
);

-- A browser that a contact let be told (Web Push, RFC 8030 and 8291).
CREATE TABLE push_subscription (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    manager_code text NOT NULL REFERENCES road_manager (code),
    contact      text NOT NULL,
    endpoint     text NOT NULL UNIQUE,
    p256dh       bytea NOT NULL,
    auth         bytea NOT NULL,
    made_at      timestamptz NOT NULL,
    -- The push service said that it is gone.
    ended_at     timestamptz
);
CREATE INDEX push_subscription_of ON push_subscription (manager_code, contact) WHERE ended_at IS NULL;
