-- Workflows, for reports and for slices that name them.

DROP VIEW IF EXISTS reporting_workflow;
CREATE VIEW reporting_workflow AS
SELECT id, name, folded_name, description, updated_at, archived_at FROM workflow;
COMMENT ON VIEW reporting_workflow IS 'what others may read of workflows';
