"""Parallel: branches really run at the same time, each with a scope of its own that joins the others' at the end."""

from __future__ import annotations

import asyncio

import engine_probes
import pytest

from exekra.flow.events import NodeEntered, NodeLeft
from exekra.testing.flows import run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"


async def test_branches_meet(probes: engine_probes.State) -> None:
    probes.barrier = asyncio.Barrier(3)
    text = """
outputs: {names: {value: "{a.value} {b.value} {c.value}"}}
nodes:
  all: {do: parallel}
  a: {do: probe.meet, with: {name: a}}
  b: {do: probe.meet, with: {name: b}}
  c: {do: probe.meet, with: {name: c}}
edges: [start -> all, all.branch -> a, all.branch -> b, all.branch -> c]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.outputs == {"names": "a b c"}
    assert sorted(probes.noted) == ["a", "b", "c"]


async def test_threads_block_at_the_same_time(probes: engine_probes.State) -> None:
    text = """
nodes:
  all: {do: parallel}
  a: {do: probe.block}
  b: {do: probe.block}
edges: [start -> all, all.branch -> a, all.branch -> b]
"""

    def release_when_both_wait() -> None:
        probes.calls["waiting"] += 1
        if probes.calls["waiting"] == 2:
            probes.release.set()

    probes.on_wait = release_when_both_wait
    assert (await run_flow_text(HEAD + text)).outcome.state == "COMPLETED"


async def test_loops_in_branches_have_items_of_their_own() -> None:
    text = """
outputs: {left: {}, right: {}, sum: {}}
variables: {left: {type: list, default: []}, right: {type: list, default: []}, sum: {default: 5}}
nodes:
  all: {do: parallel}
  l: {do: for_each, with: {items: [1, 2, 3]}}
  r: {do: for_each, with: {items: [7, 8, 9]}}
  lk: {do: probe.thread, with: {value: "{item}"}}
  rk: {do: probe.thread, with: {value: "{item}"}}
  la: {do: add_to_list, with: {variable: left, value: "{lk.value + item}"}}
  ra: {do: add_to_list, with: {variable: right, value: "{rk.value + item}"}}
  after: {do: set_variable, with: {variable: sum, value: "{sum + len(left) + l.count}"}}
edges:
- start -> all
- all.branch -> l
- all.branch -> r
- l.body -> lk -> la
- r.body -> rk -> ra
- all.done -> after
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.outputs == {"left": [2, 4, 6], "right": [14, 16, 18], "sum": 11}


STOP = """
outputs: {seen: {}}
variables: {seen: {type: list, default: []}}
nodes:
  all: {do: parallel, with: {on_error: MODE}}
  bad: {do: fail, with: {message: bad}}
  attempt: {do: try}
  slow: {do: WORK}
  tidy: {do: probe.note, with: {value: tidy}}
edges: [start -> all, all.branch -> bad, all.branch -> attempt, attempt.try -> slow, attempt.finally -> tidy]
"""


async def test_the_first_failure_stops_the_others(probes: engine_probes.State) -> None:
    run = await run_flow_text(HEAD + STOP.replace("MODE", "stop").replace("WORK", "probe.wait"))
    assert run.outcome.failure is not None
    assert run.outcome.failure.node == "bad"
    assert probes.noted == ["wait cancelled", "tidy"]


async def test_or_the_others_are_waited_for(probes: engine_probes.State) -> None:
    run = await run_flow_text(HEAD + STOP.replace("MODE", "wait").replace("WORK", "probe.thread"))
    assert run.outcome.failure is not None
    assert run.outcome.failure.node == "bad"
    assert probes.noted == ["tidy"]
    assert run.counts == {"all": 1, "bad": 1, "attempt": 1, "slow": 1, "tidy": 1}


async def test_at_once_bounds_how_many_run(probes: engine_probes.State) -> None:
    text = """
nodes:
  all: {do: parallel, with: {at_once: 1}}
  a: {do: probe.thread}
  a2: {do: probe.note, with: {value: a}}
  b: {do: probe.note, with: {value: b}}
edges: [start -> all, all.branch -> a -> a2, all.branch -> b]
"""
    await run_flow_text(HEAD + text)
    assert probes.noted == ["a", "b"]


@pytest.mark.parametrize("value", ["0", "many", "true"])
async def test_at_once_must_be_a_whole_number(value: str) -> None:
    text = f"nodes: {{all: {{do: parallel, with: {{at_once: {value}}}}}}}\nedges: [start -> all]\n"
    failure = (await run_flow_text(HEAD + text)).outcome.failure
    assert failure is not None
    assert "`at_once` must be a whole number from 1" in failure.message


async def test_return_in_a_branch_ends_the_flow(probes: engine_probes.State) -> None:
    text = """
outputs: {v: {}}
nodes:
  all: {do: parallel}
  a: {do: return, with: {values: {v: 1}}}
  b: {do: probe.wait}
  after: {do: probe.note, with: {value: after}}
edges: [start -> all, all.done -> after, all.branch -> a, all.branch -> b]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.outputs == {"v": 1}
    assert "after" not in probes.noted


async def test_tight_loops_take_turns() -> None:
    text = """
variables: {a: {type: number, default: 0}, b: {type: number, default: 0}}
nodes:
  all: {do: parallel}
  la: {do: while, with: {condition: "{a < 100000}"}}
  ua: {do: set_variable, with: {variable: a, value: "{a + 1}"}}
  lb: {do: while, with: {condition: "{b < 100000}"}}
  ub: {do: set_variable, with: {variable: b, value: "{b + 1}"}}
edges: [start -> all, all.branch -> la, all.branch -> lb, la.body -> ua, lb.body -> ub]
"""
    run = await run_flow_text(HEAD + text)
    order = [event.node for event in run.events if isinstance(event, NodeEntered | NodeLeft)]
    # The second loop begins before the first one ends.
    assert order.index("lb") < max(i for i, node in enumerate(order) if node == "la")
