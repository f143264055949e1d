"""Activities that ask the Hub, as the engine sees it: without a Hub, and with one that is made up."""

from __future__ import annotations

import asyncio
import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from exekra.engine.services.asking import HubQuestions, Question
from exekra.engine.services.context import ActivityContext
from exekra.sdk.context import LARGEST_ASK_BYTES, Context, KeptFile
from exekra.sdk.errors import (
    AskTimedOutError,
    DefinitionError,
    HubAwayError,
    InputError,
    NoHubError,
    StoppedError,
    UnknownTopicError,
)
from exekra.testing.context import FakeContext


class MadeUpHub:
    """Gives the body back; for the topic "wait" it never answers."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.withdrawn = 0
        self.heard = asyncio.Event()

    async def ask(self, question: Question) -> Any:
        self.asked.append(question)
        self.heard.set()
        if question.topic == "wait":
            try:
                await asyncio.Event().wait()
            finally:
                self.withdrawn += 1
        return json.loads(question.body)


def context(hub: MadeUpHub | None) -> ActivityContext:
    return ActivityContext(
        execution_id="x",
        node="ask",
        work_folder=Path(),
        temporary_folder=Path,
        write_log=lambda *_: None,
        keep=lambda *_: KeptFile(name="", size=0),
        questions=HubQuestions(hub),
    )


async def test_a_question_goes_to_the_hub_as_json_and_its_answer_comes_back():
    hub = MadeUpHub()
    assert await context(hub).ask("echo", {"a": [1, None]}, when_away="fail") == {"a": [1, None]}
    assert hub.asked == [Question(topic="echo", body=b'{"a":[1,null]}', seconds=60.0, when_away="fail")]


async def test_a_thread_asks_too():
    asking = context(MadeUpHub())
    assert await asyncio.to_thread(asking.ask_and_wait, "echo", "b") == "b"


async def test_without_a_hub_it_is_an_error_by_name_that_says_what_to_do():
    with pytest.raises(NoHubError, match=r"'hub\.time'.*Runner"):
        await context(None).ask("hub.time")
    with pytest.raises(NoHubError):
        await asyncio.to_thread(context(None).ask_and_wait, "hub.time")


@pytest.mark.parametrize(
    "body",
    [
        object(),
        float,
        {"a": {1, object()}},
        "\ud83d",
        "x" * LARGEST_ASK_BYTES,
        [{"a": float("nan")}, None],
        {1: -float("inf")},
    ],
)
async def test_what_cannot_be_sent_is_refused_before_it_is_sent(body):
    hub = MadeUpHub()
    with pytest.raises(InputError, match="'echo'"):
        await context(hub).ask("echo", body)
    assert hub.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": 5},
        {"topic": "\ud800"},
        {"deadline": True},
        {"deadline": "5"},
        {"deadline": float("nan")},
        {"deadline": 10**5000},
        {"when_away": "x"},
        {"when_away": []},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_arguments_of_a_wrong_type_are_refused_before_it_is_sent(wrong: dict[str, Any]):
    hub = MadeUpHub()
    asking = context(hub)
    given: dict[str, Any] = {"topic": "echo"} | wrong
    with pytest.raises(InputError, match="must be"):
        await asking.ask(**given)
    with pytest.raises(InputError, match="must be"):
        await asyncio.to_thread(lambda: asking.ask_and_wait(**given))
    assert hub.asked == []


@pytest.mark.parametrize("deadline", [5, 0.5e9, float("inf"), None])
async def test_any_number_of_seconds_is_a_deadline(deadline: float | None):
    assert await context(MadeUpHub()).ask("echo", None, deadline=deadline) is None


async def test_a_date_travels_as_text():
    day: Any = datetime.date(2026, 1, 31)
    assert await context(MadeUpHub()).ask("echo", day) == "2026-01-31"


async def test_the_deadline_withdraws_the_question():
    hub = MadeUpHub()
    with pytest.raises(AskTimedOutError, match=r"'wait' within 0\.01 s"):
        await context(hub).ask("wait", deadline=0.01)
    with pytest.raises(AskTimedOutError):
        await asyncio.to_thread(context(hub).ask_and_wait, "wait", deadline=0.01)
    assert hub.withdrawn == 2


async def test_a_thread_that_is_asked_to_stop_waits_no_longer():
    hub = MadeUpHub()
    asking = context(hub)
    thread = asyncio.create_task(asyncio.to_thread(asking.ask_and_wait, "wait", deadline=None))
    await hub.heard.wait()
    asking.ask_to_stop()
    with pytest.raises(StoppedError):
        await thread
    assert hub.withdrawn == 1
    with pytest.raises(StoppedError):
        await asyncio.to_thread(asking.ask_and_wait, "wait")


async def test_the_event_loop_would_wait_for_itself():
    with pytest.raises(DefinitionError, match=r"await context\.ask"):
        context(MadeUpHub()).ask_and_wait("echo")


async def test_the_fake_answers_as_the_test_says():
    fake = FakeContext()
    fake.answers = {"hub.time": "2026-01-31T12:00:00+00:00", "double": lambda body: body * 2, "away": HubAwayError()}
    assert await fake.ask("hub.time") == "2026-01-31T12:00:00+00:00"
    assert fake.ask_and_wait("double", 4) == 8
    with pytest.raises(HubAwayError):
        await fake.ask("away")
    with pytest.raises(UnknownTopicError, match=r"context\.answers"):
        await fake.ask("else")
    assert fake.asked == [("hub.time", None), ("double", 4), ("away", None), ("else", None)]


async def test_a_context_of_somebody_elses_that_knows_no_questions_has_no_hub():
    class Own(Context):
        def log(self, message: str, level: str = "info") -> None:
            """Nothing."""

        def raise_if_stopped(self) -> None:
            """Nothing."""

        def keep_file(self, path: str | Path, *, name: str | None = None, move: bool = False) -> KeptFile:
            """Nothing."""
            return KeptFile(name="", size=0)

    with pytest.raises(NoHubError):
        await Own().ask("hub.time")
