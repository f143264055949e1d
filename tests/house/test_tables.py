"""Each table of the Hub belongs to one slice: others call its functions, or read a view that it publishes."""

from __future__ import annotations

from pathlib import Path

from .tables import Use, created_tables, in_sql, used_tables, uses

HUB = Path(__file__).resolve().parents[2] / "src" / "exekra" / "hub"
MIGRATIONS = HUB / "core" / "migrations"

OWNERS = {
    "app_user": "identity/people",
    "audit_log": "trust/audit",
    "content": "contents",
    "debug_command": "work/dispatch",
    "execution": "work/ledger",
    "execution_event": "work/ledger",
    "execution_event_default": "work/ledger",
    "execution_file": "work/files",
    "hub_process": "core",
    "load_sample": "insight/dashboard",
    "rate_limit": "web/rate_limit",
    "remembered_answer": "work/dispatch",
    "requirement": "fleet/runners",
    "retention": "upkeep/retention",
    "retention_run": "upkeep/retention",
    "revoked_token": "identity/people",
    "runner": "fleet/runners",
    "runner_absence": "fleet/runners",
    "runner_catalogue": "fleet/runners",
    "runner_heartbeat": "fleet/runners",
    "runner_metric": "fleet/runners",
    "trigger": "work/triggers",
    "trigger_firing": "work/triggers",
    "uploaded_file": "work/files",
    "sign_in_attempt": "identity/people",
    "workflow": "design/workflows",
    "workflow_file": "design/workflows",
    "workflow_file_set": "design/workflows",
    "workflow_version": "design/workflows",
}

# Uses of a table that belongs to another slice. The list may only get shorter: a new need is met by a function of the
# owner's store, or by a view that the owner makes (`reporting.sql`).
FOREIGN = {
    # Which activities there are, as Runners reported them.
    "design/workflows": {"reads runner_catalogue"},
    # One statement gives an execution to a Runner; in two, another Hub could come between.
    "work/dispatch": {
        "reads execution",
        "reads requirement",
        "reads runner",
        "reads runner_catalogue",
        "reads runner_heartbeat",
        "writes execution",
        "writes runner",
    },
    # The size of a file that an execution kept.
    "work/files": {"reads content"},
    # Which Runner has an execution, and why none takes it.
    "work/ledger": {"reads requirement", "reads runner"},
}


def test_each_table_has_an_owner() -> None:
    assert created_tables(MIGRATIONS / "versions") == set(OWNERS)


def test_only_its_owner_uses_a_table() -> None:
    foreign: dict[str, set[str]] = {}
    for use, files in uses(HUB, set(OWNERS), but=MIGRATIONS).items():
        if OWNERS[use.table] != use.slice:
            foreign.setdefault(use.slice, set()).add(f"{use.how} {use.table}")
            allowed = f"{use.how} {use.table}" in FOREIGN.get(use.slice, ())
            assert allowed, f"{use.slice} ({', '.join(files)}) {use.how} {use.table}, a table of {OWNERS[use.table]}"
    assert foreign == FOREIGN, "what is no longer done leaves the list"


def test_uses_are_found_in_texts_and_not_in_prose() -> None:
    source = '''
def change(connection, columns):
    """Taken FROM runner, as it says."""
    connection.execute(f"UPDATE execution SET state = $1 FROM workflow w WHERE {columns} IN (SELECT id FROM kept)")
    connection.execute("INSERT INTO audit_log " + "SELECT 1 FROM app_user JOIN ONLY runner_metric ON true")
    connection.copy_records_to_table("execution_event", records=[])
'''
    assert set(used_tables(source)) == {
        ("writes", "execution"),
        ("reads", "workflow"),
        ("reads", "kept"),
        ("writes", "audit_log"),
        ("reads", "app_user"),
        ("reads", "runner_metric"),
        ("writes", "execution_event"),
    }
    assert list(in_sql("DELETE FROM requirement WHERE id = 1")) == [("writes", "requirement")]


def test_sql_files_and_their_folder_count(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "dispatch"
    folder.mkdir(parents=True)
    (folder / "assign.sql").write_text("SELECT 1 FROM runner JOIN elsewhere ON true")
    left_out = tmp_path / "core" / "migrations"
    left_out.mkdir(parents=True)
    (left_out / "first.py").write_text('TEXT = "SELECT 1 FROM runner"')
    found = uses(tmp_path, {"runner"}, but=left_out)
    assert found == {Use("work/dispatch", "reads", "runner"): ["assign.sql"]}
