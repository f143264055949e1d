-- The runs of retention, for the System page.

DROP VIEW IF EXISTS reporting_retention;
CREATE VIEW reporting_retention AS
SELECT began_at, ended_at, next_at, removed, held_back, problem FROM retention_run;
COMMENT ON VIEW reporting_retention IS 'the present or the last run';
