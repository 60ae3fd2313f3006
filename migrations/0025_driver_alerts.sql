-- Drivers who want to be told before departure. No account, no name, no address: where to push, and
-- a way or an area.

CREATE TABLE driver_subscription (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_sha256 bytea NOT NULL UNIQUE,
    -- Web Push (RFC 8030, 8291).
    endpoint     text NOT NULL,
    p256dh       bytea NOT NULL,
    auth         bytea NOT NULL,
    language     text NOT NULL CHECK (language IN ('ja', 'easy', 'en')),
    -- {"way": [[lon, lat], ...]} or {"area": [west, south, east, north]}.
    watch        jsonb NOT NULL,
    -- Minutes of the day in JST.
    departure_min   smallint NOT NULL CHECK (departure_min BETWEEN 0 AND 1439),
    -- Bit 0 = Monday.
    days            smallint NOT NULL CHECK (days BETWEEN 1 AND 127),
    quiet_from_min  smallint CHECK (quiet_from_min BETWEEN 0 AND 1439),
    quiet_until_min smallint CHECK (quiet_until_min BETWEEN 0 AND 1439),
    made_at      timestamptz NOT NULL,
    next_due_at  timestamptz NOT NULL,
    -- Whether the way was shut or led round a closure when it was last looked at.
    closed       boolean NOT NULL DEFAULT false,
    CONSTRAINT driver_subscription_quiet CHECK (num_nulls(quiet_from_min, quiet_until_min) IN (0, 2))
);
CREATE INDEX driver_subscription_due ON driver_subscription (next_due_at);

-- What is to be sent, written with the move of next_due_at; gone with its subscription.
CREATE TABLE driver_alert (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id bigint NOT NULL REFERENCES driver_subscription (id) ON DELETE CASCADE,
    kind            text NOT NULL CHECK (kind IN ('departure', 'closed', 'reopened')),
    due_at          timestamptz NOT NULL,
    title           text NOT NULL,
    body            text NOT NULL,
    made_at         timestamptz NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    -- Whoever leased it last holds the highest.
    fence           bigint NOT NULL DEFAULT 0,
    leased_until    timestamptz,
    sent_at         timestamptz,
    given_up_at     timestamptz,
    detail          text NOT NULL DEFAULT '',
    CONSTRAINT driver_alert_once UNIQUE (subscription_id, kind, due_at)
);
CREATE INDEX driver_alert_open ON driver_alert (next_attempt_at)
    WHERE sent_at IS NULL AND given_up_at IS NULL;
