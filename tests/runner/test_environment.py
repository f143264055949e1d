"""Workflows see the environment variables of a list, whatever else is in the Runner's environment."""

from __future__ import annotations

import pytest
from hub_double import HubDouble, flow
from runner_process import RunnerProcess, StartRunner

from exekra.runner.children.environment import environment_of_children, read_names
from exekra.sdk.errors import SettingsError

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "a",
    "AZURE_CLIENT_SECRET": "b",
    "EXEKRA_ADMIN_PASSWORD": "c",
    "EXEKRA_DATABASE_URL": "d",
    "GITHUB_TOKEN": "e",
    "PGPASSWORD": "f",
}


@pytest.mark.parametrize("spawn", ["false", "true"], ids=["forked", "spawned"])
async def test_children_see_what_is_on_the_list_and_what_a_setting_names(
    hub: HubDouble, start_runner: StartRunner, monkeypatch: pytest.MonkeyPatch, spawn: str
) -> None:
    for name in (*SECRETS, "SAP_CLIENT", "ORACLE_HOME", "LC_ALL"):
        monkeypatch.setenv(name, "C")
    runner: RunnerProcess = await start_runner(spawn_children=spawn, pass_environment="SAP_*, ORACLE_HOME")
    await hub.until(lambda: hub.heartbeats)
    document = flow(("who", "bad.where", {})) | {"outputs": {"seen": {"value": "{who.variables}"}}}
    stored = await hub.run("e-1", document)
    assert stored.finished is not None
    seen = set(stored.finished.outputs["seen"])
    assert not seen & SECRETS.keys()
    assert {"PATH", "LC_ALL", "SAP_CLIENT", "ORACLE_HOME"} <= seen
    assert {name for name in seen if name.startswith("EXEKRA_")} == {"EXEKRA_EXECUTION_PROCESS"}
    assert runner.process.returncode is None


def test_the_runners_own_is_never_passed_on() -> None:
    environ = SECRETS | {"PATH": "/bin", "SAP_CLIENT": "100"}
    assert environment_of_children(environ) == {"PATH": "/bin"}
    everything = environment_of_children(environ, ["*"])
    assert everything == {name: value for name, value in environ.items() if not name.startswith("EXEKRA_")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("EXEKRA_MACHINE_SECRET", "belongs to the Runner"),
        ("SAP_CLIENT=100", "not a name"),
        ("A B", "separated by commas"),
    ],
)
def test_a_setting_that_names_no_variables_is_refused(text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_names(text)


def test_names_are_read_from_a_setting() -> None:
    assert read_names(" SAP_*, ORACLE_HOME ,") == ("SAP_*", "ORACLE_HOME")
    assert read_names("") == ()
