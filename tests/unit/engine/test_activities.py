"""Nodes that use activities: inputs, results, contexts, resources and secrets."""

from __future__ import annotations

import engine_probes
import msgspec
import pytest

from exekra.sdk.errors import ApplicationError
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"


def one(do: str, inputs: str = "{}") -> str:
    return HEAD + f"nodes: {{a: {{do: {do}, with: {inputs}}}}}\nedges: [start -> a]\n"


async def test_templates_and_literals_reach_the_activity(probes: engine_probes.State) -> None:
    text = """
inputs: {who: {default: {name: Ada, age: 36}}}
nodes:
  a: {do: probe.note, with: {value: {whole: "{who}", text: "Hello {who.name}", number: "{who.age + 1}", plain: [1]}}}
edges: [start -> a]
"""
    await run_flow_text(HEAD + text)
    assert probes.noted == [{"whole": {"name": "Ada", "age": 36}, "text": "Hello Ada", "number": 37, "plain": [1]}]


async def test_a_literal_list_is_new_for_each_call(probes: engine_probes.State) -> None:
    text = (
        HEAD
        + """
nodes:
  each: {do: for_each, with: {items: [1, 2]}}
  a: {do: probe.note, with: {value: [[1]]}}
edges: [start -> each, each.body -> a]
"""
    )
    await run_flow_text(text)
    first, second = probes.noted
    assert first == second == [[1]]
    assert first[0] is not second[0]


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ("{number: x}", "`number`"),
        ("{}", "`number`: field required"),
        ("{number: 1, other: 2}", "`other`"),
        ('{number: "{1 + true}"}', "`number`"),
    ],
)
async def test_a_wrong_input_names_the_field(inputs: str, said: str) -> None:
    failure = (await run_flow_text(one("probe.count", inputs))).outcome.failure
    assert failure is not None
    assert failure.node == "a"
    assert said in failure.message


async def test_an_activity_that_blocks_gets_a_thread() -> None:
    run = await run_flow_text(one("probe.thread"))
    assert run.logs == ["in activity-1"]


async def test_resources_are_opened_once_and_closed_in_reverse(probes: engine_probes.State) -> None:
    text = (
        HEAD
        + """
nodes:
  a: {do: probe.use_desk}
  b: {do: probe.use_drawer}
  c: {do: probe.use_desk}
edges: [start -> a -> b -> c]
"""
    )
    run = await run_flow_text(text)
    assert probes.noted == ["desk opened", "desk used", "drawer opened", "drawer used", "desk used", "desk closed"]
    assert run.outcome.state == "COMPLETED"
    assert run.logs == ["BrokenDrawer could not be closed: OSError: it is stuck"]


async def test_resources_are_closed_after_a_failure_too(probes: engine_probes.State) -> None:
    text = HEAD + "nodes: {a: {do: probe.use_desk}, b: {do: fail, with: {message: no}}}\nedges: [start -> a -> b]\n"
    assert (await run_flow_text(text)).outcome.state == "FAILED"
    assert probes.noted[-1] == "desk closed"


class Vault:
    def __init__(self, **secrets: str) -> None:
        self.secrets = secrets
        self.asked: list[str] = []

    async def get(self, name: str) -> str:
        self.asked.append(name)
        if name not in self.secrets:
            raise ApplicationError(f"There is no credential {name}.", retryable=False)
        return self.secrets[name]


def told(run: FlowRun) -> str:
    return msgspec.json.encode(run.events).decode()


SECRET = "pa$$ wörd/1"
TELLING = """
outputs: {stolen: {value: "{a.value.told}"}}
variables: {also: {}}
nodes:
  a: {do: probe.secret, with: {password: "{{credential:Bank}}"}}
  b: {do: set_variable, with: {variable: also, value: "in {a.value.told}"}}
  each: {do: for_each, with: {items: [1]}}
  c: {do: fail, with: {message: "it was {also}", type: Told}}
edges: [start -> a -> b -> each, each.body -> c]
"""


async def test_a_secret_appears_nowhere(probes: engine_probes.State) -> None:
    vault = Vault(Bank=SECRET)
    run = await run_flow_text(HEAD + TELLING, secrets=vault)
    assert vault.asked == ["Bank"]
    assert run.outcome.failure is not None
    assert run.outcome.failure.message == "it was in •••"
    assert run.logs == ["The password is •••!"]
    assert SECRET not in told(run)
    assert SECRET not in str(run.outcome.failure)


async def test_a_secret_in_the_outputs_is_masked() -> None:
    text = TELLING.replace("do: fail,", "do: fail, enabled: false,")
    run = await run_flow_text(HEAD + text, secrets=Vault(Bank=SECRET))
    assert run.outcome.outputs == {"stolen": "•••"}
    assert SECRET not in told(run)


async def test_without_a_vault_a_secret_cannot_be_had() -> None:
    failure = (await run_flow_text(HEAD + TELLING)).outcome.failure
    assert failure is not None
    assert (failure.type, failure.node) == ("CredentialError", "a")
    assert "`password` needs the credential Bank" in failure.message


async def test_a_refused_secret_fails_the_node() -> None:
    failure = (await run_flow_text(HEAD + TELLING, secrets=Vault())).outcome.failure
    assert failure is not None
    assert (failure.message, failure.node) == ("There is no credential Bank.", "a")


async def test_the_plain_form_asks_for_no_name() -> None:
    vault = Vault(**{"": SECRET})
    await run_flow_text(HEAD + TELLING.replace(":Bank", ""), secrets=vault)
    assert vault.asked == [""]


async def test_values_that_need_a_check_are_checked_after_some_that_need_none(probes: engine_probes.State) -> None:
    text = """
variables: {got: {type: list, default: []}}
outputs: {got: {}}
nodes:
  each: {do: for_each, with: {items: ["a", "b", 3, "c", true, [1]]}}
  take: {do: probe.count, with: {number: "7", text: "{item}"}, continue_on_error: true}
  keep: {do: add_to_list, with: {variable: got, value: "{take.value}"}}
edges: [start -> each, each.body -> take -> keep]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.outputs == {"got": [7, 7, 7, 7, None, None]}
    assert run.failures == {"take": 2}
