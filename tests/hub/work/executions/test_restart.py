"""Beginning in the middle: which values a node gets, and when that is refused."""

from __future__ import annotations

from typing import Any

import pytest
from at_work import HubAtWork

from exekra.flow.events import (
    AnyEvent,
    Checkpoint,
    ExecutionFinished,
    ExecutionStarted,
    Failure,
    NodeEntered,
    NodeLeft,
    NodeTotal,
    NodeTotals,
)
from exekra.hub.work.restarts.values import ReportedVisit, first_scope, rebuild
from exekra.hub.work.restarts.version_graph import VersionGraph
from exekra.protocol.messages import Assign

ROW: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Row",
    "inputs": {"number": {"type": "number"}, "who": {"type": "text", "default": "Ada"}},
    "variables": {"total": {"type": "number", "default": 0}},
    "nodes": {
        "first": {"do": "set_variable", "with": {"variable": "total", "value": "{number}"}},
        "choose": {"do": "if", "with": {"condition": "{number > 1}"}},
        "each": {"do": "for_each", "with": {"items": [1], "item": "row"}},
        "inner": {"do": "set_variable", "with": {"variable": "total", "value": "{total + row}"}},
        "last": {"do": "set_variable", "with": {"variable": "total", "value": "{total + 1}"}},
    },
    "edges": [
        "start -> first -> choose",
        "choose.then -> each",
        "each.body -> inner",
        "each.done -> last",
        "choose.else -> last",
    ],
}
STARTED = ExecutionStarted(at=1)


def failed(*, node: str = "last") -> ExecutionFinished:
    return ExecutionFinished(at=2, state="FAILED", failure=Failure(type="Wrong", message="No.", node=node))


async def run(work: HubAtWork, *events: AnyEvent, **more: Any) -> tuple[str, Assign]:
    """An execution that told these events; its assignment too."""
    runner = await work.runner(carry_out=None)
    made = await work.start("Row", runner=work.id_of(runner), **{"inputs": {"number": 3}} | more)
    assignment = await runner.expect(Assign)
    await runner.report(assignment, STARTED, *events)
    await work.until(made["id"], "COMPLETED", "FAILED", "STOPPED")
    return str(made["id"]), assignment


async def scope(work: HubAtWork, id: str, node: str, **params: Any) -> dict[str, Any]:
    answer = await work.admin.get(f"/api/executions/{id}/scope", params={"node": node} | params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_checkpoint_gives_the_values_of_the_node_behind_its_port(work: HubAtWork) -> None:
    await work.publish(ROW)
    kept = {"number": 3, "who": "Ada", "total": 7}
    id, _ = await run(
        work,
        Checkpoint(at=1, node="first", port="next", scope={"total": 3}),
        Checkpoint(at=1, node="choose", port="else", scope=kept),
        failed(),
    )
    assert (await work.get(id))["restartable_from"] == "last"
    assert await scope(work, id, "last") == {"scope": kept, "exact": True, "missing": [], "taken_after": "choose"}
    assert (await scope(work, id, "choose"))["taken_after"] == "first"
    first = await scope(work, id, "first")
    assert first == {
        "scope": {"number": 3, "who": "Ada", "total": 0},
        "exact": True,
        "missing": [],
        "taken_after": None,
    }
    assert (await work.admin.get(f"/api/executions/{id}/scope", params={"node": "lst"})).status_code == 404
    assert (await scope(work, id, "each"))["exact"] is False, "that way was not taken"


async def test_again_goes_on_where_it_failed_with_what_was_kept(work: HubAtWork) -> None:
    await work.publish(ROW)
    id, _ = await run(work, Checkpoint(at=1, node="choose", port="else", scope={"total": 7, "number": 3}), failed())
    runner = await work.runner(carry_out=None)
    answer = await work.admin.post(f"/api/executions/{id}/again", json={"from_failed": True})
    assert answer.status_code == 201, answer.text
    # It is pinned to the Runner of the first, which has nothing to do.
    read = await work.get(answer.json()["id"])
    assert read["started_from"] == {"node": "last", "execution_id": id}
    row = (await work.fetch("SELECT start_at FROM execution WHERE started_from_execution IS NOT NULL"))[0]
    assert row["start_at"] == {"node": "last", "scope": {"total": 7, "number": 3}}
    plain = await work.admin.post(f"/api/executions/{id}/again")
    assert (await work.get(plain.json()["id"]))["started_from"] is None
    assert not [message for message in runner.received if isinstance(message, Assign)]


async def test_an_assignment_carries_where_to_begin(work: HubAtWork) -> None:
    await work.publish(ROW)
    _, assignment = await run(
        work, ExecutionFinished(at=2, state="COMPLETED"), start_at={"node": "last", "scope": {"total": 1}}
    )
    assert assignment.start_at is not None
    assert (assignment.start_at.node, assignment.start_at.scope, assignment.start_at.only) == (
        "last",
        {"total": 1},
        False,
    )
    assert not assignment.checkpoint_each


async def test_what_began_in_the_middle_and_failed_there_begins_there_again(work: HubAtWork) -> None:
    await work.publish(ROW)
    id, _ = await run(work, failed(), start_at={"node": "last", "scope": {"total": 5}})
    read = await work.get(id)
    assert (read["restartable_from"], read["started_from"]) == ("last", {"node": "last", "execution_id": None})
    found = await scope(work, id, "last")
    assert (found["exact"], found["scope"]["total"]) == (True, 5)


async def test_without_a_checkpoint_it_is_refused_with_the_reason(work: HubAtWork) -> None:
    await work.publish(ROW)
    id, _ = await run(work, failed(node="first"))
    assert (await work.get(id))["restartable_from"] is None
    for body in ({"from_failed": True}, {"from_node": "last"}):
        answer = await work.admin.post(f"/api/executions/{id}/again", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no-checkpoint")
        assert answer.json()["error"]["hint"]
    start = await work.admin.post(f"/api/executions/{id}/again", json={"from_node": "first"})
    assert start.status_code == 201, "the first node needs no checkpoint"
    assert (await work.admin.post(f"/api/executions/{id}/again", json={"from_node": "nothing"})).status_code == 404
    assert (await work.admin.post(f"/api/executions/{id}/again", json={"version": 9})).status_code == 404


@pytest.mark.parametrize(
    ("start_at", "status", "words"),
    [
        ({"node": "inner", "scope": {}}, 422, "Start at `each`"),
        ({"node": "frist", "scope": {}}, 422, "Did you mean `first`"),
        ({"node": "last", "scope": {"x": "y" * 1_000_000}}, 422, "bytes"),
        ({"node": "last", "scope": {}, "execution_id": "01936b1e-0000-7000-8000-000000000000"}, 201, ""),
        ({"node": "last", "execution_id": "01936b1e-0000-7000-8000-000000000000"}, 404, "no such execution"),
        ({"node": "inner", "scope": {}, "only": True}, 201, ""),
        ({"node": "a\0", "scope": {}}, 422, "NUL"),
    ],
)
async def test_where_an_execution_can_begin(work: HubAtWork, start_at: Any, status: int, words: str) -> None:
    await work.publish(ROW)
    body = {"workflow": "Row", "inputs": {"number": 1}, "start_at": start_at}
    answer = await work.admin.post("/api/executions", json=body)
    assert answer.status_code == status, answer.text
    assert words in answer.text


async def test_an_input_may_come_with_the_values(work: HubAtWork) -> None:
    await work.publish(ROW)
    body = {"workflow": "Row", "start_at": {"node": "last", "scope": {"number": 4}}}
    assert (await work.admin.post("/api/executions", json=body)).status_code == 201
    body["start_at"] = {"node": "last", "scope": {"number": "four"}}
    assert (await work.admin.post("/api/executions", json=body)).status_code == 422


async def test_values_are_put_together_where_none_were_kept(work: HubAtWork) -> None:
    await work.publish(ROW)
    id, _ = await run(
        work,
        NodeEntered(at=1, node="first"),
        NodeLeft(at=1, node="first", port="next", seconds=0, preview=3),
        NodeEntered(at=1, node="each"),
        NodeLeft(at=1, node="inner", port="next", seconds=0, preview=4),
        NodeLeft(at=1, node="each", port="done", seconds=0, preview={"count": 1}),
        NodeEntered(at=1, node="last"),
        NodeLeft(at=1, node="last", port="next", seconds=0, preview=99),
        NodeTotals(at=1, totals=(NodeTotal("inner", 1, 0.0),)),
        ExecutionFinished(at=2, state="COMPLETED"),
    )
    found = await scope(work, id, "last")
    assert found == {
        "scope": {"number": 3, "who": "Ada", "total": 4, "each": {"count": 1}},
        "exact": False,
        "missing": [],
        "taken_after": None,
    }
    inner = await scope(work, id, "inner")
    assert inner["missing"] == ["row"]
    body = {"workflow": "Row", "inputs": {"number": 1}, "start_at": {"node": "last", "execution_id": id}}
    assert (await work.admin.post("/api/executions", json=body)).status_code == 201
    body["start_at"] = {"node": "inner", "execution_id": id, "only": True}
    refused = await work.admin.post("/api/executions", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "values-missing")


async def test_a_node_that_is_new_takes_the_values_kept_before_it(work: HubAtWork) -> None:
    workflow = await work.publish(ROW)
    id, _ = await run(work, Checkpoint(at=1, node="choose", port="else", scope={"total": 7, "number": 1}), failed())
    new = {"do": "set_variable", "with": {"variable": "total", "value": 0}}
    edges = [*ROW["edges"][:4], "choose.else -> new -> last"]
    document = ROW | {"nodes": ROW["nodes"] | {"new": new}, "edges": edges}
    saved = await work.admin.post(f"/api/workflows/{workflow}/versions", json={"document": document, "based_on": 1})
    assert saved.status_code == 201, saved.text
    found = await scope(work, id, "new", version=2)
    assert (found["exact"], found["taken_after"]) == (True, "choose")
    start = {"node": "new", "execution_id": id}
    body = {"workflow": "Row", "version": 2, "inputs": {"number": 1}, "start_at": start}
    assert (await work.admin.post("/api/executions", json=body)).status_code == 201


def told(preview: Any, *, count: int = 1, total: int = 1) -> ReportedVisit:
    return ReportedVisit(sequence=1, count=count, total=total, preview=preview)


def test_a_value_that_was_shortened_or_may_be_old_is_missing() -> None:
    graph = VersionGraph.of(ROW)
    begun = first_scope(graph, {"number": 1})
    for one, missing in (
        (told(5), []),
        (told("long…"), ["total"]),
        (told(5, count=9, total=12), ["total"]),
        (told(5, count=12, total=12), []),
    ):
        rebuilt = rebuild(graph, "last", begun, {"inner": one})
        assert rebuilt.missing == missing
        assert ("total" in rebuilt.scope) is (not missing)
    assert begun["total"] == 0, "what was given is not changed"


TYPES: dict[str, tuple[object, object]] = {  # What an input is given as, and what a checkpoint makes of it.
    "text": ("a", "a"),
    "number": (1.5, 1.5),
    "boolean": (False, False),
    "date": ("2026-11-20", {"$date": "2026-11-20"}),
    "time": ("17:30", {"$time": "17:30:00"}),
    "duration": ("PT1H", {"$duration": "PT3600S"}),
    "list": ([1], [1]),
    "object": ({"$date": 1}, {"$object": {"$date": 1}}),
    "table": ([{"a": 1}], {"$table": {"columns": ["a"], "rows": [[1]]}}),
    "file": ("orders.xlsx", "orders.xlsx"),
    "any": ({"a": 1}, {"a": 1}),
}


@pytest.mark.parametrize("type", TYPES)
async def test_a_checkpoint_is_gone_on_with_whatever_type_an_input_has(work: HubAtWork, type: str) -> None:
    given, kept = TYPES[type]
    await work.publish(
        {
            "format": "exekra.flow/1",
            "name": "Row",
            "inputs": {
                "left": {"type": type, "default": given},
                "empty": {"type": type, "default": None},
                "given": {"type": type},
            },
            "variables": {"x": {}},
            "nodes": {name: {"do": "set_variable", "with": {"variable": "x", "value": 1}} for name in ("a", "b")},
            "edges": ["start -> a -> b"],
        }
    )
    values = {"left": kept, "empty": None, "given": kept}
    id, _ = await run(
        work,
        Checkpoint(at=1, node="a", port="next", scope=values),
        failed(node="b"),
        inputs={"given": given, "empty": None},
    )
    for ask in ({"from_failed": True}, {"from_node": "b"}):
        answer = await work.admin.post(f"/api/executions/{id}/again", json=ask)
        assert answer.status_code == 201, answer.text


async def test_what_a_checkpoint_could_not_have_kept_is_refused(work: HubAtWork) -> None:
    await work.publish(ROW)
    start_at = {"node": "last", "scope": {"number": {"$date": "2026-11-20"}}}
    answer = await work.admin.post("/api/executions", json={"workflow": "Row", "start_at": start_at})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "The input 'number' must be a number, not an object."


async def test_what_was_an_open_resource_is_named_as_missing(work: HubAtWork) -> None:
    await work.publish(ROW)
    kept = {"number": 3, "who": "Ada", "total": 7}
    door = {"$resource": {"kind": "Door", "opened_by": "first", "title": "front"}}
    id, _ = await run(work, Checkpoint(at=1, node="choose", port="else", scope=kept | {"doors": [door]}), failed())
    found = await scope(work, id, "last")
    assert (found["exact"], found["missing"]) == (True, ["doors"])
    again = await work.admin.post(f"/api/executions/{id}/again", json={"from_failed": True})
    assert again.status_code == 201, "whether it is needed is seen where it is used"


async def test_paths_of_given_files_become_files_again(work: HubAtWork) -> None:
    await work.publish(ROW)
    uploaded = await work.admin.post("/api/files", params={"name": "a.txt"}, content=b"Hello")
    runner = await work.runner(carry_out=None)
    start_at = {"node": "first", "scope": {"number": 3, "who": uploaded.json()}}
    ids: list[str] = []
    for kept in (True, False):
        made = await work.start("Row", runner=work.id_of(runner), start_at=start_at)
        ids.append(made["id"])
        assignment = await runner.expect(Assign)
        path = f"/srv/runner/temporary/{made['id']}.1/inputs/1/a.txt"
        left = NodeLeft(at=1, node="first", port="next", seconds=0, preview=path)
        checkpoint = Checkpoint(at=1, node="choose", port="else", scope={"who": path, "total": path})
        await runner.report(assignment, STARTED, left, *([checkpoint] if kept else []), failed())
        await work.until(made["id"], "FAILED")
    for id, exact in zip(ids, (True, False), strict=True):
        found = await scope(work, id, "last")
        assert (found["exact"], found["missing"]) == (exact, [])
        assert found["scope"]["who"]["name"] == "a.txt"
        assert found["scope"]["total"] == found["scope"]["who"]
