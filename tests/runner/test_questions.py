"""What executions ask of the Hub: through a real child and a real Runner, to a double of the Hub and back."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hub_double import HubDouble, flow
from runner_process import RunnerProcess
from tenacity import RetryCallState

from exekra.protocol.messages import Answer, Ask, AskFailure, EndAsk, HubMessage, Welcome
from exekra.runner.agent import Agent
from exekra.runner.children.channel import Asked
from exekra.runner.home import Home
from exekra.runner.settings import RunnerSettings

StartRunner = Callable[..., Awaitable[RunnerProcess]]
NULL = msgspec.Raw(b"null")


class AskedHub(HubDouble):
    """Notes what it is asked; answers with `answer`, or not at all while that is None."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Ask] = []
        self.ended: list[EndAsk] = []
        self.answer: Callable[[Ask], Answer | None] = lambda _: None
        self.capabilities: tuple[str, ...] = ("ask",)

    def _answers(self, message: Any) -> list[HubMessage]:
        if isinstance(message, Ask):
            self.asked.append(message)
            answer = self.answer(message)
            return [] if answer is None else [answer]
        if isinstance(message, EndAsk):
            self.ended.append(message)
            return []
        return [
            msgspec.structs.replace(one, capabilities=self.capabilities) if isinstance(one, Welcome) else one
            for one in super()._answers(message)
        ]


def answer(to: Ask, body: Any = None, **more: Any) -> Answer:
    raw = msgspec.Raw(json.dumps(body).encode())
    return Answer(execution_id=to.execution_id, lease=to.lease, id=to.id, body=raw, **more)


def refuse(code: str, **more: Any) -> Callable[[Ask], Answer]:
    return lambda ask: answer(ask, failure=AskFailure(code=code, message=f"Because {code}.", **more))


def asking(do: str = "asking.ask", **inputs: Any) -> dict[str, Any]:
    document = flow(
        ("ask", do, {"topic": "hub.time"} | inputs),
        ("keep", "set_variable", {"variable": "answer", "value": "{ask.answer}"}),
    )
    return document | {"outputs": {"answer": {"type": "any"}}, "variables": {"answer": {"type": "any"}}}


@pytest.fixture
async def hub() -> AsyncIterator[AskedHub]:
    asked = AskedHub()
    await asked.start()
    yield asked
    await asked.stop()


async def connected(hub: HubDouble, start_runner: StartRunner) -> None:
    await start_runner()
    await hub.until(lambda: hub.heartbeats)


async def test_an_activity_asks_and_gets_the_answer(hub: AskedHub, runner: RunnerProcess) -> None:
    hub.answer = lambda ask: answer(ask, {"heard": json.loads(bytes(ask.body))})
    for do in ("asking.ask", "asking.ask_in_thread"):
        stored = await hub.run(do.partition(".")[2].replace("_", "-"), asking(do, body={"n": [1, "ä"]}))
        assert stored.finished
        assert stored.finished.outputs == {"answer": {"heard": {"n": [1, "ä"]}}}, stored.finished.failure
    assert [ask.topic for ask in hub.asked] == ["hub.time", "hub.time"]
    assert hub.ended == [], "nothing was remembered that could be forgotten"


async def test_an_answer_that_the_hub_remembers_is_confirmed(hub: AskedHub, start_runner: StartRunner) -> None:
    await connected(hub, start_runner)
    hub.answer = lambda ask: answer(ask, 1, remembered=True)
    assert (await hub.run("x", asking())).finished
    await hub.until(lambda: hub.ended)
    assert (hub.ended[0].execution_id, hub.ended[0].id) == ("x", hub.asked[0].id)


@pytest.mark.parametrize(
    ("code", "type"),
    [("unknown-topic", "UnknownTopicError"), ("not-found", "AskRefusedError"), ("timed-out", "AskTimedOutError")],
)
async def test_a_refusal_is_a_typed_error(hub: AskedHub, start_runner: StartRunner, code: str, type: str) -> None:
    await connected(hub, start_runner)
    hub.answer = refuse(code)
    finished = (await hub.run("x", asking())).finished
    assert finished
    assert finished.failure
    assert (finished.failure.type, finished.failure.message) == (type, f"Because {code}.")


async def test_no_answer_before_the_deadline_is_an_error_and_the_question_is_withdrawn(
    hub: AskedHub, start_runner: StartRunner
) -> None:
    await connected(hub, start_runner)
    for do in ("asking.ask", "asking.ask_in_thread"):
        finished = (await hub.run(do.partition(".")[2].replace("_", "-"), asking(do, deadline=0.3))).finished
        assert finished
        assert finished.failure
        assert finished.failure.type == "AskTimedOutError"
        assert "0.3 s" in finished.failure.message
    assert hub.asked[0].seconds is not None
    assert 0 < hub.asked[0].seconds <= 0.3
    await hub.until(lambda: len(hub.ended) == 2)


@pytest.mark.parametrize("do", ["asking.ask", "asking.ask_in_thread"])
async def test_a_stopped_execution_withdraws_its_question(hub: AskedHub, start_runner: StartRunner, do: str) -> None:
    await connected(hub, start_runner)
    stored = await hub.assign("x", asking(do))
    await hub.until(lambda: hub.asked)
    await hub.stop_execution("x")
    await hub.until(lambda: hub.ended and stored.finished)
    assert stored.finished
    assert stored.finished.state == "STOPPED"
    assert not any("did not react" in line for line in stored.log)


async def test_a_time_limit_of_the_node_withdraws_its_question(hub: AskedHub, start_runner: StartRunner) -> None:
    await connected(hub, start_runner)
    document = asking()
    document["nodes"]["ask"]["timeout"] = 0.3
    finished = (await hub.run("x", document)).finished
    assert finished
    assert finished.failure
    assert finished.failure.type == "TimedOutError"
    await hub.until(lambda: hub.ended)


async def test_a_question_waits_for_a_hub_that_is_away_and_is_asked_again_with_the_same_id(
    hub: AskedHub, start_runner: StartRunner
) -> None:
    await connected(hub, start_runner)
    stored = await hub.assign("x", asking())
    await hub.until(lambda: hub.asked)
    await hub.stop()
    hub.answer = lambda ask: answer(ask, "late")
    await hub.start()
    await hub.until(lambda: stored.finished)
    assert stored.finished
    assert stored.finished.outputs == {"answer": "late"}
    assert len(hub.asked) == 2
    assert hub.asked[0].id == hub.asked[1].id


async def test_a_question_that_shall_not_wait_fails_when_the_hub_goes_away(
    hub: AskedHub, start_runner: StartRunner
) -> None:
    await connected(hub, start_runner)
    stored = await hub.assign("x", asking(when_away="fail"))
    await hub.until(lambda: hub.asked)
    await hub.stop()
    await hub.start()
    await hub.until(lambda: stored.finished)
    assert stored.finished
    assert stored.finished.failure
    assert stored.finished.failure.type == "HubAwayError"
    assert len(hub.asked) == 1


async def test_a_hub_that_cannot_answer_now_is_asked_again_where_the_asker_waits(
    hub: AskedHub, start_runner: StartRunner
) -> None:
    await connected(hub, start_runner)
    hub.answer = lambda ask: refuse("hub-away", retryable=True)(ask) if len(hub.asked) < 2 else answer(ask, "now")
    finished = (await hub.run("x", asking())).finished
    assert finished
    assert finished.outputs == {"answer": "now"}
    hub.answer = refuse("hub-away", retryable=True)
    finished = (await hub.run("y", asking(when_away="fail"))).finished
    assert finished
    assert finished.failure
    assert finished.failure.type == "HubAwayError"


async def test_a_hub_that_is_too_old_to_be_asked_is_named_as_the_reason(
    hub: AskedHub, start_runner: StartRunner
) -> None:
    hub.capabilities = ()
    await connected(hub, start_runner)
    finished = (await hub.run("x", asking())).finished
    assert finished
    assert finished.failure
    assert finished.failure.type == "UnknownTopicError"
    assert "too old" in finished.failure.message
    assert hub.asked == []


async def test_questions_travel_by_polling_too(hub: AskedHub, start_runner: StartRunner) -> None:
    hub.websockets = False
    await connected(hub, start_runner)
    hub.answer = lambda ask: answer(ask, "polled")
    finished = (await hub.run("x", asking())).finished
    assert finished
    assert finished.outputs == {"answer": "polled"}


async def test_what_is_not_json_or_too_large_is_not_sent(hub: AskedHub, start_runner: StartRunner) -> None:
    await connected(hub, start_runner)
    hub.answer = lambda ask: answer(ask, None)
    finished = (await hub.run("x", asking(body="x" * 1_100_000))).finished
    assert finished
    assert finished.failure
    assert finished.failure.type == "InputError"
    assert "1,048,576" in finished.failure.message
    assert hub.asked == []


async def test_the_runner_comes_back_soon_while_a_question_waits(tmp_path: Path) -> None:
    settings = RunnerSettings(
        hub_url="http://127.0.0.1:1", machine_key="FC-TEST", runner_home=tmp_path / "home", work_folder=tmp_path
    )
    with contextlib.closing(Home(settings.runner_home)) as home:
        agent = Agent(settings, home)
        agent._back_at = 60.0
        assert agent._pause(RetryCallState(None, None, (), {})) == 60.0  # type: ignore[arg-type]  # not looked at
        asked = Asked(id=1, topic="hub.time", body=NULL, seconds=None, when_away="wait")
        agent._questions.ask("x", 1, asked, lambda _: None)
        assert agent._pause(RetryCallState(None, None, (), {})) == 2.0  # type: ignore[arg-type]  # not looked at
