"""What is wrong with a value reads as a person would say it."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from exekra.kit.validation import in_words


def refuse(_: str) -> str:
    raise ValueError("it is Tuesday")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Annotated[list[int], Field(min_length=1)], [], "must not be empty"),
        (Annotated[list[int], Field(min_length=2)], [1], "must have at least 2 items, not 1"),
        (Annotated[dict[str, int], Field(max_length=1)], {"a": 1, "b": 2}, "must have at most 1 item"),
        (Annotated[str, Field(min_length=1)], "", "must not be empty"),
        (Annotated[str, Field(max_length=2000)], "x" * 2001, "must have at most 2,000 characters, not 2,001"),
        (Annotated[str, AfterValidator(refuse)], "x", "it is Tuesday"),
        (bool, "perhaps", "must be a valid boolean, unable to interpret input"),
    ],
)
def test_problems_in_words(kind: Any, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(kind).validate_python(value)
    assert in_words(error.value.errors()[0]) == words
