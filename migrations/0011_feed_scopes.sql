-- What a feed speaks for where that is not its manager's network, the clocks of small payloads, what
-- was laid before, whose keys may do more, and reports that count as passes.

ALTER TABLE feed
    -- Names of its manager's zones, normalised; null where it names none.
    ADD COLUMN covers_zones text[],
    -- Its area as a place of lines and polygons; null where it has none.
    ADD COLUMN covers_area  jsonb;

-- The newest time that a payload told of, believed or not: what the clock of a feed whose payloads
-- hold a fact or two is judged by.
ALTER TABLE feed_attempt ADD COLUMN told_at timestamptz;

ALTER TABLE laid_fact
    -- Since when it lies where it lies; null before it was first laid.
    ADD COLUMN laid_since timestamptz,
    -- Whether this version lay elsewhere before that.
    ADD COLUMN was_elsewhere boolean NOT NULL DEFAULT false;
UPDATE laid_fact SET laid_since = now(), was_elsewhere = true WHERE network_version > 0;

ALTER TABLE laid_fact DROP CONSTRAINT laid_fact_kind_check;
ALTER TABLE laid_fact ADD CONSTRAINT laid_fact_kind_check
    CHECK (kind IN ('closure', 'plan', 'zone', 'work_log', 'report'));

-- A key that may record on roads of any manager, as for the police.
ALTER TABLE api_key ADD COLUMN any_manager boolean NOT NULL DEFAULT false;

-- The work that a report is about.
ALTER TABLE report ADD COLUMN work_kind text NOT NULL DEFAULT 'plowing';
