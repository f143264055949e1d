-- Executions, for reports and for slices that show them.

DROP VIEW IF EXISTS reporting_production;
DROP VIEW IF EXISTS reporting_execution;
CREATE VIEW reporting_execution AS
SELECT id, workflow_id, workflow_name, version, state, priority, source, interactive, unique_key, runner_id,
    requirement_id, created_by, created_at, queued_at, assigned_at, started_at, finished_at, stop_requested_at,
    seconds, nodes, node_totals, failure,
    cpu_average, cpu_peak, memory_average, memory_peak, metric_samples
FROM execution;
COMMENT ON VIEW reporting_execution IS 'what others may read of executions';

CREATE VIEW reporting_production AS SELECT * FROM reporting_execution WHERE source <> 'studio';
COMMENT ON VIEW reporting_production IS 'the executions that figures are made of: all but runs from Studio';
