"""Requests and answers about the language of workflows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from exekra.flow.model import ValueType
from exekra.flow.reach import NameKind
from exekra.hub.design.workflows.schemas import Document

NodeId = Annotated[str, Field(max_length=200)]


class Sent(BaseModel):
    """Unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class FunctionAnswer(BaseModel):
    """A function that expressions may call."""

    name: str = Field(examples=["upper"])
    signature: str = Field(examples=["upper(text: text) -> text"])
    summary: str = Field(description="One sentence.", examples=["Write a text in capitals."])
    description: str = Field(description="Further details; may be empty.")
    group: str = Field(examples=["text"])
    examples: list[str] = Field(description="Expressions that are true.", examples=[['upper("ab") == "AB"']])
    returns: str = Field(description="The type of the result.", examples=["text"])
    aliases: list[str] = Field(description="Other names of the same function.")


class PlaceInFlow(Sent):
    """A document, and a place in it."""

    document: Document
    node: NodeId | None = Field(default=None, description="The node; default: the flow's outputs.")
    field: NodeId | None = Field(
        default=None, description="The field of the node: a loop's `condition` may read its body's results."
    )


class FieldAnswer(BaseModel):
    """One field of the value of a name."""

    name: str = Field(examples=["rows"])
    type: ValueType
    description: str


class NameAnswer(BaseModel):
    """A name that an expression may use."""

    name: str = Field(examples=["read"])
    kind: NameKind
    type: ValueType
    description: str
    source: str | None = Field(description="The node that gives the value.")
    certain: bool = Field(description="False for a value that may be missing at this place.")
    fields: list[FieldAnswer] = Field(description="Empty if nothing is known about them.")


class TextToTry(Sent):
    """An expression without braces, or a text with expressions in braces."""

    text: str = Field(examples=["Hello {upper(who)}"])
    mode: Literal["expression", "template"] = "template"


class TextsToTry(Sent):
    """Texts to evaluate, and the values that they may read."""

    texts: Annotated[list[TextToTry], Field(min_length=1, max_length=50)]
    scope: dict[str, Any] = Field(
        default={},
        description="A value for each name. An object of `columns`, `rows` and `length` is a table, as in previews.",
        examples=[{"who": "world"}],
    )
    types: dict[str, ValueType] = Field(
        default={},
        description="The declared types of names: JSON has no dates, so `date` turns a text in ISO format into a date.",
        examples=[{"who": "text"}],
    )


class TrialErrorAnswer(BaseModel):
    """Why there is no value."""

    kind: Literal["syntax", "evaluation"] = Field(
        description="Whether the text itself is not valid, or it does not work on this data."
    )
    message: str = Field(description="What is wrong and what to do.")
    position: int = Field(description="Where in the text, in characters from 0.")
    length: int = Field(description="The length of the problem in characters; 0 means the rest of the text.")


class TrialAnswer(BaseModel):
    """The result of a text."""

    value: Any = Field(description="A preview of the value, at most 2 kB as JSON.", examples=["Hello WORLD"])
    type: str | None = Field(description="The value's type, as named in the language.", examples=["text"])
    error: TrialErrorAnswer | None
