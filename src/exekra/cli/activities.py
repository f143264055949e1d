"""`exekra activities`: the installed activities and the control nodes."""

from __future__ import annotations

import argparse
import json
import textwrap
from itertools import groupby
from typing import Any

import msgspec

from exekra.flow.control import CONTROL
from exekra.sdk.activity import activity_catalogue
from exekra.sdk.catalogue import Catalogue, CatalogueEntry, InputEntry
from exekra.sdk.errors import SettingsError

SUMMARY = "List the activities, or show one in detail."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which activity, and the output format."""
    parser.add_argument("id", nargs="?", metavar="ID", help="one activity, such as excel.read_range")
    parser.add_argument("--json", action="store_true", help="print JSON: a list of entries, or one entry")


def run(arguments: argparse.Namespace) -> int:
    """Print the list or one activity; 2 if there is no such activity."""
    catalogue = Catalogue([*CONTROL.entries.values(), *activity_catalogue().entries.values()])
    if arguments.id is None:
        entries = sorted(catalogue.entries.values(), key=lambda entry: (entry.category, entry.id))
        if arguments.json:
            print(_json([msgspec.to_builtins(entry) for entry in entries]))
        else:
            _print_list(entries)
        return 0
    entry = catalogue.get(arguments.id)
    if entry is None:
        nearest = catalogue.nearest(arguments.id)
        hint = f"Did you mean {nearest}?" if nearest else "`exekra activities` lists them all."
        raise SettingsError(f"There is no activity named {arguments.id}. {hint}")
    if arguments.json:
        print(_json(msgspec.to_builtins(entry)))
    else:
        _print_entry(entry)
    return 0


def _print_list(entries: list[CatalogueEntry]) -> None:
    width = max(len(entry.id) for entry in entries)
    for category, members in groupby(entries, key=lambda entry: entry.category):
        print(f"{category}")
        for entry in members:
            print(f"  {entry.id:{width}}  {entry.summary}")


def _print_entry(entry: CatalogueEntry) -> None:
    print(f"{entry.id}: {entry.summary}.")
    if entry.description:
        print(f"\n{entry.description}")
    if entry.inputs:
        print("\nInputs")
        for field in entry.inputs:
            _print_item(f"{field.name}: {_kind(field.schema)}{_need(field)}", field.description)
    if entry.outputs:
        print("\nOutputs")
        for output in entry.outputs:
            _print_item(f"{output.name}: {_kind(output.schema)}", output.description)
    if entry.errors:
        print("\nErrors")
        for error in entry.errors:
            _print_item(f"{error.type} ({error.kind})", error.description)
    print(f"\nPorts: {', '.join((*entry.ports, 'error'))}")


def _print_item(head: str, text: str) -> None:
    print(f"  {head}")
    print(textwrap.fill(text, width=100, initial_indent="      ", subsequent_indent="      "))


def _need(field: InputEntry) -> str:
    return ", required" if field.required else f", default {json.dumps(field.default, ensure_ascii=False, default=str)}"


def _kind(schema: dict[str, Any]) -> str:
    """The type, in a few words."""
    shapes = [shape for shape in schema.get("anyOf", [schema]) if shape.get("type") != "null"]
    choices = [value for shape in shapes for value in shape.get("enum", ())]
    if choices:
        return " | ".join(json.dumps(choice, ensure_ascii=False) for choice in choices)
    return str(schema.get("x-widget", "any"))


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str)
