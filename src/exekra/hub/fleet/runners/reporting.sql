-- Runners, for reports and for slices that name them.

DROP VIEW IF EXISTS reporting_runner;
CREATE VIEW reporting_runner AS
SELECT id, name, type, labels, state, online, connection_id, execution_id, version, host, lost_at, problem,
    catalogue_hash IS NOT NULL AS known
FROM runner;
COMMENT ON VIEW reporting_runner IS 'what others may read of Runners; known when one was ever connected';

DROP VIEW IF EXISTS reporting_runner_absence;
CREATE VIEW reporting_runner_absence AS SELECT runner_id, began_at, ended_at FROM runner_absence;
COMMENT ON VIEW reporting_runner_absence IS 'when Runners were OFFLINE';
