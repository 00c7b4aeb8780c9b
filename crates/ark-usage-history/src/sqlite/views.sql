-- Views for people. Only plain slices are in them, and no usage twice: all rows of a metric add up to the
-- whole. Joins are written so that a series is looked up once, and its points are read in their order.

-- The points that count. Of a whole beside its parts, the whole; of two plain slices, the one that is told
-- apart further. `whole` is 1 for what endpoints may explain, `apart` where endpoints were asked for by
-- themselves.
CREATE VIEW usage_line AS
SELECT u.id AS subject_id, w.id AS whole_id, u.seconds, s.id AS series_id, s.metric, s.endpoint_id,
    u.whole_id IS NULL AND s.level = 0 AS whole,
    EXISTS (SELECT 1 FROM subject e WHERE e.whole_id = u.id) AS apart,
    p.start, p.value, p.fetched_at, p.final
FROM series s
CROSS JOIN subject u ON u.id = s.subject_id
CROSS JOIN slice l ON l.id = u.slice_id AND l.plain = 1
CROSS JOIN subject w ON w.id = ifnull(u.whole_id, u.id)
CROSS JOIN point p ON p.series_id = s.id
WHERE (s.part = 0 OR NOT EXISTS (
        SELECT 1 FROM series c JOIN point q ON q.series_id = c.id AND q.start = p.start
        WHERE c.subject_id = s.subject_id AND c.metric = s.metric AND c.part = 0))
    AND (w.covered = 0 OR NOT EXISTS (
        SELECT 1 FROM subject b
        JOIN slice f ON f.id = b.slice_id AND f.plain = 1 AND f.action = l.action
        JOIN span x ON x.subject_id = b.id AND x.start <= p.start AND x.stop > p.start
        WHERE b.account_id = w.account_id AND b.seconds = w.seconds AND b.project IS w.project
            AND b.endpoint_id IS NULL
            AND (f.keys > l.keys OR f.keys = l.keys AND b.id < w.id)));

-- The rows of both views below. `rest` is 1 where a row is a whole, or what no endpoint of it explains.
CREATE VIEW usage_part AS
SELECT seconds, whole_id, series_id, endpoint_id, whole AS rest, start, value, fetched_at, final
FROM usage_line WHERE whole = 0 OR apart = 0 AND endpoint_id IS NULL
UNION ALL
-- A line of the whole that names an endpoint, unless the endpoint was asked for by itself.
SELECT seconds, whole_id, series_id, endpoint_id, 0, start, value, fetched_at, final
FROM usage_line n
WHERE whole = 1 AND endpoint_id IS NOT NULL AND (apart = 0 OR NOT EXISTS (
    SELECT 1 FROM subject e JOIN series t ON t.subject_id = e.id AND t.metric = n.metric
    JOIN point q ON q.series_id = t.id AND q.start = n.start
    WHERE e.whole_id = n.whole_id AND e.endpoint_id = n.endpoint_id))
UNION ALL
-- Lines of the whole that name none: less what endpoints explain of them, in the row of the first.
SELECT seconds, whole_id, series_id, NULL, 1, start,
    CASE WHEN explained IS NULL THEN value ELSE together - explained END, fetched_at, final
FROM (
    SELECT n.*,
        (SELECT sum(q.value) FROM subject e
            CROSS JOIN series t ON t.subject_id = e.id AND t.metric = n.metric
            CROSS JOIN point q ON q.series_id = t.id AND q.start = n.start
            WHERE e.whole_id = n.whole_id AND (t.part = 0 OR NOT EXISTS (
                SELECT 1 FROM series c JOIN point o ON o.series_id = c.id AND o.start = q.start
                WHERE c.subject_id = t.subject_id AND c.metric = t.metric AND c.part = 0))
        ) AS explained,
        sum(value) OVER bucket AS together, min(series_id) OVER bucket AS first
    FROM usage_line n WHERE n.whole = 1 AND n.apart = 1 AND n.endpoint_id IS NULL
    WINDOW bucket AS (PARTITION BY subject_id, metric, start)
)
WHERE explained IS NULL OR first = series_id AND together <> explained;

-- One row for each hour, endpoint, set of tags and metric.
CREATE VIEW usage_hour AS
SELECT a.number AS account_id, a.profile, l.action AS api, u.project, p.endpoint_id,
    e.name AS endpoint_name, ifnull(s.model, e.model) AS model,
    ifnull(s.model_version, e.model_version) AS model_version, e.labels, s.tags, s.metric,
    s.level = 0 AS additive, p.start, datetime(p.start, 'unixepoch') AS utc, p.value,
    CASE WHEN p.final = 1 THEN 'final' ELSE 'settling' END AS state, p.fetched_at
FROM usage_part p
CROSS JOIN series s ON s.id = p.series_id
CROSS JOIN subject u ON u.id = s.subject_id
CROSS JOIN slice l ON l.id = u.slice_id
CROSS JOIN account a ON a.id = u.account_id
LEFT JOIN endpoint e ON e.account_id = u.account_id AND e.id = p.endpoint_id
WHERE p.seconds = 3600;

-- One row for each day of the service's calendar (UTC+8): sums of hours; where not all hours of a day
-- were answered, the day as it was fetched by itself, if it was.
CREATE VIEW usage_day AS
WITH summed AS (
    SELECT p.whole_id, p.series_id, p.endpoint_id, p.rest, p.seconds,
        (p.start + 28800) / 86400 * 86400 - 28800 AS start, s.level,
        CASE WHEN s.level = 0 THEN sum(p.value) ELSE max(p.value) END AS value,
        max(p.fetched_at) AS fetched_at, min(p.final) AS final, count(*) AS hours
    FROM usage_part p CROSS JOIN series s ON s.id = p.series_id
    -- All but time follows from the series and `rest`.
    GROUP BY p.series_id, p.rest, (p.start + 28800) / 86400
),
chosen AS (
    SELECT d.*,
        (SELECT sum(min(x.stop, d.start + 86400) - max(x.start, d.start)) FROM span x
            WHERE x.subject_id = CASE WHEN d.seconds = 3600 THEN w.id ELSE o.id END
                AND x.start < d.start + 86400 AND x.stop > d.start) AS hours_answered,
        (SELECT count(*) FROM span x
            WHERE x.subject_id = CASE WHEN d.seconds = 86400 THEN w.id ELSE o.id END
                AND x.start <= d.start AND x.stop > d.start) AS day_answered
    FROM summed d
    JOIN subject w ON w.id = d.whole_id
    -- The same project in the other width: 3600 and 86400 are 90000.
    LEFT JOIN subject o ON o.account_id = w.account_id AND o.slice_id = w.slice_id
        AND o.project IS w.project AND o.endpoint_id IS NULL AND o.seconds = 90000 - w.seconds
)
SELECT a.number AS account_id, a.profile, l.action AS api, u.project, c.endpoint_id,
    e.name AS endpoint_name, ifnull(s.model, e.model) AS model,
    ifnull(s.model_version, e.model_version) AS model_version, e.labels, s.tags, s.metric,
    s.level = 0 AS additive, c.start, date(c.start + 28800, 'unixepoch') AS day, c.value,
    CASE WHEN c.final = 1 AND (c.seconds = 86400 OR ifnull(c.hours_answered, 86400) = 86400)
        THEN 'final' ELSE 'settling' END AS state, c.fetched_at
FROM chosen c
JOIN series s ON s.id = c.series_id
JOIN subject u ON u.id = s.subject_id
JOIN slice l ON l.id = u.slice_id
JOIN account a ON a.id = u.account_id
LEFT JOIN endpoint e ON e.account_id = u.account_id AND e.id = c.endpoint_id
WHERE CASE
    WHEN c.seconds = 3600 THEN c.hours_answered = 86400 OR c.day_answered = 0
    ELSE ifnull(c.hours_answered, 0) < 86400
        AND (c.day_answered > 0 OR ifnull(c.hours_answered, 0) = 0 AND NOT EXISTS (
            SELECT 1 FROM subject h JOIN span x ON x.subject_id = h.id
                AND x.start < c.start + 86400 AND x.stop > c.start
            WHERE h.account_id = u.account_id AND h.slice_id = u.slice_id AND h.project IS u.project
                AND h.endpoint_id IS u.endpoint_id AND h.seconds = 3600))
    END;
