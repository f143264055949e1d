-- Which contents the Runner of an execution fetches.

DROP VIEW IF EXISTS execution_content;
CREATE VIEW execution_content AS
SELECT execution_id, content_id FROM execution_file WHERE kind = 'input';
COMMENT ON VIEW execution_content IS 'the contents that the Runner of an execution may fetch';
