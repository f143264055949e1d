-- How far each Runner can meet each requirement.

DROP VIEW IF EXISTS fitting;
CREATE VIEW fitting AS
SELECT *, pin_fits AND type_fits AND labels_fit AND capabilities_fit AND activities_fit AS fits
FROM (
    SELECT
        q.id AS requirement_id,
        r.id AS runner_id,
        (q.runner_id IS NULL OR q.runner_id = r.id) AS pin_fits,
        (q.runner_type IS NULL OR q.runner_type = r.type) AS type_fits,
        r.labels @> q.labels AS labels_fit,
        r.capabilities @> q.capabilities AS capabilities_fit,
        (q.activities = '{}' OR coalesce(c.activities @> q.activities, false)) AS activities_fit
    FROM requirement q CROSS JOIN runner r LEFT JOIN runner_catalogue c ON c.hash = r.catalogue_hash
) compared;
COMMENT ON VIEW fitting IS 'whether a Runner can meet a requirement, and if not, why';
