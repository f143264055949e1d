"""Selectors: read from texts and from data, written again, bounded, and quoted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import TypeAdapter

from exekra.sdk.errors import InputError
from exekra.sdk.selector import Selector, logic_of, to_data
from exekra.sdk.selector_parts import SelectorError, css_string, xpath_string

CORPUS = json.loads((Path(__file__).parents[3] / "contract" / "corpus" / "selectors.json").read_text(encoding="utf-8"))[
    "cases"
]

RECORDED: dict[str, Any] = {
    "format": 1,
    "label": 'Button "Save" in "Invoice"',
    "page": {"url": "https://erp.example/invoices/17", "title": "Invoice 17"},
    "frames": [
        {
            "candidates": [{"kind": "name", "value": 'iframe[name="detail"]', "state": "valid", "count": 1}],
            "index": 0,
            "url": "https://pay.example/form",
            "crossOrigin": True,
        }
    ],
    "shadow": [{"candidates": [{"kind": "path", "value": "x-toolbar", "state": "valid", "count": 1}], "closed": False}],
    "candidates": [
        {"kind": "data", "value": '[data-testid="save"]', "state": "valid", "count": 1},
        {
            "kind": "text",
            "value": '//button[normalize-space(.)="Save"]',
            "text": {"tag": "button", "equals": "Save"},
            "state": "multiple",
            "count": 2,
        },
        {"kind": "role", "value": 'role=button[name="Save"]', "role": "button", "name": "Save", "count": 2},
        {"kind": "id", "value": "#btn-4711", "state": "valid", "count": 1, "generated": ["numeric suffix"]},
        {"kind": "path", "value": "form > div:nth-of-type(3) > button:nth-of-type(1)", "state": "valid", "count": 1},
    ],
    "primary": 0,
    "anchors": [{"relation": "descendant", "kind": "text", "text": "Invoice", "of": "form", "step": "button"}],
    "fingerprint": {
        "tag": "button",
        "role": "button",
        "name": "Save",
        "text": "Save",
        "id": "btn-4711",
        "classes": ["primary"],
        "attributes": {"type": "submit", "data-testid": "save"},
        "path": "/html[1]/body[1]/div[2]/form[1]/div[3]/button[1]",
        "idPath": '//*[@id="main"]/form[1]/div[3]/button[1]',
        "near": {"left": "Cancel", "heading": "Invoice"},
        "words": ["Cancel", "Total", "Invoice"],
        "rect": [812, 640.5, 96, 32],
        "viewport": [1280, 720],
        "rank": [2, 3],
    },
}


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["text"][:40] or "empty")
def test_a_text_is_read_as_the_corpus_says(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(SelectorError) as caught:
            Selector.parse(case["text"])
        assert case["error"] in caught.value.message
    else:
        selector = Selector.parse(case["text"])
        assert [msgspec.to_builtins(candidate) for candidate in selector.candidates] == [case["candidate"]]
        assert Selector.parse(selector.text or "") == selector, "it is written as a text again"


def test_a_recorded_selector_is_written_as_it_was_read_without_defaults() -> None:
    selector = Selector.read(RECORDED)
    written = to_data(selector)
    assert isinstance(written, dict)
    assert list(written) == ["label", "page", "frames", "shadow", "candidates", "anchors", "fingerprint"]
    assert written["frames"] == RECORDED["frames"]
    assert written["candidates"] == RECORDED["candidates"]
    assert written["fingerprint"] == RECORDED["fingerprint"]
    assert written["shadow"] == [{"candidates": RECORDED["shadow"][0]["candidates"]}]
    assert Selector.read(written) == selector
    assert Selector.read(selector) is selector


def test_a_selector_with_more_than_one_text_can_say_is_written_as_data() -> None:
    for more in ({"label": "Save"}, {"anchors": RECORDED["anchors"]}, {"frames": RECORDED["frames"]}):
        data = {"candidates": [{"kind": "css", "value": "#save"}], **more}
        assert to_data(Selector.read(data)) == data
    assert to_data(Selector.read({"candidates": [{"kind": "css", "value": "#save"}]})) == "#save"
    assert to_data(Selector.read({"candidates": [{"kind": "css", "value": "button"}]})) == "css=button"
    assert to_data(Selector.read({"candidates": [{"kind": "id", "value": "#save"}]})) == {
        "candidates": [{"kind": "id", "value": "#save"}]
    }


def test_the_logic_of_a_selector_does_not_know_when_it_was_recorded() -> None:
    again = json.loads(json.dumps(RECORDED))
    again["page"]["url"] = "https://erp.example/invoices/18"
    again["fingerprint"]["near"] = {}
    again["candidates"][0] |= {"state": "invalid", "count": 0}
    again["frames"][0]["candidates"][0]["count"] = 3
    first, second = Selector.read(RECORDED), Selector.read(again)
    assert first != second
    assert logic_of(first) == logic_of(second)
    again["candidates"][0]["value"] = '[data-testid="store"]'
    assert logic_of(first) != logic_of(Selector.read(again))


def _with(**changes: Any) -> dict[str, Any]:
    return {"candidates": [{"kind": "id", "value": "#a"}], **changes}


@pytest.mark.parametrize(
    ("data", "path", "problem"),
    [
        (5, "", "a text such as `#save`, or an object with `candidates`"),
        (None, "", "a text such as"),
        ([], "", "a text such as"),
        ({}, "", "`candidates` is missing"),
        (_with(candidates=[]), "", "There are 0 candidates"),
        (_with(candidates=[{"kind": "id", "value": "#a"}] * 21), "", "There are 21 candidates"),
        (_with(primary=1), "", "`primary` is 1, but there are 1 candidates"),
        (_with(primary=-1), "", "`primary` is -1"),
        (_with(primary="0"), "primary", "must be a whole number, not a text"),
        (_with(format=2), "", "made by a newer Exekra (format 2"),
        (_with(format=0), "", "Its format is 0"),
        (_with(lable="x"), "", "There is no `lable` here"),
        (_with(candidates=[{"kind": "di", "value": "#a"}]), "candidates.0.kind", "`di` is not known; it must"),
        (_with(candidates=[{"kind": "id", "value": 5}]), "candidates.0.value", "must be a text, not a whole number"),
        (_with(candidates=[{"kind": "id", "value": " "}]), "candidates.0", "must not be empty"),
        (_with(candidates=[{"kind": "id"}]), "candidates.0", "`value` is missing"),
        (_with(candidates=[{"kind": "text", "value": "x"}]), "candidates.0", "needs `text`"),
        (_with(candidates=[{"kind": "role", "value": "x"}]), "candidates.0", "needs `role`"),
        (_with(candidates=[{"kind": "id", "value": "x", "name": "y"}]), "candidates.0", "Only a candidate of kind"),
        (_with(candidates=[{"kind": "id", "value": "x", "enabled": False}]), "", "primary candidate must be enabled"),
        (_with(candidates=[{"kind": "id", "value": "x", "count": -1}]), "candidates.0", "not be negative"),
        (_with(candidates=[{"kind": "text", "value": "x", "text": {}}]), "candidates.0.text", "needs one of `equals`"),
        (
            _with(candidates=[{"kind": "text", "value": "x", "text": {"equals": "a", "contains": "b"}}]),
            "candidates.0.text",
            "needs one of",
        ),
        (_with(frames=[{"candidates": []}]), "frames.0", "There are 0 candidates"),
        (_with(frames=[_with()] * 11), "", "There are 11 `frames`; at most 10"),
        (_with(anchors=[{"relation": "up", "kind": "text", "text": "x"}]), "anchors.0.relation", "`up` is not known"),
        (_with(fingerprint={"rect": [1, 2, 3]}), "fingerprint.rect", "length"),
        (_with(fingerprint={"words": ["w" * 100] * 100}), "", "at most 8,192 are allowed"),
        (_with(label="\ud800"), "", "JSON cannot hold"),
    ],
)  # fmt: skip
def test_wrong_data_is_refused_with_its_place(data: Any, path: str, problem: str) -> None:
    with pytest.raises(SelectorError) as caught:
        Selector.read(data)
    assert problem in caught.value.problem
    assert ".".join(caught.value.path) == path


@pytest.mark.parametrize("text", ['say "hi"', "it's", "both ' and \"", '"', "'", "\"'\"'", "a\\b", "ü😀", "]{}("])
def test_quoting_for_xpath_keeps_every_text(text: str) -> None:
    written = xpath_string(text)
    strings = r"\"([^\"]*)\"|'([^']*)'"
    assert re.fullmatch(rf"(?:{strings})|concat\((?:{strings})(?:, (?:{strings}))+\)", written)
    assert "".join(double or single for double, single in re.findall(strings, written)) == text


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quoting_for_css_escapes_what_would_end_the_string(quote: str) -> None:
    assert css_string(f"a{quote}]b\\c\nd\0e", quote) == f"{quote}a\\{quote}]b\\\\c\\a d\\fffd e{quote}"


def test_pydantic_reads_selectors_and_tells_what_is_wrong() -> None:
    adapter: TypeAdapter[Selector] = TypeAdapter(Selector)
    assert adapter.validate_python("#save") == Selector.parse("#save")
    assert adapter.dump_python(Selector.parse("#save")) == "#save"
    assert adapter.json_schema() == {
        "anyOf": [{"type": "string", "minLength": 1}, {"type": "object"}],
        "x-widget": "selector",
    }
    with pytest.raises(ValueError, match="is a single word"):
        adapter.validate_python("save")


def test_it_is_shown_in_one_line() -> None:
    assert str(Selector.read(RECORDED)) == 'Button "Save" in "Invoice"'
    assert str(Selector.read("text=Save")) == "text=Save"
    assert str(Selector.read({"candidates": RECORDED["candidates"]})) == '[data-testid="save"]'


def test_a_wrong_selector_is_a_wrong_input() -> None:
    assert issubclass(SelectorError, InputError)
