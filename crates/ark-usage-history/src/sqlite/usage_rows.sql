-- The rows of an account whose buckets start in a range, none of them overlapping: hours, and days of which not
-- all hours were answered. ?1 is the account, ?2 and ?3 the range.
SELECT p.series_id, p.endpoint_id, p.seconds, p.start, p.value, p.fetched_at, p.final
FROM usage_part p
JOIN subject w ON w.id = p.whole_id
WHERE p.start >= ?2 AND p.start < ?3
    AND w.account_id = (SELECT id FROM account WHERE number = ?1)
    AND CASE p.seconds
        WHEN 3600 THEN NOT EXISTS (
            -- A day that was answered by itself, and some hour of it was not.
            SELECT 1 FROM subject d
            JOIN span x ON x.subject_id = d.id AND x.start <= p.start AND x.stop > p.start
            WHERE d.account_id = w.account_id AND d.slice_id = w.slice_id AND d.project IS w.project
                AND d.endpoint_id IS NULL AND d.seconds = 86400
                AND 86400 > (
                    SELECT ifnull(sum(min(h.stop, p.start - (p.start - x.start) % 86400 + 86400)
                        - max(h.start, p.start - (p.start - x.start) % 86400)), 0)
                    FROM span h WHERE h.subject_id = w.id
                        AND h.start < p.start - (p.start - x.start) % 86400 + 86400
                        AND h.stop > p.start - (p.start - x.start) % 86400))
        ELSE 86400 > (
            SELECT ifnull(sum(min(x.stop, p.start + 86400) - max(x.start, p.start)), 0)
            FROM subject h
            JOIN span x ON x.subject_id = h.id AND x.start < p.start + 86400 AND x.stop > p.start
            WHERE h.account_id = w.account_id AND h.slice_id = w.slice_id AND h.project IS w.project
                AND h.endpoint_id IS NULL AND h.seconds = 3600)
        END
ORDER BY p.series_id, p.endpoint_id IS NULL, p.start;
