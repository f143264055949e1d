"""What happens when a node fails: retry, error port, continue_on_error, Try, and how errors are told."""

from __future__ import annotations

import threading

import engine_probes
import pytest

from exekra.engine.failures import describe
from exekra.engine.nodes.runner import retry_delay
from exekra.flow.events import Failure, Log, NodeLeft
from exekra.flow.model import Retry
from exekra.sdk.errors import InputError
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"


async def run(text: str, **inputs: object) -> FlowRun:
    return await run_flow_text(HEAD + text, inputs=inputs)


def failure_of(run: FlowRun) -> Failure:
    assert run.outcome.state == "FAILED"
    assert run.outcome.failure is not None
    return run.outcome.failure


RETRY = """
inputs: {failures: {type: number}, kind: {default: application}}
outputs: {value: {value: "{work.value}"}}
nodes:
  work:
    do: probe.flaky
    with: {failures: "{failures}", kind: "{kind}"}
    retry: {times: 2, delay: 0}
edges: [start -> work]
"""


async def test_a_retry_tries_again_until_it_works(probes: engine_probes.State) -> None:
    done = await run(RETRY, failures=2)
    assert done.outcome.outputs == {"value": 3}
    assert done.counts == {"work": 1}
    assert done.logs == [
        "attempt 1",
        "Attempt 1 of 3 failed: not now Trying again in 0 s.",
        "attempt 2",
        "Attempt 2 of 3 failed: not now Trying again in 0 s.",
        "attempt 3",
    ]


async def test_after_its_retries_the_node_fails(probes: engine_probes.State) -> None:
    done = await run(RETRY, failures=9)
    assert failure_of(done) == Failure(type="Flaky", message="not now", retryable=True, node="work")
    assert probes.calls["work"] == 3
    assert done.failures == {"work": 1}


async def test_a_business_error_is_never_retried(probes: engine_probes.State) -> None:
    assert failure_of(await run(RETRY, failures=1, kind="business")).kind == "business"
    assert probes.calls["work"] == 1


@pytest.mark.parametrize(("errors", "calls"), [("[Flaky]", 3), ("[TimedOutError]", 1)])
async def test_a_retry_may_be_for_some_errors_only(probes: engine_probes.State, errors: str, calls: int) -> None:
    await run(RETRY.replace("delay: 0", f"delay: 0, errors: {errors}"), failures=9)
    assert probes.calls["work"] == calls


async def test_a_retry_waits_as_long_as_the_other_side_asks(probes: engine_probes.State) -> None:
    text = RETRY.replace('"{kind}"}', '"{kind}", retry_after: 0.02}')
    done = await run(text, failures=1)
    assert done.outcome.outputs == {"value": 2}
    assert done.logs[1] == "Attempt 1 of 3 failed: not now Trying again in 0.02 s."


async def test_a_longer_wait_than_the_longest_is_not_worth_a_retry(probes: engine_probes.State) -> None:
    text = RETRY.replace('"{kind}"}', '"{kind}", retry_after: 3600}').replace("delay: 0", "delay: 0, longest: 60")
    done = await run(text, failures=1)
    assert failure_of(done).type == "Flaky"
    assert probes.calls["work"] == 1
    assert done.logs[1] == (
        "Not tried again: the server asks to wait 3,600 s, and the longest wait of this step's retry is 60 s."
    )


async def test_a_control_node_is_retried_as_a_whole(probes: engine_probes.State) -> None:
    text = """
nodes:
  each: {do: for_each, with: {items: [1, 2]}, retry: {times: 1, delay: 0}}
  work: {do: probe.flaky, with: {failures: 1}}
edges: [start -> each, each.body -> work]
"""
    done = await run(text)
    assert done.outcome.state == "COMPLETED"
    assert probes.calls["work"] == 3
    assert done.failures == {"work": 1}


def test_the_waits_between_retries_grow_up_to_a_bound() -> None:
    retry = Retry(times=9, delay=1, backoff=3, longest=20)
    assert [retry_delay(retry, n, 0.5) for n in (1, 2, 3, 4, 5)] == [1, 3, 9, 20, 20]
    spread = Retry(times=9, delay=10, jitter=0.2)
    assert [retry_delay(spread, 1, chance) for chance in (0, 0.5, 1)] == [8, 10, 12]
    assert retry_delay(Retry(times=9999, delay=1, backoff=10, longest=60), 5000, 0.5) == 60


ERROR_PORT = """
outputs: {said: {}, after: {}}
variables: {said: {}, after: {default: no}}
nodes:
  work: {do: probe.flaky, with: {failures: 1}}
  explain: {do: set_variable, with: {variable: said, value: "{error.type} at {error.node}: {error.message}"}}
  join: {do: set_variable, with: {variable: after, value: "yes"}}
edges: [start -> work -> join, work.error -> explain -> join]
"""


async def test_the_error_port_takes_the_token() -> None:
    done = await run(ERROR_PORT)
    assert done.outcome.outputs == {"said": "Flaky at work: not now", "after": "yes"}
    (left,) = [event for event in done.of(NodeLeft) if event.node == "work"]
    assert left.port == "error"
    assert left.failure is not None


async def test_an_error_port_of_a_loop_takes_what_fails_inside() -> None:
    text = """
outputs: {node: {}}
variables: {node: {}}
nodes:
  each: {do: for_each, with: {items: [1]}}
  work: {do: probe.flaky, with: {failures: 1}}
  explain: {do: set_variable, with: {variable: node, value: "{error.node}"}}
edges: [start -> each, each.body -> work, each.error -> explain]
"""
    assert (await run(text)).outcome.outputs == {"node": "work"}


async def test_continue_on_error_goes_on_with_an_empty_result() -> None:
    text = """
outputs: {value: {value: "{work.value}"}, turns: {value: "{loop.count}"}}
nodes:
  work: {do: probe.flaky, with: {failures: 1}, continue_on_error: true}
  loop: {do: while, with: {condition: "{work.nothing}"}, continue_on_error: true}
edges: [start -> work -> loop]
"""
    done = await run(text)
    assert done.outcome.outputs == {"value": None, "turns": None}
    (left,) = [event for event in done.of(NodeLeft) if event.node == "work"]
    assert left.port == "next"
    assert left.failure is not None
    assert left.failure.type == "Flaky"


TRY = """
inputs: {errors_: {default: null}}
outputs: {seen: {}}
variables: {seen: {type: list, default: []}}
nodes:
  attempt: {do: try, with: {errors: []}}
  work: {do: fail, with: {message: bad, type: Bad}}
  caught: {do: add_to_list, with: {variable: seen, value: "caught {error.type} {error.node} {error.kind}"}}
  always: {do: add_to_list, with: {variable: seen, value: finally}}
  after: {do: add_to_list, with: {variable: seen, value: done}}
edges:
- start -> attempt
- attempt.try -> work
- attempt.catch -> caught
- attempt.finally -> always
- attempt.done -> after
"""


async def test_try_catches_and_finally_runs() -> None:
    done = await run(TRY)
    assert done.outcome.outputs == {"seen": ["caught Bad work business", "finally", "done"]}


async def test_try_catches_only_the_types_it_names() -> None:
    done = await run(TRY.replace("errors: []", "errors: [Other, Bad]"))
    assert done.outcome.state == "COMPLETED"
    done = await run(TRY.replace("errors: []", "errors: [Other]"))
    assert failure_of(done).node == "work"
    assert done.counts == {"attempt": 1, "work": 1, "always": 1}


async def test_without_an_error_catch_is_not_run() -> None:
    done = await run(TRY.replace("work: {do: fail, with: {message: bad, type: Bad}}", "work: {do: probe.echo}"))
    assert done.outcome.outputs == {"seen": ["finally", "done"]}


@pytest.mark.parametrize("port", ["catch", "finally"])
async def test_an_error_in_catch_or_finally_replaces_the_first_and_names_it(port: str) -> None:
    text = f"""
nodes:
  attempt: {{do: try}}
  work: {{do: fail, with: {{message: bad, type: Bad}}}}
  worse: {{do: fail, with: {{message: worse, type: Worse}}}}
edges: [start -> attempt, attempt.try -> work, attempt.{port} -> worse]
"""
    if port == "finally":  # The first error must still be on its way when `finally` fails.
        text = text.replace("do: try", "do: try, with: {errors: [Other]}")
    failure = failure_of(await run(text))
    assert (failure.type, failure.node) == ("Worse", "worse")
    assert failure.message == "worse (While handling this: Bad at `work`: bad)"


async def test_an_inner_try_gives_the_outer_error_back() -> None:
    text = """
outputs: {seen: {}}
variables: {seen: {type: list, default: []}}
nodes:
  outer: {do: try}
  first: {do: fail, with: {message: one, type: One}}
  inner: {do: try}
  second: {do: fail, with: {message: two, type: Two}}
  see_two: {do: add_to_list, with: {variable: seen, value: "{error.type}"}}
  see_one: {do: add_to_list, with: {variable: seen, value: "{error.type}"}}
edges:
- start -> outer
- outer.try -> first
- outer.catch -> inner
- inner.try -> second
- inner.catch -> see_two
- inner.done -> see_one
"""
    assert (await run(text)).outcome.outputs == {"seen": ["Two", "One"]}


async def test_break_leaves_a_try_and_finally_still_runs() -> None:
    text = """
outputs: {seen: {}}
variables: {seen: {type: list, default: []}}
nodes:
  each: {do: for_each, with: {items: [1, 2]}}
  attempt: {do: try}
  out: {do: break}
  always: {do: add_to_list, with: {variable: seen, value: "{item}"}}
edges: [start -> each, each.body -> attempt, attempt.try -> out, attempt.finally -> always]
"""
    done = await run(text)
    assert done.outcome.outputs == {"seen": [1]}
    assert [event.port for event in done.of(NodeLeft) if event.node in {"attempt", "out"}] == ["break", "break"]


async def test_the_node_that_fails_first_is_the_one_that_is_named() -> None:
    text = """
nodes:
  a: {do: for_each, with: {items: [1]}}
  b: {do: try}
  c: {do: parallel}
  bad: {do: set_variable, with: {variable: v, value: "{item.price * 2}"}}
variables: {v: {}}
edges: [start -> a, a.body -> b, b.try -> c, c.branch -> bad]
"""
    failure = failure_of(await run(text))
    assert failure.node == "bad"
    assert failure.message.startswith("`value`: ")


@pytest.mark.parametrize(
    ("how", "type", "said", "retryable"),
    [
        ("bug", "ZeroDivisionError", "failed unexpectedly, which is a bug in the activity", False),
        ("file", "FileNotFoundError", "The file or folder /data/orders.xlsx was not found.", True),
        ("memory", "MemoryError", "ran out of memory", False),
        ("recursion", "RecursionError", "nested too deeply", False),
        ("exit", "ProcessEndError", "tried to end the whole process", False),
        ("shatter", "ProcessEndError", "tried to end the whole process", False),
        ("unreadable", "Unreadable", "failed unexpectedly, which is a bug in the activity: Unreadable.", False),
        ("unreadable refusal", "UnreadableRefusal", "UnreadableRefusal", True),
        ("half a character", "ValueError", "cannot read \ufffd.csv", False),
        ("half in a refusal", "Flaky", "cannot read \ufffd.csv", True),
        ("stop iteration", "StopIteration", "bug in the activity", False),
    ],
)
async def test_whatever_an_activity_raises_becomes_a_sentence(how: str, type: str, said: str, retryable: bool) -> None:
    done = await run(f"nodes: {{bad: {{do: probe.misbehave, with: {{how: {how}}}}}}}\nedges: [start -> bad]\n")
    failure = failure_of(done)
    assert (failure.type, failure.node, failure.kind) == (type, "bad", "application")
    assert said in failure.message
    assert failure.retryable is retryable
    assert "Traceback" not in failure.message


async def test_the_traceback_of_a_bug_is_in_the_debug_log_only() -> None:
    done = await run("nodes: {bad: {do: probe.misbehave, with: {how: bug}}}\nedges: [start -> bad]\n")
    (line,) = [event for event in done.of(Log) if event.level == "debug"]
    assert "ZeroDivisionError" in line.message
    assert done.logs == []


async def test_an_unknown_activity_fails_before_anything_runs(probes: engine_probes.State) -> None:
    done = await run("nodes: {a: {do: probe.echo}, b: {do: probe.ecko}}\nedges: [start -> a -> b]\n")
    failure = failure_of(done)
    assert (failure.node, failure.type) == ("b", "UnknownActivityError")
    assert done.counts == {}


@pytest.mark.parametrize(
    ("errors", "type", "message"),
    [
        ([OSError(28, "No space left on device")], "OSError", "probe failed: No space left on device."),
        ([ExceptionGroup("inner", [InputError("Ports go to 65535.")])], "InputError", "Ports go to 65535."),
        ([ValueError("late"), InputError("Ports go to 65535.")], "InputError", "Ports go to 65535."),
    ],
)
def test_a_group_of_errors_is_told_as_the_one_that_matters(errors: list[Exception], type: str, message: str) -> None:
    failure = describe(ExceptionGroup("unhandled errors in a TaskGroup", errors), "probe")
    assert (failure.type, failure.message) == (type, message)


def refuse(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


async def test_a_machine_that_refuses_threads_is_not_a_bug_of_the_activity(
    probes: engine_probes.State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading.Thread, "start", refuse)
    refused = failure_of(await run("nodes: {t: {do: probe.thread}}\nedges: [start -> t]\n"))
    monkeypatch.undo()
    assert refused.message == (
        "probe.thread failed: the machine refuses another thread or process. End other programs there, or "
        "raise its limit."
    )
    assert refused.retryable
