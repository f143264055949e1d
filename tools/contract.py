"""`make contract`: write anew what crosses a border between programs or languages, so that its diff can be reviewed.

Each file of contract/ is made from the code that the product itself uses. A house test makes them again and compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

BUILT_IN = "exekra.activities."
FOLDER = Path(__file__).resolve().parent.parent / "contract"


def catalogue() -> Any:
    """Every node that a workflow may use: control nodes and the built-in activities."""
    from exekra.flow.control import CONTROL
    from exekra.sdk.activity import load_activities

    # Other packages may be installed here, and tests declare activities of their own.
    built_in = [each.entry for each in load_activities().values() if each.function.__module__.startswith(BUILT_IN)]
    entries = [*CONTROL.entries.values(), *built_in]
    return [msgspec.to_builtins(entry) for entry in sorted(entries, key=lambda entry: (entry.kind, entry.id))]


def flow_schema() -> Any:
    """The flow document."""
    from exekra.flow import document_schema

    return document_schema.flow_schema()


def selector_schema() -> Any:
    """How an element of a page is found."""
    from exekra.flow import document_schema

    return document_schema.selector_schema()


def protocol_schema() -> Any:
    """The messages between Runner and Hub."""
    from exekra.protocol.messages import HubMessage, RunnerMessage

    (runner, hub), definitions = msgspec.json.schema_components([RunnerMessage, HubMessage])
    return {"RunnerMessage": runner, "HubMessage": hub, "$defs": definitions}


def openapi() -> Any:
    """The Hub's API."""
    from exekra.hub.app import create_app
    from exekra.hub.core.settings import Settings

    settings = Settings(database_url="postgresql://localhost/exekra", home=Path(), signing_secret="0" * 48)
    return create_app(settings).openapi()


FILES: dict[str, Callable[[], Any]] = {
    "catalog.json": catalogue,
    "flow.schema.json": flow_schema,
    "openapi.json": openapi,
    "protocol.schema.json": protocol_schema,
    "selector.schema.json": selector_schema,
}


def text_of(name: str) -> str:
    """What the file of this name shall contain."""
    return json.dumps(FILES[name](), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name in FILES:
        file = FOLDER / name
        text = text_of(name)
        changed = not file.exists() or file.read_text(encoding="utf-8") != text
        file.write_text(text, encoding="utf-8")
        print(f"{'changed' if changed else 'same   '} contract/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
