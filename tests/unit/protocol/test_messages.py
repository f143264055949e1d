"""What one side encodes, the other decodes; anything else is one clear error."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exekra.flow.events import ExecutionFinished, ExecutionStarted, Failure, Log, NodeTotal, NodeTotals
from exekra.protocol.frames import ProtocolError, decode_from_hub, decode_from_runner, encode
from exekra.protocol.messages import (
    Acknowledge,
    Assign,
    Decline,
    Events,
    Goodbye,
    Heartbeat,
    Held,
    Hello,
    HubMessage,
    Refused,
    RunnerMessage,
    Stop,
    Welcome,
)

FROM_RUNNER: list[RunnerMessage] = [
    Hello(
        protocol=1,
        version="1.0",
        platform="linux",
        host="m1",
        catalogue_hash="ab",
        held=(Held(execution_id="e", lease=2),),
    ),
    Heartbeat(cpu_percent=1.5, memory_percent=50, memory_used_mb=1000, disk_percent=2),
    Events(
        execution_id="e",
        lease=2,
        first=7,
        events=(
            ExecutionStarted(at=1.0),
            Log(at=1.5, message="Ünïcode\n", level="warning", node="a"),
            NodeTotals(at=2.0, totals=(NodeTotal("a", 3, 0.5),)),
            ExecutionFinished(at=3.0, state="FAILED", failure=Failure(type="X", message="no", node="a")),
        ),
    ),
    Decline(execution_id="e", lease=2, reason="busy"),
]
FROM_HUB: list[HubMessage] = [
    Welcome(runner_id="r", runner_name="One"),
    Assign(execution_id="e", lease=1, workflow="w", version=3, workflows={"": "h"}, documents={"h": {"name": "w"}}),
    Stop(execution_id="e", lease=1),
    Acknowledge(execution_id="e", lease=1, sequence=9),
    Refused(execution_id="e", lease=1, reason="gone"),
    Goodbye(reason="bye"),
]


def test_both_directions_round_trip():
    assert decode_from_runner(encode(FROM_RUNNER)) == tuple(FROM_RUNNER)
    assert decode_from_hub(encode(FROM_HUB)) == tuple(FROM_HUB)


def test_one_side_does_not_take_the_others_messages():
    with pytest.raises(ProtocolError, match="Runner"):
        decode_from_runner(encode(FROM_HUB))
    with pytest.raises(ProtocolError, match="Hub"):
        decode_from_hub(encode(FROM_RUNNER))


def test_an_unknown_field_of_a_newer_version_is_ignored():
    frame = encode([FROM_HUB[2]]).replace(b'"lease"', b'"newer":1,"lease"')
    assert decode_from_hub(frame) == (FROM_HUB[2],)


@pytest.mark.parametrize(
    "frame",
    [b"", b"{}", b"[1]", b'[{"type":"stop"}]', b"\xff", b"[" * 5000, b'["\xed\xa0\x80"]'],
)
def test_nonsense_is_one_clear_error(frame):
    with pytest.raises(ProtocolError, match="cannot be read"):
        decode_from_runner(frame)
    with pytest.raises(ProtocolError, match="cannot be read"):
        decode_from_hub(frame)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(frame):
    try:
        decode_from_runner(frame)
    except ProtocolError:
        return


def test_a_schema_can_be_made_of_all_messages():
    schema = msgspec.json.schema(tuple[RunnerMessage | HubMessage, ...])
    assert len(schema["$defs"]) > 15
