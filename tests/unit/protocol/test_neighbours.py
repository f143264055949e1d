"""Neighbouring versions work together: what one side does not know is skipped, and what it lacks is not sent."""

from __future__ import annotations

import json
import logging
from typing import Any

import msgspec
import pytest
from tests.recorded.frames import PROTOCOL_1, STORIES, messages

from exekra.flow.debugging import Alive, Resume
from exekra.flow.events import ExecutionStarted, Log, NodeTotal, NodeTotals
from exekra.protocol import messages as protocol
from exekra.protocol.frames import ProtocolError, decode_from_hub, decode_from_runner, encode
from exekra.protocol.messages import Debug, Events, HubMessage, RunnerMessage, Stop
from exekra.protocol.versions import OLDEST_PROTOCOL, PROTOCOL_VERSION, REQUIRED, agreed_version, understood

STOP = Stop(execution_id="e", lease=1)


@pytest.mark.parametrize("name", STORIES)
def test_every_recorded_message_of_protocol_1_is_understood_and_none_of_it_is_lost(name):
    for side, decode in (("runner", decode_from_runner), ("hub", decode_from_hub)):
        for message in messages(name, side):
            assert holds(json.loads(encode(decode(json.dumps([message])))), [message])


def holds(newer: Any, recorded: Any) -> bool:
    """Whether everything that was recorded stands in its place; a list may have gained elements at its end."""
    if isinstance(recorded, dict):
        return newer.keys() == recorded.keys() and all(holds(newer[key], recorded[key]) for key in recorded)
    if isinstance(recorded, list):
        return len(newer) >= len(recorded) and all(map(holds, newer, recorded))
    return newer == recorded


def test_figures_of_a_node_from_a_neighbour_without_warnings_and_with_more_than_is_known():
    frame = b'{"event":"node.totals","at":1.0,"totals":[["a",3,0.5],["b",3,0.5,1,2,"odd","newer"]]}'
    totals = msgspec.json.decode(frame, type=NodeTotals).totals
    assert totals == (NodeTotal("a", 3, 0.5, 0, 0, None), NodeTotal("b", 3, 0.5, 1, 2, "odd"))


def test_the_recorded_frames_hold_every_kind_of_message_of_protocol_1():
    recorded = {message["type"] for name in STORIES for side in ("runner", "hub") for message in messages(name, side)}
    schema = json.loads((PROTOCOL_1 / "schema.json").read_text())
    known = {
        schema["$defs"][one["$ref"].rpartition("/")[2]]["properties"]["type"]["enum"][0]
        for side in ("RunnerMessage", "HubMessage")
        for one in schema[side]["anyOf"]
    }
    assert recorded == known


def test_every_message_since_protocol_1_needs_a_capability():
    schema = json.loads((PROTOCOL_1 / "schema.json").read_text())["$defs"]
    for kind in (RunnerMessage | HubMessage).__args__:
        assert kind.__name__ in schema or kind in REQUIRED, f"{kind.__name__} has no entry in versions.REQUIRED"


def test_an_unknown_message_is_skipped_and_logged_once(caplog):
    frame = b'[{"type":"waltz","steps":[{"a":1}]},' + encode([STOP])[1:]
    with caplog.at_level(logging.WARNING, "exekra.protocol"):
        assert decode_from_hub(frame) == decode_from_hub(frame) == (STOP,)
    assert [record.getMessage() for record in caplog.records] == [
        "Skipped the message waltz: the Hub has a newer version of Exekra than this side."
    ]


def test_a_flood_of_unknown_messages_does_not_fill_the_log(caplog):
    with caplog.at_level(logging.WARNING, "exekra.protocol"):
        for number in range(300):
            assert decode_from_runner(json.dumps([{"type": f"flood{number}"}])) == ()
    assert len(caplog.records) <= 100


def test_an_unknown_event_becomes_a_line_of_the_log_so_that_the_numbers_have_no_gap():
    events = Events(execution_id="e", lease=1, first=7, events=(ExecutionStarted(at=1.0), Log(at=3.0, message="m")))
    frame = json.loads(encode([events]))
    frame[0]["events"].insert(1, {"event": "node.danced", "at": 2.0, "turns": 3})
    (decoded,) = decode_from_runner(json.dumps(frame))
    assert isinstance(decoded, Events)
    assert decoded.first == 7
    started, unknown, log = decoded.events
    assert (started, log) == events.events
    assert isinstance(unknown, Log)
    assert (unknown.at, unknown.level) == (2.0, "debug")
    assert '"event": "node.danced"' in unknown.message


def test_an_unknown_debug_command_is_skipped():
    debug = Debug(execution_id="e", lease=1, commands=(Alive(), Resume()))
    frame = json.loads(encode([debug]))
    frame[0]["commands"].insert(1, {"command": "rewind"})
    assert decode_from_hub(json.dumps(frame)) == (debug,)


@pytest.mark.parametrize(
    "frame",
    [
        b'[{"type":"dance"},{"type":"stop","execution_id":"e"}]',
        b'[{"type":"dance"},{"type":"hello"}]',
        b'[{"type":"events","execution_id":"e","lease":1,"first":1,"events":[{"event":"log","at":1}]}]',
        b'[{"type":"dance"},{"type":"debug","execution_id":"e","lease":1,"commands":[{}]}]',
        b'[{"type":7}]',
        b'[{"type":"dance"}',
    ],
)
def test_a_known_message_that_is_wrong_is_still_an_error(frame):
    for decode in (decode_from_hub, decode_from_runner):
        with pytest.raises(ProtocolError, match="cannot be read"):
            decode(frame)


def test_what_the_receiver_lacks_is_not_sent(monkeypatch):
    class Dance(protocol.Message, frozen=True, kw_only=True, tag="dance"):
        """A later message."""

    monkeypatch.setitem(REQUIRED, Dance, "dancing")
    sent: list[Any] = [STOP, Dance()]
    assert understood(sent, ()) == [STOP]
    assert understood(sent, {"dancing"}) == sent


def test_the_newest_version_that_both_speak_is_agreed_on():
    assert agreed_version(1, 1) == 1
    assert agreed_version(1, PROTOCOL_VERSION) == PROTOCOL_VERSION
    assert agreed_version(1, PROTOCOL_VERSION + 5) == PROTOCOL_VERSION
    assert agreed_version(PROTOCOL_VERSION + 1, PROTOCOL_VERSION + 1) is None
    assert agreed_version(OLDEST_PROTOCOL - 1, OLDEST_PROTOCOL - 1) is None
