"""`make docs`: write docs/reference/ anew from the objects that the product itself uses, so that it cannot drift.

A house test makes the pages again and compares.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from exekra.cli.main import COMMANDS, load_command
from exekra.flow.advice.rules import RULES
from exekra.flow.control import CONTROL
from exekra.flow.expressions import function_entries
from exekra.hub.app import create_app
from exekra.hub.core.settings import Settings
from exekra.hub.web.access import ROUTES
from exekra.runner.settings import RunnerSettings
from exekra.sdk.activity import load_activities
from exekra.sdk.catalogue import CatalogueEntry, InputEntry
from exekra.sdk.docstrings import parse_docstring

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
HEAD = "<!-- Written by `make docs`: change the code's docstrings instead. -->\n\n"


def pages() -> dict[str, str]:
    """Every page of the reference: its path below docs/reference, and its text."""
    made = {
        "control-nodes.md": control_nodes(),
        "functions.md": functions(),
        "warnings.md": warnings(),
        "cli.md": command_line(),
        "settings.md": settings(),
        "api.md": api(),
    }
    made |= activities()
    return {path: HEAD + text.rstrip() + "\n" for path, text in made.items()}


def activities() -> dict[str, str]:
    """A page for each prefix of ids, and the list of all."""
    by_prefix: dict[str, list[CatalogueEntry]] = {}
    for definition in load_activities().values():
        entry = definition.entry
        if not definition.function.__module__.startswith("exekra.activities."):
            continue  # Another package's, or a test's.
        by_prefix.setdefault(entry.id.partition(".")[0], []).append(entry)
    made = {}
    index = ["# Activities\n", "Every activity that comes with Exekra. `exekra activities` lists those of a machine.\n"]
    for prefix, entries in sorted(by_prefix.items(), key=lambda item: item[1][0].category):
        category = entries[0].category
        index.append(f"## {category}\n")
        index.append(
            table(
                ("activity", "what it does"), ((f"[`{e.id}`]({prefix}.md#{anchor(e.id)})", e.summary) for e in entries)
            )
        )
        sections = "\n".join(f"## `{e.id}`\n\n{describe(e)}" for e in entries)
        made[f"activities/{prefix}.md"] = f"# {category}\n\n{sections}"
    made["activities/README.md"] = "\n".join(index)
    return made


def control_nodes() -> str:
    """The nodes that belong to the language itself."""
    sections = "\n".join(f"## `{e.id}`\n\n{describe(e)}" for e in CONTROL.entries.values())
    return (
        "# Control nodes\n\nThese belong to the language itself. [The language](../explain/language.md) tells how the "
        f"token walks through them.\n\n{sections}"
    )


def describe(entry: CatalogueEntry) -> str:
    """The section of one kind of node."""
    parts = [f"**{entry.title}.** {entry.summary}.\n"]
    if entry.description:
        parts.append(entry.description + "\n")
    if entry.inputs:
        fields = (
            (f"`{i.name}`", type_name(i.schema), "required" if i.required else literal(i.default), meaning(i))
            for i in entry.inputs
        )
        parts.append(table(("input", "type", "default", "meaning"), fields))
    if entry.outputs:
        rows = ((f"`{o.name}`", type_name(o.schema), o.description) for o in entry.outputs)
        parts.append(table(("output", "type", "meaning"), rows))
    if entry.kind == "control":
        ports = ", ".join(f"`{p}` (a body)" if p in entry.bodies else f"`{p}`" for p in entry.ports)
        parts.append(f"Ports: {ports or 'none'}.\n")
    if entry.errors:
        parts.append(
            table(("error", "kind", "meaning"), ((f"`{e.type}`", e.kind, e.description) for e in entry.errors))
        )
    if entry.needs:
        parts.append(f"A Runner must have: {', '.join(entry.needs)}.\n")
    return "\n".join(parts)


def meaning(entry: InputEntry) -> str:
    """What an input is for, and when it has a meaning at all."""
    conditions = (f"`{name}` is {alternatives(values)}" for name, values in (entry.when or {}).items())
    condition = " and ".join(conditions)
    return f"{entry.description} Only where {condition}." if condition else entry.description


def alternatives(values: Sequence[Any]) -> str:
    """Values of which one is meant, as in a sentence."""
    *others, last = (f"`{value}`" if isinstance(value, str) else literal(value) for value in values)
    return f"{', '.join(others)} or {last}" if others else last


def functions() -> str:
    """What expressions may call."""
    parts = ["# Functions\n", "What an expression may call, by family.\n"]
    family = ""
    for entry in sorted(function_entries(), key=lambda e: (e.family, e.name)):
        if entry.family != family:
            family = entry.family
            parts.append(f"## {family.capitalize()}\n")
        details, _, examples = entry.documentation.partition("Examples:")
        parts.append(f"### `{entry.signature}`\n\n{entry.summary.rstrip('.')}.\n")
        if details.strip():
            parts.append(details.strip() + "\n")
        if examples.strip():
            parts.append("```text\n" + textwrap.dedent(examples.strip("\n")).rstrip() + "\n```\n")
    return "\n".join(parts)


def warnings() -> str:
    """The rules behind the warnings of the check."""
    rows = ((f"`{rule.code}`", rule.title, rule.why) for rule in RULES.values())
    return (
        "# Warnings\n\nThe rules behind the warnings of the check. [The analyser](../explain/analyser.md) tells how to "
        f"read and how to silence them.\n\n{table(('rule', 'what it finds', 'why'), rows)}"
    )


def command_line() -> str:
    """Every command with its arguments, as its own help says."""
    parts = [
        "# Command line\n",
        "`exekra COMMAND --help` shows the same. Exit status: 0 it worked, 1 it failed, 2 the arguments or the file "
        "are wrong, 130 stopped by Ctrl-C.\n",
    ]
    for name in COMMANDS:
        command = load_command(name)
        parser = argparse.ArgumentParser(
            prog=f"exekra {name}",
            description=command.SUMMARY,
            formatter_class=lambda prog: argparse.HelpFormatter(prog, width=100),
        )
        command.add_arguments(parser)
        parts.append(f"## exekra {name}\n\n```text\n{parser.format_help().rstrip()}\n```\n")
    return "\n".join(parts)


def settings() -> str:
    """The settings of Hub and Runner."""
    parts = ["# Settings\n"]
    for title, kind in (("Hub", Settings), ("Runner", RunnerSettings)):
        docs = parse_docstring(kind.__doc__)
        rows = []
        for field in dataclasses.fields(kind):
            default = "" if field.default is dataclasses.MISSING else literal(field.default)
            rows.append((f"`EXEKRA_{field.name.upper()}`", default, docs.sections["Attributes"][field.name]))
        parts.append(f"## {title}\n\n{docs.description}\n\n{table(('variable', 'default', 'meaning'), rows)}")
    return "\n".join(parts)


def api() -> str:
    """Every route with the role that it needs."""
    described = create_app(
        Settings(database_url="postgresql://localhost/exekra", home=Path(), signing_secret="0" * 48)
    ).openapi()["paths"]
    rows = []
    for (method, path), access in ROUTES.items():
        route = described.get(path, {}).get(method.lower(), {})
        needed = str(access.value if isinstance(access.value, str) else access.name)
        rows.append((f"`{method} {path}`", needed, route.get("summary", "")))
    return (
        "# API\n\nA running Hub describes its API at `/api/docs`, with examples, and as OpenAPI at "
        "`/api/openapi.json`. Each role may do what those before it may: OPERATOR, DEVELOPER, ADMIN.\n\n"
        + table(("route", "who may", "what it does"), rows)
    )


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    lines = [" | ".join(heads)]
    lines.append(" | ".join("---" for _ in lines[0].split(" | ")))
    lines += [" | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def type_name(schema: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"])
    if "x-choices" in schema:
        return ", ".join(f"`{choice['value']}`" for choice in schema["x-choices"]) + " or another"
    names = {"table": "table", "file": "file", "folder": "folder", "seconds": "seconds", "code": "code"}
    if schema.get("x-widget") in names:
        return names[schema["x-widget"]]
    kinds = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    kinds |= {"array": "list", "object": "object", "null": "nothing"}
    shapes = [s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"]
    found = dict.fromkeys(type_name(s) if "enum" in s else kinds.get(s.get("type", ""), "any") for s in shapes)
    return " or ".join(found)


def literal(value: Any) -> str:
    """A default as it would be written."""
    if value is None:
        return ""
    return f"`{json.dumps(value, ensure_ascii=False, default=str)}`"


def anchor(heading: str) -> str:
    """How a heading is linked to."""
    return heading.lower().replace(".", "").replace(" ", "-")


def main() -> int:
    made = pages()
    for path, text in made.items():
        file = FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for stale in sorted(FOLDER.rglob("*.md")):
        if stale.relative_to(FOLDER).as_posix() not in made:
            stale.unlink()
    print(f"docs/reference: {len(made)} pages")
    return 0


if __name__ == "__main__":
    os.environ["COLUMNS"] = "100"
    sys.exit(main())
