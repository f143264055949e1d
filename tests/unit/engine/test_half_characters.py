"""Texts that UTF-8 cannot hold: they reach every border, and none of them may end an execution or skip a `finally`."""

from __future__ import annotations

import engine_probes
import msgspec
import pytest
from debug_person import Person, debugged

from exekra.engine.observe.masking import Masker
from exekra.flow.debugging import Breakpoint, DebugOptions, Evaluate, Resume, SetVariable
from exekra.flow.events import DebugEvaluated, DebugRefused, Event, Log, NodeLeft, VariableChanged
from exekra.flow.preview import MASK, is_whole, preview
from exekra.flow.serialization import decode_value, encode_scope
from exekra.kit.text import well_formed
from exekra.sdk.table import Table
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"
SEEN = {"title": "café \ufffd", "\ufffd": ["\ufffd"], "whole": "😀"}
ERRORS = ["half a character", "half in a refusal", "unreadable", "unreadable refusal", "shatter"]


def encodable(run: FlowRun) -> bool:
    """Whether every event can be sent."""
    return all(msgspec.json.encode(event) for event in run.events)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("plain", "plain"),
        ("caf\u00e9 \ud83d", "café \ufffd"),
        ("\ud83d\ude00 x", "😀 x"),
        ("\ud83d\ud83d\ude00", "\ufffd😀"),
        ("\udcff\udcfe.csv", "\ufffd\ufffd.csv"),
    ],
)
def test_half_a_character_is_replaced_and_two_halves_are_joined(text: str, whole: str) -> None:
    assert well_formed(text) == whole


async def test_a_value_with_half_a_character_is_kept_and_reported() -> None:
    text = """
variables: {got: {type: any}, length: {type: any}}
outputs: {got: {value: "{got}"}, length: {value: "{len(got.title)}"}}
nodes:
  t: {do: try}
  half: {do: probe.half}
  keep: {do: set_variable, with: {variable: got, value: "{half.value}"}}
  say: {do: general.log, with: {message: "{got.title}"}}
  caught: {do: probe.note, with: {value: caught}}
  clean: {do: probe.note, with: {value: cleaned}}
edges: [start -> t, t.try -> half -> keep -> say, t.catch -> caught, t.finally -> clean]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.state == "COMPLETED"
    assert encodable(run)
    assert engine_probes.state.noted == ["cleaned"]
    assert run.events[-1].outputs == {"got": SEEN, "length": 6}  # type: ignore[attr-defined]  # the last event
    assert [event.preview for event in run.of(NodeLeft) if event.node == "half"] == [{"value": SEEN}]
    assert run.logs == ["café \ufffd"]


@pytest.mark.parametrize("how", ERRORS)
async def test_catch_and_finally_run_whatever_the_error_is_like(how: str) -> None:
    text = f"""
outputs: {{why: {{value: "{{why}}"}}}}
variables: {{why: {{}}}}
nodes:
  t: {{do: try}}
  bad: {{do: probe.misbehave, with: {{how: {how}}}}}
  caught: {{do: set_variable, with: {{variable: why, value: "{{error.message}}"}}}}
  clean: {{do: probe.note, with: {{value: cleaned}}}}
edges: [start -> t, t.try -> bad, t.catch -> caught, t.finally -> clean]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.state == "COMPLETED"
    assert run.outcome.outputs["why"]
    assert encodable(run)
    assert engine_probes.state.noted == ["cleaned"]


async def test_data_that_cannot_be_looked_at_is_reported_by_its_kind() -> None:
    text = """
nodes: {h: {do: probe.hostile}, n: {do: probe.note, with: {value: after}}}
edges: [start -> h -> n]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.state == "COMPLETED"
    assert engine_probes.state.noted == ["after"]
    assert [event.preview for event in run.of(NodeLeft) if event.node == "h"] == ["<dict>"]


async def test_whoever_takes_the_events_may_fail() -> None:
    text = """
nodes:
  t: {do: try}
  bad: {do: probe.misbehave, with: {how: bug}}
  caught: {do: probe.note, with: {value: caught}}
  clean: {do: probe.note, with: {value: cleaned}}
edges: [start -> t, t.try -> bad, t.catch -> caught, t.finally -> clean]
"""

    def broken(event: Event) -> None:
        raise BrokenPipeError("nobody reads")

    run = await run_flow_text(HEAD + text, on_event=broken)
    assert run.outcome.state == "COMPLETED"
    assert engine_probes.state.noted == ["caught", "cleaned"]


async def test_a_traceback_names_no_folder_of_this_machine() -> None:
    text = "nodes: {bad: {do: probe.misbehave, with: {how: bug}}}\nedges: [start -> bad]\n"
    run = await run_flow_text(HEAD + text)
    (traceback,) = [event.message for event in run.of(Log) if event.level == "debug"]
    assert "ZeroDivisionError" in traceback
    assert 'File "engine_probes.py"' in traceback
    assert 'File "/' not in traceback


def test_a_checkpoint_keeps_half_a_character_as_it_is() -> None:
    table = Table.from_rows(["\ud83d", "b"], [("\udcff", 1)])
    scope = {"name": "\udcff.csv", "list": ["a\ud83d", "\\", '"'], "object": {"$text": "x"}, "table": table}
    kept = msgspec.json.decode(msgspec.json.encode(encode_scope(scope)))
    assert {name: decode_value(value) for name, value in kept.items()} == scope


def test_a_preview_with_a_replaced_character_is_not_the_whole_value() -> None:
    assert not is_whole(preview("a\ud83d"))


def test_a_secret_with_half_a_character_is_masked() -> None:
    masker = Masker()
    masker.add("s\udcffcret word")
    assert masker.text("The password is s\udcffcret word!") == f"The password is {MASK}!"
    assert masker.text("?q=s%ED%B3%BFcret%20word") == f"?q={MASK}"


async def test_half_a_character_that_cannot_be_stored_is_a_wrong_input() -> None:
    text = """
nodes: {a: {do: text.encode, with: {text: "{name}", encoding: base64}}}
inputs: {name: {type: any}}
edges: [start -> a]
"""
    failure = (await run_flow_text(HEAD + text, inputs={"name": "a\ud83d"})).outcome.failure
    assert failure is not None
    assert (failure.type, failure.node) == ("InputError", "a")
    assert "half a character" in failure.message


async def test_an_activity_that_takes_no_half_characters_says_so() -> None:
    class Vault:
        async def get(self, name: str) -> str:
            return "s\udcffcret word"

    text = 'nodes: {s: {do: probe.secret, with: {password: "{{credential:X}}"}}}\nedges: [start -> s]\n'
    run = await run_flow_text(HEAD + text, secrets=Vault())
    assert run.outcome.failure is not None
    assert run.outcome.failure.message == (
        "probe.secret was given a wrong input: `password`: contains half a character, which is not valid text. "
        "Replace it first."
    )


async def test_a_debugger_shows_and_takes_half_a_character() -> None:
    text = """
variables: {got: {type: any}}
nodes: {half: {do: probe.half}, keep: {do: set_variable, with: {variable: got, value: "{half.value}"}}}
edges: [start -> half -> keep]
"""
    person = Person(
        (
            Evaluate(id="1", expression="half.value.title"),
            Evaluate(id="2", expression="\ud83d"),
            SetVariable(name="got", value="\ud83d"),
            SetVariable(name="\ud83d", value=1),
            Resume(),
        )
    )
    options = DebugOptions(breakpoints=(Breakpoint(node="keep"), Breakpoint(node="\ud83d")))
    run = await debugged(text, person, options)
    assert run.outcome.state == "COMPLETED"
    assert encodable(run)
    assert person.nodes == ["keep"]
    shown, refused = run.of(DebugEvaluated)
    assert shown.value == SEEN["title"]
    assert refused.error
    assert [event.preview for event in run.of(VariableChanged)] == ["\ufffd"]
    assert len(run.of(DebugRefused)) == 2
