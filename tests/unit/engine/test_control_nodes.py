"""What each control node does with the token."""

from __future__ import annotations

import pytest

from exekra.testing.flows import run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"


async def outputs_of(text: str, **inputs: object) -> dict[str, object]:
    run = await run_flow_text(HEAD + text, inputs=inputs)
    assert run.outcome.state == "COMPLETED", run.outcome.failure
    return run.outcome.outputs


CHOICE = """
inputs: {n: {type: number}}
outputs: {said: {type: text}}
variables: {said: {type: text}, joined: {type: boolean, default: false}}
nodes:
  big: {do: if, with: {condition: "{n > 10}"}}
  yes_: {do: set_variable, with: {variable: said, value: "{n} is big"}}
  no_: {do: set_variable, with: {variable: said, value: "{n} is small"}}
  both: {do: set_variable, with: {variable: said, value: "{said}."}}
edges: [start -> big, big.then -> yes_ -> both, big.else -> no_ -> both]
"""


@pytest.mark.parametrize(("n", "said"), [(11, "11 is big."), (10, "10 is small.")])
async def test_an_if_goes_one_way_and_its_branches_join_again(n: int, said: str) -> None:
    assert await outputs_of(CHOICE, n=n) == {"said": said}


async def test_a_condition_must_be_true_or_false() -> None:
    text = HEAD + "nodes: {ask: {do: if, with: {condition: 1}}}\nedges: [start -> ask]\n"
    failure = (await run_flow_text(text)).outcome.failure
    assert failure is not None
    assert (failure.node, failure.type) == ("ask", "InputError")
    assert "`condition` must be true or false, but is a number" in failure.message


SWITCH = """
inputs: {value: {}}
outputs: {way: {type: text}}
variables: {way: {type: text, default: nowhere}, other: {default: special}}
nodes:
  choose: {do: switch, with: {value: "{value}", cases: {one: 1, truth: true, word: gold, same: "{other}"}}}
  a: {do: set_variable, with: {variable: way, value: one}}
  b: {do: set_variable, with: {variable: way, value: truth}}
  c: {do: set_variable, with: {variable: way, value: word}}
  d: {do: set_variable, with: {variable: way, value: default}}
edges: [start -> choose, choose.one -> a, choose.truth -> b, choose.word -> c, choose.default -> d]
"""


@pytest.mark.parametrize(
    ("value", "way"),
    [(1, "one"), (1.0, "one"), (True, "truth"), ("gold", "word"), ("1", "default"), ("special", "nowhere")],
)
async def test_a_switch_takes_the_first_equal_case(value: object, way: str) -> None:
    assert await outputs_of(SWITCH, value=value) == {"way": way}


async def test_a_switch_warns_of_a_case_that_only_looks_like_the_value() -> None:
    run = await run_flow_text(HEAD + SWITCH, inputs={"value": "1"})
    assert (run.outcome.outputs, run.warnings) == ({"way": "default"}, {"choose": 1})
    assert "The value is a text and the case `one` a number" in run.logs[0]
    run = await run_flow_text(HEAD + SWITCH, inputs={"value": "other"})
    assert run.warnings == {}


FOR_EACH = """
inputs: {items: {}}
outputs: {seen: {type: list}, count: {type: number, value: "{each.count}"}}
variables: {seen: {type: list, default: []}}
nodes:
  each: {do: for_each, with: {items: "{items}", item: thing, index: at}}
  keep: {do: add_to_list, with: {variable: seen, value: "{at}: {thing}"}}
edges: [start -> each, each.body -> keep]
"""


@pytest.mark.parametrize(
    ("items", "seen"),
    [
        (["a", "b"], ["0: a", "1: b"]),
        ([], []),
        ({"x": 1}, ['0: {"key":"x","value":1}']),
    ],
)
async def test_for_each_goes_through_a_list_or_an_object(items: object, seen: list[str]) -> None:
    assert await outputs_of(FOR_EACH, items=items) == {"seen": seen, "count": len(seen)}


async def test_for_each_goes_through_the_rows_of_a_table() -> None:
    text = """
inputs: {orders: {type: table}}
outputs: {sum: {}}
variables: {sum: {type: number, default: 0}}
nodes:
  each: {do: for_each, with: {items: "{orders}", item: order}}
  add: {do: set_variable, with: {variable: sum, value: "{sum + order.price}"}}
edges: [start -> each, each.body -> add]
"""
    assert await outputs_of(text, orders=[{"price": 2}, {"price": 3}]) == {"sum": 5}


@pytest.mark.parametrize("items", ["text", 5, None])
async def test_for_each_refuses_what_has_no_items(items: object) -> None:
    failure = (await run_flow_text(HEAD + FOR_EACH, inputs={"items": items})).outcome.failure
    assert failure is not None
    assert failure.node == "each"
    assert "`items` must be a list, a table or an object" in failure.message


async def test_a_loop_goes_through_the_list_as_it_was() -> None:
    text = """
outputs: {list: {}}
variables: {list: {type: list, default: [1, 2]}}
nodes:
  each: {do: for_each, with: {items: "{list}", item: it}}
  grow: {do: add_to_list, with: {variable: list, value: "{it * 10}"}}
edges: [start -> each, each.body -> grow]
"""
    assert await outputs_of(text) == {"list": [1, 2, 10, 20]}


async def test_the_names_of_a_loop_end_with_it() -> None:
    text = (
        HEAD
        + """
nodes:
  each: {do: for_each, with: {items: [1]}}
  after: {do: probe.note, with: {value: "{item}"}}
edges: [start -> each, each.done -> after]
"""
    )
    failure = (await run_flow_text(text)).outcome.failure
    assert failure is not None
    assert (failure.node, failure.type) == ("after", "UnknownNameError")


WHILE = """
inputs: {n: {type: number}, limit: {default: null}}
outputs: {i: {type: number}, count: {value: "{loop.count}"}}
variables: {i: {type: number, default: 0}}
nodes:
  loop: {do: KIND, with: {condition: "{i < n}", limit: "{limit}"}}
  up: {do: set_variable, with: {variable: i, value: "{i + 1}"}}
edges: [start -> loop, loop.body -> up]
"""


@pytest.mark.parametrize(
    ("kind", "n", "turns"), [("while", 3, 3), ("while", 0, 0), ("do_while", 3, 3), ("do_while", 0, 1)]
)
async def test_while_asks_before_and_do_while_after_each_turn(kind: str, n: int, turns: int) -> None:
    assert await outputs_of(WHILE.replace("KIND", kind), n=n) == {"i": turns, "count": turns}


@pytest.mark.parametrize("kind", ["while", "do_while"])
async def test_a_loop_fails_at_its_limit_but_may_reach_it(kind: str) -> None:
    text = WHILE.replace("KIND", kind)
    assert await outputs_of(text, n=5, limit=5) == {"i": 5, "count": 5}
    failure = (await run_flow_text(HEAD + text, inputs={"n": 6, "limit": 5})).outcome.failure
    assert failure is not None
    assert (failure.node, failure.type, failure.retryable) == ("loop", "LoopLimitError", False)


EXITS = """
outputs: {seen: {type: list}}
variables: {seen: {type: list, default: []}}
nodes:
  outer: {do: for_each, with: {items: [1, 2], item: a}}
  inner: {do: for_each, with: {items: [1, 2, 3, 4], item: b}}
  skip: {do: if, with: {condition: "{b == 2}"}}
  next_: {do: continue}
  enough: {do: if, with: {condition: "{b == 4}"}}
  out: {do: break}
  keep: {do: add_to_list, with: {variable: seen, value: "{a * 10 + b}"}}
edges:
- start -> outer
- outer.body -> inner
- inner.body -> skip
- skip.then -> next_
- skip.else -> enough
- enough.then -> out
- enough.else -> keep
"""


async def test_break_and_continue_act_on_the_nearest_loop() -> None:
    assert await outputs_of(EXITS) == {"seen": [11, 13, 21, 23]}


RETURN = """
outputs: {found: {type: number}, other: {type: text, value: "was {here}"}}
variables: {here: {type: number, default: 7}, finally_ran: {}}
nodes:
  attempt: {do: try}
  each: {do: for_each, with: {items: [1, 2, 3]}}
  hit: {do: if, with: {condition: "{item == 2}"}}
  done_: {do: return, with: {values: {found: "{item}"}}}
  last: {do: set_variable, with: {variable: here, value: 8}}
  never: {do: fail, with: {message: "not reached"}}
edges:
- start -> attempt
- attempt.try -> each
- each.body -> hit
- hit.then -> done_
- attempt.finally -> last
- attempt.done -> never
"""


async def test_return_leaves_loops_and_tries_and_finally_still_runs() -> None:
    assert await outputs_of(RETURN) == {"found": 2, "other": "was 8"}


async def test_a_disabled_node_lets_the_token_pass_and_has_empty_results() -> None:
    text = """
outputs: {value: {value: "{off.value}"}, ways: {}}
variables: {ways: {type: list, default: []}}
nodes:
  off: {do: probe.echo, enabled: false, with: {value: 1}}
  loop: {do: while, enabled: false, with: {condition: "{true}"}}
  inside: {do: probe.echo}
  ask: {do: if, enabled: false, with: {condition: "{true}"}}
  a: {do: add_to_list, with: {variable: ways, value: then}}
  b: {do: add_to_list, with: {variable: ways, value: else}}
  stop: {do: fail, enabled: false, with: {message: no}}
edges: [start -> off -> loop, loop.body -> inside, loop.done -> ask, ask.then -> a, ask.else -> b -> stop]
"""
    assert await outputs_of(text) == {"value": None, "ways": ["else"]}


@pytest.mark.parametrize(("kind", "retryable"), [("business", False), ("application", True)])
async def test_fail_raises_an_error_of_its_own_type(kind: str, retryable: bool) -> None:
    text = f"""
inputs: {{who: {{}}}}
nodes: {{bad: {{do: fail, with: {{message: "no {{who}}", type: NoOrder, kind: {kind}}}}}}}
edges: [start -> bad]
"""
    failure = (await run_flow_text(HEAD + text, inputs={"who": "one"})).outcome.failure
    assert failure is not None
    assert (failure.type, failure.kind, failure.retryable) == ("NoOrder", kind, retryable)
    assert (failure.message, failure.node) == ("no one", "bad")


async def test_lists_are_values_not_references() -> None:
    text = """
outputs: {a: {}, b: {}, nested: {}}
variables: {a: {type: list, default: []}, b: {type: list}, nested: {type: list, default: []}}
nodes:
  one: {do: add_to_list, with: {variable: a, value: 1}}
  copy: {do: set_variable, with: {variable: b, value: "{a}"}}
  keep: {do: add_to_list, with: {variable: nested, value: "{a}"}}
  two: {do: add_to_list, with: {variable: a, value: 2}}
edges: [start -> one -> copy -> keep -> two]
"""
    assert await outputs_of(text) == {"a": [1, 2], "b": [1], "nested": [[1]]}


async def test_a_second_run_does_not_see_the_first_ones_default_lists() -> None:
    text = """
outputs: {a: {}}
variables: {a: {type: list, default: []}}
nodes: {one: {do: add_to_list, with: {variable: a, value: 1}}}
edges: [start -> one]
"""
    assert await outputs_of(text) == await outputs_of(text) == {"a": [1]}


@pytest.mark.parametrize(
    ("type", "value", "said"),
    [("number", "text", "must be a number, but is a text"), ("list", "1", "must be a list, but is a number")],
)
async def test_a_variable_keeps_its_declared_type(type: str, value: str, said: str) -> None:
    text = f"""
variables: {{x: {{type: {type}}}}}
nodes: {{put: {{do: set_variable, with: {{variable: x, value: {value}}}}}}}
edges: [start -> put]
"""
    failure = (await run_flow_text(HEAD + text)).outcome.failure
    assert failure is not None
    assert failure.node == "put"
    assert f"The variable `x` {said}" in failure.message


async def test_adding_to_what_is_no_list_fails() -> None:
    text = """
variables: {x: {default: 5}}
nodes: {put: {do: add_to_list, with: {variable: x, value: 1}}}
edges: [start -> put]
"""
    failure = (await run_flow_text(HEAD + text)).outcome.failure
    assert failure is not None
    assert "The variable `x` must be a list, but is a number" in failure.message


async def test_a_disabled_node_may_use_what_is_not_installed() -> None:
    text = """
outputs: {x: {value: 1}}
nodes: {off: {do: nowhere.known, enabled: false}, on: {do: probe.echo}}
edges: [start -> off -> on]
"""
    assert await outputs_of(text) == {"x": 1}


async def test_an_empty_flow_completes() -> None:
    run = await run_flow_text(HEAD)
    assert (run.outcome.state, run.outcome.nodes) == ("COMPLETED", 0)
