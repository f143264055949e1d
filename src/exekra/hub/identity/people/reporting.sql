-- Users, for reports and for slices that name them.

DROP VIEW IF EXISTS reporting_user;
CREATE VIEW reporting_user AS SELECT id, email, name FROM app_user;
COMMENT ON VIEW reporting_user IS 'what others may read of users: nothing that lets anybody in';
