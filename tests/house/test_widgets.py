"""The pages know every widget that an activity's input may name: the one list is Python's, the other TypeScript's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from exekra.sdk.types import WidgetName

NAMES = Path(__file__).resolve().parents[2] / "web/src/studio/form/widgetNames.ts"


def test_studio_has_a_component_for_each_widget() -> None:
    listed = re.search(r"WIDGET_NAMES = \[(.*?)\]", NAMES.read_text(encoding="utf-8"), re.DOTALL)
    assert listed is not None
    # A name in this list without a component does not compile: `registry.tsx` is a record over all of them.
    assert sorted(re.findall(r'"(\w+)"', listed[1])) == sorted(get_args(WidgetName))
