-- The map's sidewalk layer asks for the newest passes of one kind of work, of all segments.
CREATE INDEX pass_sidewalk ON pass (left_at) WHERE work_kind = 'sidewalk';
