"""Questions of executions at the Hub: who may ask, what becomes of repeated ones, and how a refusal looks."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from at_work import HubAtWork, eventually
from signed_in import make_client

from exekra.flow.events import ExecutionFinished, ExecutionStarted
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import NotFound, Unavailable
from exekra.hub.core.topics import Question
from exekra.protocol.frames import decode_from_hub, encode
from exekra.protocol.messages import Answer, Ask, Assign, EndAsk, Events, Held, Hello
from exekra.sdk.errors import BusinessError
from exekra.testing.simulated_runner import SimulatedRunner, authenticate


async def begin(work: HubAtWork) -> tuple[SimulatedRunner, Assign]:
    await work.publish()
    runner = await work.runner(carry_out=None)
    await work.start()
    assignment = await runner.expect(Assign)
    await runner.report(assignment, ExecutionStarted(at=1.0))
    return runner, assignment


def ask(of: Assign, topic: str, body: Any = None, id: int = 1, **more: Any) -> Ask:
    raw = msgspec.Raw(json.dumps(body).encode())
    return Ask(execution_id=of.execution_id, lease=of.lease, id=id, topic=topic, body=raw, **more)


async def asked(runner: SimulatedRunner, question: Ask) -> Answer:
    await runner.send(question)
    return await runner.expect(Answer)


async def test_the_hubs_time_can_be_asked(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    before = work.clock.now()
    answer = await asked(runner, ask(assignment, "hub.time"))
    assert (answer.id, answer.failure, answer.remembered) == (1, None, False)
    assert before <= datetime.fromisoformat(json.loads(bytes(answer.body))) <= work.clock.now()


@pytest.mark.parametrize(
    ("question", "code", "words"),
    [
        (lambda of: ask(of, "no.topic"), "unknown-topic", "may be older"),
        (lambda of: ask(of, "hub.time", {"x": 1}), "invalid", "not valid"),
        (lambda of: ask(of, "hub.time", "x" * 1_100_000), "too-large", "1,048,576"),
        (lambda of: msgspec.structs.replace(ask(of, "hub.time"), lease=9), "assignment-given-up", "revoked"),
        (lambda of: msgspec.structs.replace(ask(of, "hub.time"), execution_id="x"), "invalid", "not valid"),
    ],
)
async def test_what_cannot_be_answered_says_why(work: HubAtWork, question: Any, code: str, words: str) -> None:
    runner, assignment = await begin(work)
    answer = await asked(runner, question(assignment))
    assert answer.failure
    assert answer.failure.code == code
    assert words in answer.failure.message


async def test_only_the_runner_that_holds_the_assignment_may_ask(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    other = await work.runner(carry_out=None)
    answer = await asked(other, ask(assignment, "hub.time"))
    assert answer.failure
    assert answer.failure.code == "assignment-given-up"
    await runner.report(assignment, ExecutionFinished(at=2.0, state="COMPLETED"), first=2)
    await work.until(assignment.execution_id, "COMPLETED")
    answer = await asked(runner, ask(assignment, "hub.time", id=2))
    assert answer.failure
    assert answer.failure.code == "assignment-given-up"


async def test_the_refusal_of_a_handler_keeps_its_code_and_kind(work: HubAtWork) -> None:
    errors = [
        NotFound("There is no such thing.", code="no-thing"),
        BusinessError("The invoice is wrong."),
        RuntimeError("secret 4711"),
        Unavailable("The database does not answer."),
    ]

    async def fail(question: Question[int]) -> None:
        raise errors[question.body]

    work.hub.topics.add("fail", int, fail)
    runner, assignment = await begin(work)
    failures = [(await asked(runner, ask(assignment, "fail", body, id=body))).failure for body in range(4)]
    assert [(one.code, one.kind, one.retryable) for one in failures if one] == [
        ("no-thing", "application", False),
        ("refused", "business", False),
        ("internal", "application", False),
        ("hub-away", "application", True),
    ]
    assert "4711" not in str(failures)


async def test_a_large_answer_is_refused_and_not_cut(work: HubAtWork) -> None:
    async def much(question: Question[None]) -> str:
        return "x" * 1_100_000

    work.hub.topics.add("much", None, much)
    runner, assignment = await begin(work)
    answer = await asked(runner, ask(assignment, "much"))
    assert answer.failure
    assert answer.failure.code == "answer-too-large"


class Counter:
    """A topic that must not happen twice: each question adds a row and gets the number of rows."""

    def __init__(self, work: HubAtWork) -> None:
        self.calls = 0
        self.entered = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        work.hub.topics.add_once("count", int, self.count)

    async def count(self, question: Question[int], connection: Connection) -> int:
        self.calls += 1
        await connection.execute("CREATE TABLE IF NOT EXISTS counted (id text)")
        await connection.execute("INSERT INTO counted VALUES ($1)", question.id)
        self.entered.set()
        await self.may_go_on.wait()
        if question.body < 0:
            raise NotFound("Not that one.")
        count: int = await connection.fetchval("SELECT count(*) FROM counted")
        return count


async def come_back(work: HubAtWork, runner: SimulatedRunner, assignment: Assign) -> SimulatedRunner:
    await work.lose(runner)
    held = (Held(execution_id=assignment.execution_id, lease=assignment.lease),)
    return await work.connect(work.registered[runner.token], carry_out=None, held=held, token=runner.token)


async def test_a_question_that_is_repeated_after_its_answer_was_lost_is_not_carried_out_twice(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    counter = Counter(work)
    first = await asked(runner, ask(assignment, "count", 1))
    assert first.remembered
    runner = await come_back(work, runner, assignment)
    second = await asked(runner, ask(assignment, "count", 1))
    assert bytes(second.body) == bytes(first.body) == b"1"
    assert counter.calls == 1
    await runner.send(EndAsk(execution_id=assignment.execution_id, lease=assignment.lease, id=1))

    async def forgotten() -> bool:
        return not await work.fetch("SELECT * FROM remembered_answer")

    await eventually(forgotten, "the answer is still remembered")


async def test_a_question_that_is_repeated_while_it_is_carried_out_gets_its_answer_once(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    counter = Counter(work)
    counter.may_go_on.clear()
    await runner.send(ask(assignment, "count", 1))
    await counter.entered.wait()
    runner = await come_back(work, runner, assignment)
    await runner.send(ask(assignment, "count", 1))
    counter.may_go_on.set()
    assert bytes((await runner.expect(Answer)).body) == b"1"
    assert bytes((await asked(runner, ask(assignment, "count", 1, id=2))).body) == b"2"
    assert [message.id for message in runner.received if isinstance(message, Answer)] == [1, 2]
    assert counter.calls == 2


async def test_a_refused_question_leaves_nothing_behind(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    Counter(work)
    assert (await asked(runner, ask(assignment, "count", -1))).failure
    assert bytes((await asked(runner, ask(assignment, "count", 1))).body) == b"1"


async def test_what_an_ended_execution_did_not_confirm_is_forgotten_by_the_sweep(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    Counter(work)
    await asked(runner, ask(assignment, "count", 1))
    await work.dispatch.sweep.sweep()
    assert len(await work.fetch("SELECT * FROM remembered_answer")) == 1
    await runner.report(assignment, ExecutionFinished(at=2.0, state="COMPLETED"), first=2)
    await work.until(assignment.execution_id, "COMPLETED")
    await work.dispatch.sweep.sweep()
    assert await work.fetch("SELECT * FROM remembered_answer") == []


class Waiting:
    """A topic whose answer takes as long as it takes, such as a question to a person."""

    def __init__(self, work: HubAtWork) -> None:
        self.begun = 0
        self.cancelled = 0
        work.hub.topics.add("wait", None, self.wait)

    async def wait(self, question: Question[None]) -> None:
        self.begun += 1
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def until(self, **wanted: int) -> None:
        async def so() -> bool:
            return all(getattr(self, name) == value for name, value in wanted.items())

        await eventually(so, f"{vars(self)} instead of {wanted}")


async def test_a_withdrawn_question_is_worked_on_no_more(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    waiting = Waiting(work)
    await runner.send(ask(assignment, "wait"))
    await waiting.until(begun=1)
    other = await work.runner(carry_out=None)
    await other.send(EndAsk(execution_id=assignment.execution_id, lease=assignment.lease, id=1))
    await asked(other, ask(assignment, "hub.time"))
    assert waiting.cancelled == 0, "another Runner cannot withdraw it"
    await runner.send(EndAsk(execution_id=assignment.execution_id, lease=assignment.lease, id=1))
    await waiting.until(cancelled=1)


async def test_the_deadline_ends_the_work_on_the_hub_too(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    waiting = Waiting(work)
    answer = await asked(runner, ask(assignment, "wait", seconds=0.1))
    assert answer.failure
    assert answer.failure.code == "timed-out"
    assert waiting.cancelled == 1


async def test_a_lost_connection_ends_the_work_until_the_question_is_repeated(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    waiting = Waiting(work)
    await runner.send(ask(assignment, "wait"))
    await waiting.until(begun=1)
    runner = await come_back(work, runner, assignment)
    await waiting.until(cancelled=1)
    await runner.send(ask(assignment, "wait"))
    await waiting.until(begun=2, cancelled=1)


async def test_too_many_questions_at_once_are_refused(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    Waiting(work)
    await runner.send(*(ask(assignment, "wait", id=number) for number in range(101)))
    answer = await runner.expect(Answer)
    assert answer.failure
    assert (answer.id, answer.failure.code) == (100, "too-many-questions")


async def test_a_poll_brings_the_answer_to_its_own_question(work: HubAtWork) -> None:
    await work.publish()
    made = await work.register()
    token = await authenticate(work.url, made["machine_key"], made["machine_secret"])
    hello = Hello(
        protocol=1, newest=2, capabilities=("ask",), version="0", platform="p", host="h", catalogue_hash="polled"
    )
    async with make_client(work.app, token) as client:
        await client.post("/api/runner/poll", content=encode([hello]))
        execution = await work.start()
        await work.until(execution["id"], "ASSIGNED")
        (assignment,) = decode_from_hub((await client.post("/api/runner/poll", content=b"[]")).content)
        assert isinstance(assignment, Assign)
        frame = encode([ask(assignment, "hub.time")])
        (answer,) = decode_from_hub((await client.post("/api/runner/poll", content=frame)).content)
        assert isinstance(answer, Answer)
        assert answer.failure is None


async def test_a_runner_without_the_capability_gets_no_answers(work: HubAtWork) -> None:
    await work.publish()
    made = await work.register()
    token = await authenticate(work.url, made["machine_key"], made["machine_secret"])
    runner = SimulatedRunner(hub_url=work.url, token=token, capabilities=(), carry_out=None)
    await runner.connect()
    work.stack.push_async_callback(runner.leave)
    await work.start()
    assignment = await runner.expect(Assign)
    await runner.send(ask(assignment, "hub.time"))
    await runner.send(
        Events(
            execution_id=assignment.execution_id,
            lease=assignment.lease,
            first=1,
            events=(ExecutionStarted(at=1.0), ExecutionFinished(at=2.0, state="COMPLETED")),
        )
    )
    await work.until(assignment.execution_id, "COMPLETED")
    assert not any(isinstance(message, Answer) for message in runner.received)
