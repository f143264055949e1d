"""YAML as people read it."""

from __future__ import annotations

import pytest

from exekra.flow.yaml_text import read_yaml, write_yaml


@pytest.mark.parametrize("text", ["Invoice 🧾", "𝔘 and \\U0001F9FE", "plain"])
def test_every_letter_is_written_as_it_is(text: str) -> None:
    written = write_yaml({"name": text, "short": {"list": [1, "🧾"]}})
    assert text in written
    assert "short:\n  list: [1, 🧾]\n" in written
    assert read_yaml(written)[0] == {"name": text, "short": {"list": [1, "🧾"]}}
