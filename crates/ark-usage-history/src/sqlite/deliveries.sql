-- Version 3: the samples that other systems have received, such as by remote write.

CREATE TABLE receiver (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE       -- such as its URL
);

CREATE TABLE delivered_series (
    id INTEGER PRIMARY KEY,
    receiver_id INTEGER NOT NULL REFERENCES receiver (id),
    name TEXT NOT NULL,             -- as the sender names it
    UNIQUE (receiver_id, name)
);

CREATE TABLE delivered (
    series_id INTEGER NOT NULL REFERENCES delivered_series (id),
    at INTEGER NOT NULL,
    value INTEGER NOT NULL,         -- the sum of the samples that were confirmed
    samples INTEGER NOT NULL,       -- their number: a value that changed is sent as a difference
    in_flight INTEGER,              -- a sample that was begun and not confirmed
    PRIMARY KEY (series_id, at)
) WITHOUT ROWID;
