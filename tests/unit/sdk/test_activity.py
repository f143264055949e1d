"""What a declaration gives, and which declarations are refused."""

from __future__ import annotations

import importlib.metadata
import sys
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import pytest

from exekra.flow.control import CONTROL
from exekra.sdk import (
    BusinessError,
    Context,
    CredentialRef,
    DefinitionError,
    FilePath,
    InputError,
    PythonCode,
    Resource,
    Seconds,
    Text,
    When,
)
from exekra.sdk import activity as declare
from exekra.sdk.activity import ActivityDefinition, _definitions, find_activity, load_activities


class NoSuchSheet(BusinessError):
    """The workbook has no such sheet."""


class Workbook(Resource):
    needs = ("office",)

    @classmethod
    async def open(cls, context: Context) -> Workbook:
        return cls()

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Found:
    """What was read.

    Attributes:
        rows: The rows,
            one after the other.
        count: How many there are.
    """

    rows: list[dict[str, Any]]
    count: int


@pytest.fixture(autouse=True)
def _forget_declarations():
    before = dict(load_activities())  # all of them: what a module declared once, it does not declare again
    yield
    _definitions.clear()
    _definitions.update(before)


def define(function, **options) -> ActivityDefinition:
    declare(**options)(function)
    return _definitions[options.get("id") or f"test_activity.{function.__name__}"]


async def read(
    context: Context,
    workbook: Workbook,
    *,
    path: FilePath,
    order: Literal["up", "down"] = "up",
    model_config: int | None = None,
    timeout: Seconds = 30,
    note: Text = "",
) -> Found:
    """Read a workbook.

    Only what is there.

    Args:
        path: The workbook.
        order: In which order.
        model_config: A name that pydantic models lose.
        timeout: How long to wait.
        note: Anything.
    """
    return Found([], 0)


def test_the_function_comes_back_unchanged():
    assert declare()(read) is read


def test_everything_is_derived_from_the_function():
    definition = define(read, raises=(NoSuchSheet,), aliases=("old.read",))
    entry = definition.entry
    assert (entry.id, entry.title, entry.summary) == ("test_activity.read", "Read", "Read a workbook")
    assert entry.description == "Only what is there."
    assert entry.needs == ("office",)
    assert entry.aliases == ("old.read",)
    assert definition.mode == "async"
    assert definition.lends == (Context, Workbook)
    inputs = {i.name: i for i in entry.inputs}
    assert list(inputs) == ["path", "order", "model_config", "timeout", "note"]
    assert inputs["path"].required
    assert inputs["path"].schema["x-widget"] == "file"
    assert inputs["order"].schema == {"enum": ["up", "down"], "type": "string", "x-widget": "choice"}
    assert inputs["model_config"].schema["x-widget"] == "number"
    assert inputs["timeout"].schema["maximum"] == 31_536_000
    assert inputs["timeout"].default == 30
    assert [(o.name, o.description) for o in entry.outputs] == [
        ("rows", "The rows, one after the other."),
        ("count", "How many there are."),
    ]
    assert [(e.type, e.description, e.kind) for e in entry.errors] == [
        ("NoSuchSheet", "The workbook has no such sheet", "business")
    ]


def test_an_entry_survives_the_wire():
    entry = define(read).entry
    assert msgspec.json.decode(msgspec.json.encode(entry), type=type(entry)) == entry


def test_inputs_are_converted_and_checked():
    definition = define(read)
    assert definition.validate({"path": "a", "timeout": 3, "model_config": 4, "note": 7}) == {
        "path": "a",
        "timeout": 3.0,
        "model_config": 4,
        "note": "7",
    }
    with pytest.raises(InputError) as caught:
        definition.validate({"timeout": -1, "pth": "a"})
    for part in ("test_activity.read", "`path`: field required", "`timeout`", "`pth`"):
        assert part in caught.value.message


def test_a_result_has_the_names_of_the_dataclass():
    assert define(read).result(Found([{"a": 1}], 1)) == {"rows": [{"a": 1}], "count": 1}


def test_source_code_is_never_a_template():
    def run(*, code: PythonCode) -> None:
        """Run code.

        Args:
            code: The code.
        """

    assert define(run).entry.inputs[0].mode == "text"


def send(
    *,
    url: Text,
    proof: Literal["none", "basic", "bearer"] = "none",
    user: Annotated[Text, When(proof="basic")] = "",
    secret: Annotated[CredentialRef | None, When(proof=("basic", "bearer"))] = None,
    largest_mb: int = 5,
) -> None:
    """Send.

    Args:
        url: Where to.
        proof: How.
        user: Who.
        secret: The secret.
        largest_mb: How much.
    """


def test_an_input_says_when_it_has_a_meaning():
    entry = define(send).entry
    inputs = {i.name: i for i in entry.inputs}
    assert inputs["url"].when is None
    assert inputs["user"].when == {"proof": ("basic",)}
    assert inputs["secret"].when == {"proof": ("basic", "bearer")}
    assert inputs["secret"].schema["x-widget"] == "credential"
    assert msgspec.json.decode(msgspec.json.encode(entry), type=type(entry)) == entry


def test_titles_are_made_of_names():
    titles = {i.name: i.title for i in define(send).entry.inputs}
    assert titles == {"url": "URL", "proof": "Proof", "user": "User", "secret": "Secret", "largest_mb": "Largest (MB)"}


def test_the_icon_is_the_activities_own_or_that_of_its_module(monkeypatch):
    assert define(send).entry.icon == ""
    monkeypatch.setattr(sys.modules[__name__], "ICON", "mail", raising=False)
    assert define(send).entry.icon == "mail"
    assert define(send, icon="send").entry.icon == "send"


def test_every_built_in_activity_and_control_node_has_an_icon():
    built_in = [d.entry for d in load_activities().values() if d.function.__module__.startswith("exekra.activities.")]
    assert [entry.id for entry in (*built_in, *CONTROL.entries.values()) if not entry.icon] == []


def test_the_mode_follows_the_kind_of_function():
    def quick() -> None:
        """Be quick."""

    def slow() -> None:
        """Be slow."""

    assert define(quick).mode == "inline"
    assert define(slow, blocking=True).mode == "thread"


def without_docstring(*, a: int) -> None: ...


def without_type(*, a) -> None:
    """Say.

    Args:
        a: A.
    """


def without_text(*, a: int) -> None:
    """Say."""


def with_ghost(*, a: int) -> None:
    """Say.

    Args:
        a: A.
        b: Nobody.
    """


def with_positional_input(a: int) -> None:
    """Say.

    Args:
        a: A.
    """


def with_broken_default(*, a: Seconds = -1) -> None:
    """Say.

    Args:
        a: A.
    """


def with_mutable_default(*, a: list[int] = []) -> None:  # noqa: B006 - it is what the test refuses
    """Say.

    Args:
        a: A.
    """


def with_unknown_type(*, a: Exception) -> None:
    """Say.

    Args:
        a: A.
    """


def with_condition_on_nothing(*, a: Annotated[int, When(b=1)] = 1) -> None:
    """Say.

    Args:
        a: A.
    """


def with_impossible_condition(*, a: Annotated[int, When(b="no")] = 1, b: bool = True) -> None:
    """Say.

    Args:
        a: A.
        b: B.
    """


def with_hidden_requirement(*, a: Annotated[int, When(b=True)], b: bool = True) -> None:
    """Say.

    Args:
        a: A.
        b: B.
    """


def without_return(*, a: int):
    """Say.

    Args:
        a: A.
    """


def with_plain_return() -> int:
    """Say."""
    return 1


@dataclass
class Silent:
    """Nothing is said of its field."""

    a: int


def with_silent_output() -> Silent:
    """Say."""
    return Silent(1)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (without_docstring, "no docstring"),
        (without_type, "`a` has no type"),
        (without_text, "`a` is not described"),
        (with_ghost, "`b`, which is not an input"),
        (with_positional_input, "`a` is positional"),
        (with_broken_default, "default of `a` breaks its own type"),
        (with_mutable_default, "default of `a` is mutable"),
        (with_unknown_type, "`a` cannot be described"),
        (with_condition_on_nothing, "the When of `a` names `b`, which is not another input"),
        (with_impossible_condition, "the When of `a` names 'no', a value that `b` cannot have"),
        (with_hidden_requirement, "`a` has a When, so it may be hidden"),
        (without_return, "no return type"),
        (with_plain_return, "must return a dataclass"),
        (with_silent_output, "does not describe `a`"),
    ],
)
def test_a_wrong_declaration_is_refused_at_import(function, reason):
    with pytest.raises(DefinitionError, match=reason.replace("(", r"\(")) as caught:
        define(function)
    assert function.__name__ in caught.value.message


def test_an_async_function_cannot_be_blocking():
    with pytest.raises(DefinitionError, match="blocking"):
        define(read, blocking=True)


def test_an_id_belongs_to_one_module():
    def first() -> None:
        """Be first."""

    def second() -> None:
        """Be second."""

    define(first, id="same.id")
    second.__module__ = "elsewhere"
    with pytest.raises(DefinitionError, match=r"same\.id is declared twice"):
        define(second, id="same.id")


def test_built_in_activities_come_through_the_entry_points():
    names = {point.name for point in importlib.metadata.entry_points(group="exekra.activities")}
    known = {
        id: definition
        for id, definition in load_activities().items()
        if definition.function.__module__.startswith("exekra.activities.")  # other tests declare their own
    }
    assert names == {id.partition(".")[0] for id in known}
    for id, definition in known.items():
        assert find_activity(id) is definition


def test_an_unknown_activity_is_none():
    assert find_activity("nobody.knows") is None
