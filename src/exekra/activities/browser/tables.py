"""Read tables and lists of pages as tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any

from annotated_types import MinLen

from exekra.activities.browser.errors import ELEMENT_ERRORS, PAGE_ERRORS, explain
from exekra.activities.browser.finding import find
from exekra.activities.browser.in_page import script
from exekra.activities.browser.session import Browser
from exekra.activities.column_names import unique_names
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.sdk.types import Seconds, Selector, Widget

CATEGORY = "Browser"
ICON = "table"

Css = Annotated[str, MinLen(1), Widget("text")]

_QUOTED = re.compile(r"'([^']*)' is not a valid selector")
_ATTRIBUTE = re.compile(r"(.*)@\s*([\w:.-]+)\s*", re.DOTALL)
_READ_TABLE = script("read_table")
_READ_LIST = script("read_list")


@dataclass(frozen=True, slots=True)
class TableTaken:
    """What was read.

    Attributes:
        rows: The rows as a table; all values are texts.
        count: The number of rows.
        notes: What is doubtful, such as a table that shows only a part of its rows.
    """

    rows: Table
    count: int
    notes: list[str] = field(default_factory=list)


@activity(id="browser.extract_table", title="Extract table", raises=ELEMENT_ERRORS)
async def extract_table(
    context: Context,
    /,
    *,
    browser: Browser,
    target: Selector,
    header: bool = True,
    hidden_rows: bool = False,
    timeout: Seconds = 30,
) -> TableTaken:
    """Read a table of the page.

    Cells that span several rows or columns give their text to each of them. The rows of a footer are left out.

    Args:
        browser: The browser.
        target: The table: a `table` of HTML, or an element with the role table or grid.
        header: Whether the table's headers are the names of the columns, or the first row where it has none.
        hidden_rows: Whether rows that cannot be seen are read, too.
        timeout: Seconds to wait for the table.
    """
    async with browser.use(context) as page:
        found = await find(page, target, timeout=timeout, warn=context.warn)
        role = await found.locator.evaluate("one => one.localName === 'table' ? 'table' : one.getAttribute('role')")
        if role not in {"table", "grid", "treegrid"}:
            raise InputError(f"{found.name} is not a table. For other lists use Extract list.")
        read: dict[str, Any] = await found.locator.evaluate(_READ_TABLE, hidden_rows)
    table = _table(read["header"], read["body"], header)
    if read["total"] > len(read["header"]) + len(read["body"]):
        context.warn(
            f"{found.name} says that it has {int(read['total']):,} rows and shows {len(table):,}: it loads more while "
            "somebody scrolls. Only those that it shows were read."
        )
    return TableTaken(table, len(table), context.warnings)


@activity(id="browser.extract_list", title="Extract list", icon="list-details", raises=PAGE_ERRORS)
async def extract_list(context: Context, /, *, browser: Browser, items: Css, columns: dict[str, str]) -> TableTaken:
    """Read a list of similar items, such as the articles of a shop, as a table.

    Args:
        browser: The browser.
        items: A CSS selector that matches each item: `.article`.
        columns: For each column a CSS selector within the item: `{price: ".price"}`. An attribute stands behind an @:
            `{link: "a@href"}`, or alone for the item itself: `@data-id`.
    """
    from playwright.async_api import Error

    if not columns:
        raise InputError('`columns` is empty. Name at least one: {title: "h2"}.')
    wanted = []
    for css in columns.values():
        found = _ATTRIBUTE.fullmatch(css)
        place, attribute = (found[1], found[2]) if found else (css, "text")
        wanted.append([place.strip() or ":scope", attribute])
    async with browser.use(context) as page:
        try:
            rows: list[list[str | None]] = await page.evaluate(_READ_LIST, [items, wanted])
        except Error as error:
            if "not a valid selector" in str(error):
                bad = _QUOTED.search(str(error))
                raise InputError(f"`{bad[1] if bad else items}` is not a valid CSS selector.") from None
            raise explain(error) from None
    table = Table.from_rows(tuple(columns), rows)
    if not rows:
        context.warn(f"Nothing matched `{items}` on the page, so the list is empty.")
    for number, name in enumerate(columns):
        if rows and all(row[number] is None for row in rows):
            context.warn(f"`{name}`: nothing matched `{columns[name]}` in any of the {len(rows):,} items.")
    return TableTaken(table, len(table), context.warnings)


def _table(header: list[list[str]], body: list[list[str]], names: bool) -> Table:
    """Rows of any length as a table; several rows of headers become one, from top to bottom."""
    width = max((len(row) for row in (*header, *body)), default=0)
    whole = [[*row, *[None] * (width - len(row))] for row in body]
    if not names:
        return Table.from_rows([f"Column {number}" for number in range(1, width + 1)], whole)
    if header:
        parts = [[row[number] if number < len(row) else "" for row in header] for number in range(width)]
        titles = [" ".join(dict.fromkeys(part for part in one if part)) for one in parts]
    else:
        titles = [text or "" for text in whole[0]] if whole else []
        whole = whole[1:]
    return Table.from_rows(unique_names(titles), whole)
