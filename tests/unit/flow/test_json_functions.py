"""`parse_json` in expressions reads what the activities read, and refuses what they refuse."""

import pytest

from exekra.flow.expressions import ExpressionError, compile_expression

PARSE = compile_expression("parse_json(text)")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\N{ZERO WIDTH NO-BREAK SPACE}[1]", [1]),
        (r'"hi \ud83d"', "hi \N{REPLACEMENT CHARACTER}"),
        ("[1e-400, 1e308]", [0.0, 1e308]),
    ],
)
def test_what_is_read(text, value):
    assert PARSE.evaluate({"text": text}) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[NaN]", "NaN is not a number in JSON, in line 1, column 2"),
        ("[1,\n1e400]", "1e400 is larger than a number can be, in line 2, column 1"),
        ("9" * 5000, "thousands of digits"),
        ("[" * 200_000, "levels|list size"),
        ("{", "is not JSON"),
    ],
)
def test_what_is_refused(text, sentence):
    with pytest.raises(ExpressionError, match=sentence):
        PARSE.evaluate({"text": text})
