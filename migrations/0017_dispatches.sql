-- Call-outs (出動要請). Their events are facts; the row of a call-out is what they come to.

CREATE TABLE dispatch (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    manager_code text NOT NULL REFERENCES road_manager (code),
    zone         text NOT NULL,
    -- The rule's id; 'by-hand' for one that a person opened.
    rule         text NOT NULL,
    round        integer NOT NULL CHECK (round > 0),
    drill        boolean NOT NULL,
    raised_at    timestamptz NOT NULL,
    -- Number of its last event: a change is made only upon the version it was worked out from.
    version      integer NOT NULL DEFAULT 0,
    changed_at   timestamptz NOT NULL,
    state        text NOT NULL,
    open         boolean NOT NULL,
    -- When the clock changes something next. While it is open and unanswered, always set.
    next_at      timestamptz,
    life         jsonb NOT NULL,
    UNIQUE (manager_code, zone, rule, round),
    CONSTRAINT dispatch_open_has_a_deadline CHECK (open = (next_at IS NOT NULL))
) WITH (fillfactor = 70);
CREATE INDEX dispatch_due ON dispatch (next_at) WHERE open;
CREATE INDEX dispatch_changed ON dispatch (changed_at) WHERE open;
CREATE INDEX dispatch_of_manager ON dispatch (manager_code, id);

-- Append-only. 0 is what opened it.
CREATE TABLE dispatch_event (
    dispatch_id     bigint NOT NULL REFERENCES dispatch (id),
    ordinal         integer NOT NULL,
    at              timestamptz NOT NULL,
    kind            text NOT NULL,
    event           jsonb NOT NULL,
    -- What the call-out shows from here on.
    state           text NOT NULL,
    -- Who did it, where a person did.
    by_name         text,
    -- The same request again is answered, not done again.
    idempotency_key text,
    request_sha256  bytea,
    PRIMARY KEY (dispatch_id, ordinal)
);
CREATE UNIQUE INDEX dispatch_event_key ON dispatch_event (dispatch_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

-- Messages that are to go out, written in the transaction of the event that wants them.
CREATE TABLE outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    manager_code    text NOT NULL REFERENCES road_manager (code),
    dispatch_id     bigint NOT NULL REFERENCES dispatch (id),
    -- The message's number within its call-out, one row for each way it goes.
    number          integer NOT NULL,
    contact         text NOT NULL,
    way             text NOT NULL CHECK (way IN ('webhook', 'email', 'web_push', 'voice')),
    -- Which of a contact's several addresses of this way: a push subscription's number, else 0.
    address_no      bigint NOT NULL DEFAULT 0,
    tell            jsonb NOT NULL,
    -- What the receiver sees with each attempt, always the same.
    idempotency_key uuid NOT NULL DEFAULT gen_random_uuid(),
    made_at         timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'sent', 'failed', 'not_wanted')),
    attempts        integer NOT NULL DEFAULT 0,
    due_at          timestamptz NOT NULL,
    settled_at      timestamptz,
    -- Whoever leases it last holds the highest fence; others' reports settle nothing. Leases are
    -- the database's time, which no test and no demo moves.
    fence           bigint NOT NULL DEFAULT 0,
    leased_until    timestamptz,
    UNIQUE (dispatch_id, number, contact, way, address_no)
) WITH (fillfactor = 70);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'pending';

-- Every attempt, written before it is made: one without an end was cut off.
CREATE TABLE outbox_attempt (
    outbox_id bigint NOT NULL REFERENCES outbox (id),
    fence     bigint NOT NULL,
    begun_at  timestamptz NOT NULL,
    ended_at  timestamptz,
    outcome   text CHECK (outcome IN ('sent', 'failed', 'retry', 'not_wanted')),
    detail    text NOT NULL DEFAULT '',
    PRIMARY KEY (outbox_id, fence)
);

-- One-time links to the call-out page; only their hashes are kept.
CREATE TABLE call_link (
    sha256       bytea PRIMARY KEY,
    manager_code text NOT NULL REFERENCES road_manager (code),
    dispatch_id  bigint NOT NULL REFERENCES dispatch (id),
    contact      text NOT NULL,
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX call_link_of ON call_link (dispatch_id);

-- What runs in rounds says that it ran.
CREATE TABLE worker_cycle (
    worker   text PRIMARY KEY,
    ended_at timestamptz NOT NULL,
    detail   jsonb NOT NULL
);
