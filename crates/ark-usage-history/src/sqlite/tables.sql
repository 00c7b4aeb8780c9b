-- Version 1: what is kept. Times are unix seconds, the end of a span is not included.

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,    -- as GetCallerIdentity gives it
    profile TEXT                    -- as last seen
);

-- A question apart from account, project, endpoint and time. Points of two slices are never added.
CREATE TABLE slice (
    id INTEGER PRIMARY KEY,
    action TEXT NOT NULL,           -- such as GetUsage
    question TEXT NOT NULL UNIQUE,  -- JSON: action, filters, group_by
    plain INTEGER NOT NULL,         -- 1 when nothing is filtered
    keys INTEGER NOT NULL           -- the number of keys it is grouped by
);

-- A project of an account, or one endpoint of it, seen through a slice, in hours or in days.
CREATE TABLE subject (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    slice_id INTEGER NOT NULL REFERENCES slice (id),
    project TEXT,                   -- NULL where no ProjectName was sent
    endpoint_id TEXT,               -- NULL for the whole project
    seconds INTEGER NOT NULL,       -- 3600 or 86400
    whole_id INTEGER REFERENCES subject (id),  -- of an endpoint: its project; of a project: NULL
    covered INTEGER NOT NULL DEFAULT 0         -- 1 when another plain slice is told apart further
);
CREATE INDEX subject_place ON subject (account_id, slice_id, project, endpoint_id, seconds);
CREATE INDEX subject_whole ON subject (whole_id, endpoint_id);

-- The windows that the service has answered: a bucket without a point had none.
CREATE TABLE span (
    subject_id INTEGER NOT NULL REFERENCES subject (id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    PRIMARY KEY (subject_id, start)
) WITHOUT ROWID;

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    subject_id INTEGER NOT NULL REFERENCES subject (id),
    metric TEXT NOT NULL,
    tags TEXT NOT NULL,             -- JSON: the tags of the response
    endpoint_id TEXT,               -- of the tags or of the subject; NULL where neither names one
    model TEXT,                     -- of the tags
    model_version TEXT,             -- of the tags
    level INTEGER NOT NULL,         -- 1 when values must not be added up
    part INTEGER NOT NULL,          -- 1 when another series of its subject has fewer of its tags
    UNIQUE (subject_id, metric, tags)
);

CREATE TABLE point (
    series_id INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    value INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,    -- the last answer with this value
    final INTEGER NOT NULL,         -- 1 when it had settled by then
    PRIMARY KEY (series_id, start)
) WITHOUT ROWID;

-- Values that points had before.
CREATE TABLE former (
    series_id INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    value INTEGER NOT NULL,
    final INTEGER NOT NULL,
    PRIMARY KEY (series_id, start, fetched_at)
) WITHOUT ROWID;

-- Names as last seen; `listed` is the entry of the service's list, as JSON.
CREATE TABLE project (
    account_id INTEGER NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    listed TEXT NOT NULL,
    PRIMARY KEY (account_id, name)
);                                  -- rowid: the order of the last list

CREATE TABLE endpoint (
    account_id INTEGER NOT NULL REFERENCES account (id),
    id TEXT NOT NULL,
    name TEXT,
    project TEXT,
    model TEXT,
    model_version TEXT,
    labels TEXT NOT NULL,           -- JSON: the tags that people gave it
    listed TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
) WITHOUT ROWID;

CREATE TABLE api_key (
    account_id INTEGER NOT NULL REFERENCES account (id),
    id TEXT NOT NULL,
    name TEXT,
    PRIMARY KEY (account_id, id)
) WITHOUT ROWID;
