"""Resources: opened by activities with options, handed on as handles, several of a kind, and always closed."""

from __future__ import annotations

import msgspec
import pytest
import resource_probes
from debug_person import Person, debugged

from exekra.flow.debugging import Breakpoint, DebugOptions, StartAt
from exekra.flow.events import Checkpoint, Failure, NodeLeft
from exekra.flow.preview import is_whole
from exekra.flow.serialization import resources_in
from exekra.sdk.activity import find_activity
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"
TWO = """
variables: {door: {type: any}}
outputs: {names: {value: ["{a.name}", "{b.name}", "{c.name}"]}}
nodes:
  front: {do: probe.open_door, with: {name: front}}
  back: {do: probe.open_door, with: {name: back}}
  keep: {do: set_variable, with: {variable: door, value: "{back.door}"}}
  a: {do: probe.go, with: {door: "{front.door}"}}
  b: {do: probe.go, with: {door: "{door}"}}
  c: {do: probe.knock, with: {door: "{front.door}"}}
edges: [start -> front -> back -> keep -> a -> b -> c]
"""


@pytest.fixture(autouse=True)
def notes() -> list[str]:
    """What became of the doors."""
    resource_probes.notes.clear()
    return resource_probes.notes


def failure(run: FlowRun) -> Failure:
    assert run.outcome.failure is not None
    return run.outcome.failure


async def test_several_of_a_kind_are_handed_on_and_closed_at_the_end(notes: list[str]) -> None:
    run = await run_flow_text(HEAD + TWO)
    assert run.outcome.outputs == {"names": ["front", "back", "front"]}
    assert notes == ["front opened", "back opened", "back closed", "front closed"]
    shown = {event.node: (event.preview, event.inputs) for event in run.of(NodeLeft)}
    assert shown["back"] == ({"door": "<Door 2, open, back>", "width": 90}, {"name": "back"})
    assert shown["keep"] == ("<Door 2, open, back>", {"value": "<Door 2, open, back>"})
    assert shown["c"] == ({"name": "front", "users": 0}, {"door": "<Door 1, open, front>"})
    assert not is_whole(shown["keep"][0])


async def test_they_are_closed_after_a_failure_and_an_error_of_one_keeps_no_other_open(notes: list[str]) -> None:
    text = """
nodes:
  front: {do: probe.open_door, with: {name: front}}
  back: {do: probe.open_door, with: {name: back, stuck: true}}
  bad: {do: fail, with: {message: "no"}}
edges: [start -> front -> back -> bad]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.state == "FAILED"
    assert notes == ["front opened", "back opened", "back closed", "front closed"]
    assert run.logs == ["Door could not be closed: OSError: it is stuck"]


@pytest.mark.parametrize("shut", ["probe.shut, with: {door: ", "probe.shut_any, with: {say: it, resource: "])
async def test_an_activity_closes_one_and_a_later_use_says_so(shut: str, notes: list[str]) -> None:
    text = f"""
nodes:
  front: {{do: probe.open_door, with: {{name: front}}}}
  shut: {{do: {shut}"{{front.door}}"}}}}
  go: {{do: probe.go, with: {{door: "{{front.door}}"}}}}
edges: [start -> front -> shut -> go]
"""
    run = await run_flow_text(HEAD + text)
    assert failure(run).type == "ResourceClosedError"
    assert failure(run).message == (
        "`door` is a Door that is closed: `front` opened it, and `shut` closed it. Open another one, or close it later."
    )
    assert [note for note in notes if "shutting" not in note] == ["front opened", "front closed"]
    assert [event.inputs for event in run.of(NodeLeft) if event.node == "go"] == [{"door": "<Door 1, closed, front>"}]


async def test_one_that_cannot_be_closed_is_the_failure_of_the_node_that_closes_it() -> None:
    text = """
nodes:
  front: {do: probe.open_door, with: {name: front, stuck: true}}
  shut: {do: probe.shut, with: {door: "{front.door}"}}
edges: [start -> front -> shut]
"""
    run = await run_flow_text(HEAD + text)
    assert (failure(run).node, failure(run).type) == ("shut", "OSError")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"{w.window}"', "`door` must be a Door, but is a Window that is open."),
        ("front", "`door` must be a Door that a node before opened, such as `{open.result}`, but is a text."),
        ('"{len(w)}"', "`door` must be a Door that a node before opened, such as `{open.result}`, but is a number."),
    ],
)
async def test_what_is_no_handle_of_that_kind_is_refused(value: str, said: str) -> None:
    text = f"""
nodes: {{w: {{do: probe.open_window}}, go: {{do: probe.go, with: {{door: {value}}}}}}}
edges: [start -> w -> go]
"""
    run = await run_flow_text(HEAD + text)
    assert (failure(run).type, failure(run).message) == ("InputError", said)


async def test_none_is_needed_where_the_input_may_be_null() -> None:
    text = 'nodes: {k: {do: probe.knock}, n: {do: probe.knock, with: {door: "{k.name}"}}}\nedges: [start -> k -> n]\n'
    assert (await run_flow_text(HEAD + text)).outcome.state == "COMPLETED"


async def test_one_that_is_given_on_is_the_same(notes: list[str]) -> None:
    text = """
nodes:
  front: {do: probe.open_door, with: {name: front}}
  same: {do: probe.same_door, with: {door: "{front.door}"}}
  shut: {do: probe.shut, with: {door: "{same.door}"}}
edges: [start -> front -> same -> shut]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.state == "COMPLETED"
    assert notes == ["front opened", "front closed"]


async def test_branches_take_turns_with_one_and_called_workflows_may_use_it() -> None:
    text = """
outputs: {users: {value: ["{a.users}", "{call.users}"]}}
nodes:
  front: {do: probe.open_door, with: {name: front}}
  both: {do: parallel}
  a: {do: probe.go, with: {door: "{front.door}", turns: 5}}
  call: {do: call_workflow, with: {workflow: Other, inputs: {door: "{front.door}"}}}
edges: [start -> front -> both, both.branch -> a, both.branch -> call]
"""
    other = """
format: exekra.flow/1
name: Other
inputs: {door: {type: any}}
outputs: {users: {value: "{go.users}"}}
nodes: {go: {do: probe.go, with: {door: "{door}", turns: 5}}}
edges: [start -> go]
"""
    run = await run_flow_text(HEAD + text, workflows={"Other": other})
    assert run.outcome.outputs == {"users": [1, 1]}, run.outcome.failure


async def test_it_is_no_output_and_no_text() -> None:
    run = await run_flow_text(HEAD + TWO.replace('names: {value: ["{a.name}", "{b.name}", "{c.name}"]}', "door: {}"))
    assert failure(run).type == "OutputNotData"
    assert failure(run).message.startswith("The output `door` is a Door that is ")
    text = """
nodes:
  front: {do: probe.open_door, with: {name: front}}
  say: {do: general.log, with: {message: "It is {front.door}"}}
edges: [start -> front -> say]
"""
    run = await run_flow_text(HEAD + text)
    assert failure(run).node == "say"


async def test_a_checkpoint_says_which_one_is_missing_and_going_on_without_it_fails_clearly() -> None:
    whole = await run_flow_text(HEAD + TWO, checkpoint_each=True)
    kept = msgspec.json.decode(msgspec.json.encode([event.scope for event in whole.of(Checkpoint)]))[2]
    assert kept["door"] == {"$resource": {"kind": "Door", "opened_by": "back", "title": "back"}}
    assert resources_in(kept) == ["back", "door", "front"]
    run = await run_flow_text(HEAD + TWO, start_at=StartAt(node="b", scope=kept))
    assert (failure(run).node, failure(run).type) == ("b", "ResourceClosedError")
    assert failure(run).message == (
        "`door` is a Door that is not open in this execution: it was opened by `back` in the one that this one "
        "continues. Start at that node, or open another one."
    )


async def test_a_debugger_shows_it() -> None:
    person = Person()
    await debugged(TWO, person, DebugOptions(breakpoints=(Breakpoint(node="b"),)))
    assert person.pauses[0].scope["door"] == "<Door 2, open, back>"


def test_an_activity_needs_what_its_resources_need() -> None:
    for id, needs in (
        ("probe.open_door", ("hinges",)),
        ("probe.go", ("hinges",)),
        ("probe.knock", ("hinges", "knuckles")),
        ("probe.open_window", ()),
    ):
        definition = find_activity(id)
        assert definition is not None
        assert definition.entry.needs == needs
    opened = find_activity("probe.open_door")
    assert opened is not None
    assert opened.entry.outputs[0].schema == {"x-widget": "any", "x-resource": "Door"}
