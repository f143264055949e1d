"""What executions told, read afterwards: logs from both ends, nodes, visits, figures."""

from __future__ import annotations

import asyncio
from typing import Any

from at_work import HubAtWork

from exekra.flow.events import (
    AnyEvent,
    Checkpoint,
    ExecutionFinished,
    ExecutionStarted,
    Failure,
    Log,
    Metric,
    NodeEntered,
    NodeLeft,
    NodeTotal,
    NodeTotals,
)
from exekra.hub.work.history import logs
from exekra.protocol.messages import Assign, Events


async def told(work: HubAtWork, *events: AnyEvent, end: bool = True) -> str:
    """An execution that told these events."""
    await work.publish()
    runner = await work.runner(carry_out=None)
    await work.start()
    assignment = await runner.expect(Assign)
    story = (ExecutionStarted(at=1), *events, *((ExecutionFinished(at=2, state="COMPLETED"),) if end else ()))
    for first in range(0, len(story), 2000):
        await runner.send(
            Events(
                execution_id=assignment.execution_id,
                lease=assignment.lease,
                first=first + 1,
                events=story[first : first + 2000],
            )
        )
    await work.until(assignment.execution_id, "COMPLETED" if end else "RUNNING")
    return assignment.execution_id


async def ask(work: HubAtWork, path: str, **params: Any) -> Any:
    answer = await work.admin.get(f"/api/executions/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def all_lines(work: HubAtWork, id: str, **params: Any) -> list[str]:
    """The messages of all pages."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await ask(work, f"{id}/logs", **params | cursor)
        found += [line["message"] for line in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_a_log_is_read_from_both_ends(work: HubAtWork) -> None:
    lines = [f"line {number}" for number in range(25)]
    id = await told(work, *(Log(at=1, message=line) for line in lines))
    assert await all_lines(work, id, limit=10) == lines
    assert await all_lines(work, id, limit=10, order="newest") == lines[::-1]
    first = await ask(work, f"{id}/logs", order="newest", limit=1)
    assert first["items"][0]["message"] == "line 24"
    wrong = await work.admin.get(f"/api/executions/{id}/logs", params={"cursor": first["next_cursor"]})
    assert wrong.status_code == 422


async def test_a_long_log_is_looked_through_in_parts(work: HubAtWork, monkeypatch: Any) -> None:
    monkeypatch.setattr(logs, "SEARCHED", 7)
    events = [Log(at=1, message=f"needle {n}" if n % 20 == 3 else "hay") for n in range(60)]
    id = await told(work, *events)
    wanted = ["needle 3", "needle 23", "needle 43"]
    assert await all_lines(work, id, text="NEEDLE") == wanted
    assert await all_lines(work, id, text="needle", order="newest") == wanted[::-1]
    assert await all_lines(work, id, text="none of them") == []
    page = await ask(work, f"{id}/logs", text="needle 43")
    assert (page["items"], bool(page["next_cursor"])) == ([], True)


async def test_lines_are_found_by_text_node_and_level_whatever_they_hold(work: HubAtWork) -> None:
    id = await told(
        work,
        Log(at=1, message='ÄPFEL "und" Birnen\n\ttab', node="a"),
        Log(at=1, message="nul \0 here", node="b", level="error"),
        Log(at=1, message="50 % _under", node="call/read", level="error"),
        Log(at=1, message="plain"),
    )
    assert await all_lines(work, id, text="äpfel") == ['ÄPFEL "und" Birnen\n\ttab']
    assert await all_lines(work, id, text='"UND"') == ['ÄPFEL "und" Birnen\n\ttab']
    assert await all_lines(work, id, text="% _") == ["50 % _under"]
    assert await all_lines(work, id, text="nul") == ["nul \0 here"]
    assert await all_lines(work, id, node="call/read") == ["50 % _under"]
    assert await all_lines(work, id, level="error", node="b") == ["nul \0 here"]


async def test_a_log_is_downloaded_as_text(work: HubAtWork) -> None:
    id = await told(work, *(Log(at=1, message=f"line {n}\nmore", node="a") for n in range(12_000)))
    answer = await work.admin.get(f"/api/executions/{id}/logs/export")
    assert answer.headers["content-type"].startswith("text/plain")
    assert f'filename="{id}.log"' in answer.headers["content-disposition"]
    text = answer.text.splitlines()
    assert len(text) == 24_000
    assert text[-2].endswith(" INFO    [a] line 11999")
    assert text[-1] == "    more"
    some = await work.admin.get(f"/api/executions/{id}/logs/export", params={"text": "line 11999"})
    assert len(some.text.splitlines()) == 2


async def test_each_node_shows_its_last_visit_and_all_its_figures(work: HubAtWork) -> None:
    failure = Failure(type="FileNotFound", message="It is not there.")
    id = await told(
        work,
        NodeEntered(at=1, node="loop"),
        NodeEntered(at=1, node="read"),
        NodeLeft(at=1, node="read", port="next", seconds=0.5, preview=["a"], size=1, inputs={"path": "x"}),
        NodeEntered(at=1, node="read", count=2),
        NodeLeft(at=1, node="read", port="error", seconds=0.1, count=2, failure=failure),
        NodeTotals(
            at=1, totals=(NodeTotal("read", 40, 2.5, 3, 2, "The separator \0 is a guess"), NodeTotal("loop", 1, 1.0))
        ),
        NodeEntered(at=1, node="read", count=41),
        end=False,
    )
    items = (await ask(work, f"{id}/nodes"))["items"]
    assert [(one["node"], one["state"], one["count"]) for one in items] == [
        ("loop", "running", 1),
        ("read", "running", 41),
    ]
    assert (items[1]["visits"], items[1]["failures"], items[1]["total_seconds"]) == (40, 3, 2.5)
    assert [(one["warnings"], one["warning"]) for one in items] == [(0, None), (2, "The separator  is a guess")]
    figures = {one["node"]: one for one in (await ask(work, id))["node_figures"]}
    assert figures["read"] | {"warnings": 2, "warning": "The separator  is a guess"} == figures["read"]
    assert (figures["loop"]["warnings"], figures["loop"]["warning"]) == (0, None)
    listed = (await work.admin.get("/api/executions")).json()["items"]
    assert [one["warnings"] for one in listed] == [2]
    visits = (await ask(work, f"{id}/visits", node="read"))["items"]
    assert [(one["state"], one["count"], one["port"]) for one in visits] == [
        ("running", 41, None),
        ("failed", 2, "error"),
        ("done", 1, "next"),
    ]
    assert visits[1]["failure"]["message"] == "It is not there."
    assert (visits[2]["preview"], visits[2]["size"], visits[2]["inputs"]) == (["a"], 1, {"path": "x"})
    assert visits[2]["entered_at"] == visits[2]["left_at"]
    page = await ask(work, f"{id}/visits", node="read", limit=1)
    rest = await ask(work, f"{id}/visits", node="read", limit=1, cursor=page["next_cursor"])
    assert [one["count"] for one in page["items"] + rest["items"]] == [41, 2, 1]


async def test_a_node_that_ran_when_the_execution_ended_runs_no_more(work: HubAtWork) -> None:
    id = await told(work, NodeEntered(at=1, node="wait"))
    assert [one["state"] for one in (await ask(work, f"{id}/nodes"))["items"]] == ["stopped"]
    assert (await ask(work, f"{id}/visits", node="nothing"))["items"] == []


async def test_a_visit_that_was_stopped_is_no_failure(work: HubAtWork) -> None:
    stopped = Failure(type="StoppedError", message="`wait` was stopped before it ended.")
    id = await told(
        work,
        NodeEntered(at=1, node="wait"),
        NodeLeft(at=1, node="wait", port="error", seconds=0.5, failure=stopped),
    )
    assert [one["state"] for one in (await ask(work, f"{id}/nodes"))["items"]] == ["stopped"]


async def test_who_has_seen_the_end_is_told_all_nodes(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    made = await work.start()
    assignment = await runner.expect(Assign)
    nodes = [f"n{number:03}" for number in range(300)]
    visits = [
        event
        for node in nodes
        for event in (NodeEntered(at=1, node=node), NodeLeft(at=1, node=node, port="next", seconds=0.1))
    ]
    totals = NodeTotals(at=1, totals=tuple(NodeTotal(node, 1, 0.1) for node in nodes))
    await runner.report(assignment, ExecutionStarted(at=1), *visits[:-1])
    await work.until(made["id"], "RUNNING")
    reporting = runner.report(assignment, visits[-1], totals, ExecutionFinished(at=2, state="COMPLETED"), first=601)
    await asyncio.gather(reporting, work.until(made["id"], "COMPLETED"))
    items = (await ask(work, f"{made['id']}/nodes"))["items"]
    assert {(one["node"], one["state"], one["visits"]) for one in items} == {(node, "done", 1) for node in nodes}


async def test_a_node_with_an_odd_id_does_no_harm(work: HubAtWork) -> None:
    odd = ["a\0b", "x" * 5000, "ä" * 500, "call/" * 99]
    id = await told(
        work, *(NodeEntered(at=1, node=node) for node in odd), Checkpoint(at=1, node="\0", port="\0", scope={})
    )
    assert {one["node"] for one in (await ask(work, f"{id}/nodes"))["items"]} == {"ä" * 500, "call/" * 99}
    assert (await ask(work, id))["restartable_from"] is None


async def test_figures_of_a_long_execution_are_thinned_and_keep_their_peaks(work: HubAtWork) -> None:
    samples = [Metric(at=1, cpu_percent=99.0 if n == 777 else 1.0, memory_mb=float(n)) for n in range(2_000)]
    id = await told(work, *samples)
    items = (await ask(work, f"{id}/metrics"))["items"]
    assert len(items) == 500
    assert max(one["cpu_percent"] for one in items) == 99.0
    assert [one["memory_mb"] for one in items] == sorted(one["memory_mb"] for one in items)
    few = await told_again(work, Metric(at=1, cpu_percent=5.0, memory_mb=7.0))
    assert [(one["cpu_percent"], one["memory_mb"]) for one in (await ask(work, f"{few}/metrics"))["items"]] == [
        (5.0, 7.0)
    ]


async def told_again(work: HubAtWork, *events: AnyEvent) -> str:
    runner = await work.runner(carry_out=None)
    made = await work.start(runner=work.id_of(runner))
    assignment = await runner.expect(Assign)
    await runner.report(assignment, ExecutionStarted(at=1), *events, ExecutionFinished(at=2, state="COMPLETED"))
    await work.until(made["id"], "COMPLETED")
    return str(made["id"])


async def test_a_stream_leaves_out_what_a_checkpoint_holds(work: HubAtWork) -> None:
    id = await told(work, Checkpoint(at=1, node="work", port="next", scope={"secret sauce": "\0" + "x" * 50_000}))
    answer = await work.admin.get(f"/api/executions/{id}/stream")
    assert "event: checkpoint" in answer.text
    assert "secret sauce" not in answer.text
    stored = (await ask(work, f"{id}/events", kind="checkpoint"))["items"]
    assert "secret sauce" in stored[0]["event"]["scope"]


async def test_what_is_not_there_is_not_found(work: HubAtWork) -> None:
    nothing = "01936b1e-0000-7000-8000-000000000000"
    for path in ("logs", "logs/export", "events", "nodes", "visits?node=a", "metrics", "stream", "scope?node=a"):
        assert (await work.admin.get(f"/api/executions/{nothing}/{path}")).status_code == 404, path
