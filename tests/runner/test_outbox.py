"""The child's events on their way to the Runner: put together, in order, bounded."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest

from exekra.flow.events import Checkpoint, Event, ExecutionFinished, Log, Metric
from exekra.runner.children import outbox as module
from exekra.runner.children.channel import HEADER, Kind
from exekra.runner.children.outbox import Outbox, frames


def parse(frame: bytes) -> tuple[Kind, int, list[dict[str, Any]]]:
    length, count, kind = HEADER.unpack_from(frame)
    payload = frame[HEADER.size :]
    assert len(payload) == length
    events = msgspec.json.decode(payload)
    assert len(events) == count
    return Kind(kind), count, events


def finish(**more: object) -> ExecutionFinished:
    return ExecutionFinished(at=0.0, state="COMPLETED", **more)  # type: ignore[arg-type]  # as given by the test


def test_the_end_is_marked() -> None:
    (frame,) = frames([Log(at=0.0, message="a"), finish()])
    kind, count, _ = parse(frame)
    assert (kind, count) == (Kind.FINISHED, 2)


def test_a_frame_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_FRAME", 300)
    events: list[Event] = [Log(at=0.0, message=str(number) * 20) for number in range(30)]
    parsed = [parse(frame) for frame in frames([*events, finish()])]
    assert all(len(msgspec.json.encode(items)) < 400 for _, _, items in parsed)
    assert sum(count for _, count, _ in parsed) == 31
    assert [kind for kind, _, _ in parsed] == [Kind.EVENTS] * (len(parsed) - 1) + [Kind.FINISHED]


def test_outputs_that_are_too_large_are_a_failure_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_EVENT", 1000)
    (frame,) = frames([finish(outputs={"table": "x" * 2000}, nodes=3)])
    _, _, (event,) = parse(frame)
    assert event["state"] == "FAILED"
    assert event["nodes"] == 3
    assert "Write them to a file" in event["failure"]["message"]


def test_another_event_that_is_too_large_is_left_out_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_EVENT", 1000)
    (frame,) = frames([Log(at=0.0, message="x" * 2000)])
    assert "left out" in parse(frame)[2][0]["message"]


def test_what_cannot_be_encoded_is_repaired_or_replaced() -> None:
    (frame,) = frames(
        [
            Log(at=0.0, message="caf\u00e9 \ud83d"),
            Checkpoint(at=0.0, node="a", port="next", scope={"x": object()}),
            finish(outputs={"\udcff": ["\ud83d\ude00"]}),
        ]
    )
    kind, _, (log, instead, end) = parse(frame)
    assert kind is Kind.FINISHED
    assert log["message"] == "café \ufffd"
    assert instead["event"] == "log"
    assert "left out: it cannot be written as JSON" in str(instead["message"])
    assert (end["state"], end["outputs"]) == ("COMPLETED", {"\ufffd": ["😀"]})


def test_the_last_event_comes_even_if_it_cannot_be_encoded() -> None:
    (frame,) = frames([finish(outputs={"x": object()})])
    kind, _, (end,) = parse(frame)
    assert (kind, end["state"], end["failure"]["type"]) == (Kind.FINISHED, "FAILED", "OutputNotData")


def test_events_of_many_threads_all_arrive() -> None:
    written: list[bytes] = []
    box = Outbox(written.append)

    def work(name: int) -> None:
        for number in range(500):
            box.put(Log(at=0.0, message=f"{name} {number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    box.put(finish())
    box.close()
    events = [event for frame in written for event in parse(frame)[2]]
    messages = [str(event["message"]) for event in events if event["event"] == "log"]
    for name in range(4):
        assert [m for m in messages if m.startswith(f"{name} ")] == [f"{name} {number}" for number in range(500)]
    assert events[-1]["event"] == "execution.finished"
    assert events[-2]["event"] == "metric"


def test_a_reader_that_does_not_read_makes_the_writer_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    read = threading.Event()

    def write(frame: bytes) -> None:
        read.wait()

    box = Outbox(write)
    put = []

    def work() -> None:
        for number in range(50):
            box.put(Metric(at=0.0, cpu_percent=0, memory_mb=number))
            put.append(number)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    assert len(put) <= 20
    read.set()
    thread.join(5)
    assert len(put) == 50
