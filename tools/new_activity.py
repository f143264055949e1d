"""`make new-activity ARGUMENTS='CATEGORY NAME'`: write a function and its test, which both work, to begin with.

A category is a module or a folder of `src/exekra/activities/`. One that is not there is made, with its entry point.
"""

from __future__ import annotations

import argparse
import ast
import keyword
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACTIVITIES = ROOT / "src" / "exekra" / "activities"
TESTS = ROOT / "tests" / "unit" / "activities"
PROJECT = ROOT / "pyproject.toml"
LONGEST_FILE = 400
"""Lines: the house rule that `tests/house` checks."""

NEEDED = {
    "dataclass": "from dataclasses import dataclass",
    "activity": "from exekra.sdk.activity import activity",
    "Text": "from exekra.sdk.types import Text",
}
"""What the template uses, by name."""

FUNCTION = '''

@dataclass(frozen=True, slots=True)
class {Name}Result:
    """What {title} gives.

    Attributes:
        text: The text.
    """

    text: str


@activity({declared})
def {name}(*, text: Text) -> {Name}Result:
    """{Title}.

    Args:
        text: The text.
    """
    return {Name}Result(text)
'''

TEST = '''"""{Title}: a pure function, called as such."""

from {module} import {name}


def test_{name}() -> None:
    assert {name}(text="a text").text == "a text"
'''

NEXT = """{id} is in {source}, its test in {test}.

What to do next:
  1. Make it do what you want. Its texts are what people read in the toolbox and in the reference.
  2. .venv/bin/python -m pytest {test}
  3. make contract, make docs: look at the differences, they belong into the commit.
  4. Write a line for users into CHANGELOG.md, then make check."""


class ScaffoldError(Exception):
    """Why nothing was written, in one sentence that says what to do."""


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make new-activity", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("category", help="the first half of its id, such as text")
    parser.add_argument("name", help="the second half, such as reverse_words")
    arguments = parser.parse_args(words)
    try:
        print(write(arguments.category, arguments.name))
    except ScaffoldError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def write(category: str, name: str) -> str:
    """Write the files; what to do next.

    Raises:
        ScaffoldError: A name cannot be used, or there is no room; nothing was written.
    """
    for word in (category, name):
        if not re.fullmatch("[a-z][a-z0-9_]*", word) or keyword.iskeyword(word):
            raise ScaffoldError(
                f"{word!r} is not a valid name: small letters, digits and underscores, such as reverse_words."
            )
    test = TESTS / f"test_{category}_{name}.py"
    if test.exists():
        raise ScaffoldError(f"{_shown(test)} is there already: choose another name.")
    folder, source, module = ACTIVITIES / category, ACTIVITIES / f"{category}.py", f"exekra.activities.{category}"
    if folder.is_dir():
        source, module = folder / f"{name}.py", f"{module}.{name}"
        _import_in(folder / "__init__.py", source)
        _write_module(source, name, id=f"{category}.{name}")
    elif source.exists():
        _append(source, name)
    else:
        _add_entry_point(category)
        _write_module(source, name, category=category)
    test.parent.mkdir(parents=True, exist_ok=True)
    test.write_text(_filled(TEST, name, module=module), encoding="utf-8")
    _tidy(source, test)
    return NEXT.format(id=f"{category}.{name}", source=_shown(source), test=_shown(test))


def _write_module(file: Path, name: str, *, category: str | None = None, id: str | None = None) -> None:
    title = _title(category or name)
    head = [f'"""{title}."""', "", "from __future__ import annotations", "", *NEEDED.values()]
    if category is not None:
        head += ["", f'CATEGORY = "{title}"']
    declared = f'id="{id}"' if id is not None else ""
    file.write_text("\n".join(head) + "\n" + _filled(FUNCTION, name, declared=declared), encoding="utf-8")


def _append(file: Path, name: str) -> None:
    text = _category(file)
    tree = ast.parse(text)
    if name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}:
        raise ScaffoldError(f"{_shown(file)} has a function {name} already: choose another name.")
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    known = {alias.asname or alias.name for node in imports for alias in node.names}
    lines = text.splitlines()
    missing = [line for word, line in NEEDED.items() if word not in known]
    at = max((node.end_lineno or 0 for node in imports), default=0)
    lines[at:at] = missing
    new = "\n".join(lines) + "\n" + _filled(FUNCTION, name, declared="")
    if new.count("\n") > LONGEST_FILE:
        raise ScaffoldError(
            f"{_shown(file)} would have more than {LONGEST_FILE} lines: make it a folder first, as excel/ is one."
        )
    file.write_text(new, encoding="utf-8")


def _category(file: Path) -> str:
    """The text of a category's module; other modules of the folder are what several categories share."""
    text = file.read_text(encoding="utf-8")
    if not re.search(r"^CATEGORY = ", text, re.M):
        raise ScaffoldError(f"{_shown(file)} is not a category: it has no CATEGORY. Choose another category.")
    return text


def _import_in(file: Path, source: Path) -> None:
    """Let the folder's `__init__` load the new module, so that its activity is declared."""
    if source.exists():
        raise ScaffoldError(f"{_shown(source)} is there already: choose another name.")
    text, name, quoted = _category(file), source.stem, f'"{source.stem}"'
    text, imports = re.subn(
        r"^(from exekra\.activities\.\w+ import )(.+)$",
        lambda found: found[1] + ", ".join(sorted([*found[2].split(", "), name])),
        text,
        flags=re.M,
    )
    text, names = re.subn(
        r"^__all__ = \[(.+)\]$",
        lambda found: f"__all__ = [{', '.join(sorted([*found[1].split(', '), quoted]))}]",
        text,
        flags=re.M,
    )
    if (imports, names) != (1, 1):
        raise ScaffoldError(f"{_shown(file)} looks otherwise than expected: import the module {name} there yourself.")
    file.write_text(text, encoding="utf-8")


def _add_entry_point(category: str) -> None:
    text = PROJECT.read_text(encoding="utf-8")
    head = '[project.entry-points."exekra.activities"]\n'
    before, found, after = text.partition(head)
    if not found:
        raise ScaffoldError(f"{_shown(PROJECT)} has no table {head.strip()}.")
    entries, gap, rest = after.partition("\n\n")
    lines = sorted([*entries.strip().splitlines(), f'{category} = "exekra.activities.{category}"'])
    PROJECT.write_text(before + head + "\n".join(lines) + (gap + rest if gap else "\n"), encoding="utf-8")


def _filled(template: str, name: str, **words: str) -> str:
    title = _title(name)
    camel = "".join(part.capitalize() for part in name.split("_"))
    return template.format(name=name, Name=camel, Title=title, title=title.lower(), **words)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _tidy(*files: Path) -> None:
    """Put imports in their order and the text into its form, as `make check` wants them."""
    ruff = [sys.executable, "-m", "ruff"]
    for words in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        subprocess.run([*ruff, *words, *files], cwd=ROOT, check=True)


def _shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
