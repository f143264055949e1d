"""Resources of a package of somebody else's, on a real Runner: opened, handed on, closed, preloaded and needed."""

from __future__ import annotations

from pathlib import Path

from hub_double import HubDouble, flow
from runner_process import RunnerProcess

from exekra.flow.events import NodeLeft


async def test_what_an_activity_opened_is_handed_on_and_closed(
    hub: HubDouble, runner: RunnerProcess, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    document = flow(
        ("one", "teller.open_account", {"path": str(one)}),
        ("two", "teller.open_account", {"path": str(two)}),
        ("a", "teller.book", {"account": "{one.account}", "amount": 3}),
        ("b", "teller.book", {"account": "{two.account}", "amount": 4}),
        ("close", "teller.close_account", {"account": "{two.account}"}),
        ("c", "teller.book", {"account": "{one.account}", "amount": 5}),
    ) | {"outputs": {"sums": {"value": ["{a.total}", "{b.total}", "{c.total}"]}}}
    stored = await hub.run("e-1", document)
    assert stored.finished.state == "COMPLETED", stored.finished.failure
    assert stored.finished.outputs == {"sums": [3, 4, 8]}
    assert one.read_text().splitlines() == ["3.0", "5.0", "closed"]
    assert two.read_text().splitlines() == ["4.0", "closed"]
    left = {event.node: event for event in stored.events if isinstance(event, NodeLeft)}
    assert left["one"].preview["account"] == "<Account 1, open, one>"
    assert left["c"].inputs is not None
    assert left["c"].inputs["account"] == "<Account 1, open, one>"


async def test_what_a_resource_preloads_is_there_before_the_execution(
    hub: HubDouble, runner: RunnerProcess, tmp_path: Path
) -> None:
    document = flow(("one", "teller.open_account", {"path": str(tmp_path / "one")})) | {
        "outputs": {"preloaded": {"value": "{one.preloaded}"}}
    }
    for execution in ("e-1", "e-2"):
        stored = await hub.run(execution, document)
        assert stored.finished.outputs == {"preloaded": 1}, stored.finished.failure


async def test_a_runner_tells_what_its_machine_lacks(hub: HubDouble, runner: RunnerProcess) -> None:
    await hub.until(lambda: hub.catalogue)
    assert hub.catalogue is not None
    entries = {entry.id: entry for entry in hub.catalogue.entries}
    assert entries["teller.open_account"].needs == ("vault",)
    assert entries["teller.open_account"].lacks == ()
    assert entries["teller.read_card"].lacks == ("broken", "card_reader")
