-- People who sign in to the board. Passwords are kept as argon2id strings; tokens of sessions and
-- invitations as hashes alone.

CREATE TABLE account (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- In lower case.
    email       text NOT NULL UNIQUE,
    name        text NOT NULL,
    -- Null until the invitation is taken.
    password    text,
    made_at     timestamptz NOT NULL,
    disabled_at timestamptz
);

-- What an account may do, per road manager.
CREATE TABLE account_role (
    account_id   bigint NOT NULL REFERENCES account (id),
    manager_code text NOT NULL REFERENCES road_manager (code),
    role         text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    granted_by   text NOT NULL,
    granted_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, manager_code)
);
CREATE INDEX account_role_of ON account_role (manager_code);

CREATE TABLE account_session (
    sha256       bytea PRIMARY KEY,
    account_id   bigint NOT NULL REFERENCES account (id),
    made_at      timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL
);
CREATE INDEX account_session_of ON account_session (account_id);

-- A link with which a person chooses a password, once.
CREATE TABLE account_invitation (
    sha256     bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id),
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX account_invitation_of ON account_invitation (account_id);

-- Hashes, since people type passwords where an address was asked for.
CREATE TABLE sign_in_failure (
    subject_sha256 bytea PRIMARY KEY,
    count          integer NOT NULL,
    last_at        timestamptz NOT NULL
);
