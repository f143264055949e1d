"""Read elements: their texts, values, attributes, and whether they are there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from annotated_types import MinLen

from exekra.activities.browser.errors import (
    ELEMENT_ERRORS,
    PAGE_ERRORS,
    ElementAmbiguousError,
    ElementNotFoundError,
    FrameNotFoundError,
)
from exekra.activities.browser.finding import Found, count, find, is_bad_selector
from exekra.activities.browser.in_page import script
from exekra.activities.browser.session import Browser
from exekra.activities.browser.tables import Css
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import Seconds, Selector, Widget

CATEGORY = "Browser"
ICON = "letter-case"

AttributeName = Annotated[str, MinLen(1), Widget("text")]

_TEXT = script("text")
_VALUE = script("value")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class TextRead:
    """What the element shows.

    Attributes:
        text: Its text as people see it, without blanks at the ends.
    """

    text: str


@dataclass(frozen=True, slots=True)
class TextsRead:
    """What the elements show.

    Attributes:
        texts: The text of each.
        count: How many there are.
    """

    texts: list[str]
    count: int


@dataclass(frozen=True, slots=True)
class AttributeRead:
    """The attribute.

    Attributes:
        value: Its value; null where the element does not have it.
    """

    value: str | None


@dataclass(frozen=True, slots=True)
class ValueRead:
    """What the field holds.

    Attributes:
        value: A text; true or false for a check box or radio button; a list where several options can be chosen.
    """

    value: str | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class HtmlRead:
    """The source text.

    Attributes:
        html: HTML as the page has it now.
    """

    html: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many elements match.

    Attributes:
        count: Their number.
    """

    count: int


@dataclass(frozen=True, slots=True)
class Existence:
    """Whether the element is there.

    Attributes:
        exists: Whether an element matches.
    """

    exists: bool


@dataclass(frozen=True, slots=True)
class ElementState:
    """How the element is now.

    Attributes:
        visible: Whether it can be seen, perhaps after scrolling.
        enabled: Whether it can be used.
        editable: Whether a text can be typed into it.
        checked: Whether a check box or radio button is ticked; null for other elements.
    """

    visible: bool
    enabled: bool
    editable: bool
    checked: bool | None


@activity(id="browser.get_text", title="Get text", raises=ELEMENT_ERRORS)
async def get_text(context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 30) -> TextRead:
    """Read the text of an element; of a field, what it holds.

    Args:
        browser: The browser.
        target: The element.
        timeout: Seconds to wait for it.
    """
    async with _element(context, browser, target, timeout) as found:
        return TextRead(_tidy(await found.locator.evaluate(_TEXT, timeout=found.milliseconds)))


@activity(id="browser.get_texts", title="Get all texts", icon="list-details", raises=PAGE_ERRORS)
async def get_texts(context: Context, /, *, browser: Browser, css: Css) -> TextsRead:
    """Read the texts of all elements that match, in the page's order.

    Args:
        browser: The browser.
        css: A CSS selector, such as `.price`.
    """
    from playwright.async_api import Error

    async with browser.use(context) as page:
        try:
            texts = [_tidy(text) for text in await page.locator(f"css={css}").all_inner_texts()]
        except Error as error:
            if is_bad_selector(str(error)):
                raise InputError(f"`{css}` is not a valid CSS selector.") from None
            raise
        return TextsRead(texts, len(texts))


@activity(id="browser.get_attribute", title="Get attribute", raises=ELEMENT_ERRORS)
async def get_attribute(
    context: Context, /, *, browser: Browser, target: Selector, name: AttributeName, timeout: Seconds = 30
) -> AttributeRead:
    """Read an attribute of an element, such as `href`.

    Args:
        browser: The browser.
        target: The element.
        name: The attribute.
        timeout: Seconds to wait for the element.
    """
    async with _element(context, browser, target, timeout) as found:
        return AttributeRead(await found.locator.get_attribute(name, timeout=found.milliseconds))


@activity(id="browser.get_value", title="Get value", raises=ELEMENT_ERRORS)
async def get_value(context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 30) -> ValueRead:
    """Read what a field holds, or whether a check box is ticked.

    Args:
        browser: The browser.
        target: The field.
        timeout: Seconds to wait for it.
    """
    async with _element(context, browser, target, timeout) as found:
        return ValueRead(await found.locator.evaluate(_VALUE, timeout=found.milliseconds))


@activity(id="browser.get_html", title="Get HTML", icon="code", raises=ELEMENT_ERRORS)
async def get_html(
    context: Context, /, *, browser: Browser, target: Selector | None = None, timeout: Seconds = 30
) -> HtmlRead:
    """Read the HTML of an element, or of the page.

    Args:
        browser: The browser.
        target: The element; the whole page otherwise.
        timeout: Seconds to wait for it.
    """
    async with browser.use(context) as page:
        if target is None:
            return HtmlRead(await page.content())
        found = await find(page, target, timeout=timeout, warn=context.warn)
        return HtmlRead(await found.locator.evaluate("element => element.outerHTML", timeout=found.milliseconds))


@activity(id="browser.count", title="Count elements", icon="hash", raises=PAGE_ERRORS)
async def count_elements(context: Context, /, *, browser: Browser, target: Selector) -> Counted:
    """Count the elements that match now, visible or not.

    Args:
        browser: The browser.
        target: What to count.
    """
    async with browser.use(context) as page:
        return Counted(await count(page, target))


@activity(id="browser.exists", title="Element exists", icon="search", raises=PAGE_ERRORS)
async def element_exists(context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 0) -> Existence:
    """Say whether an element is on the page.

    Args:
        browser: The browser.
        target: The element.
        timeout: Seconds to wait for it to appear; 0 looks once.
    """
    async with browser.use(context) as page:
        try:
            await find(page, target, timeout=timeout, warn=context.warn)
        except (ElementNotFoundError, FrameNotFoundError):
            return Existence(False)
        except ElementAmbiguousError as error:
            context.warn(f"{error.message} It counts as there.")
        return Existence(True)


@activity(id="browser.element_state", title="Get element state", icon="browser", raises=ELEMENT_ERRORS)
async def element_state(
    context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 30
) -> ElementState:
    """Say whether an element is visible, enabled, editable and ticked.

    Args:
        browser: The browser.
        target: The element.
        timeout: Seconds to wait for it.
    """
    async with _element(context, browser, target, timeout) as found:
        locator = found.locator
        box = await locator.evaluate("one => one.type === 'checkbox' || one.type === 'radio'")
        editable = await locator.evaluate(
            "one => one.isContentEditable || (('value' in one) && !('options' in one) && one.localName !== 'button')"
        )
        return ElementState(
            visible=await locator.is_visible(),
            enabled=await locator.is_enabled(),
            editable=bool(editable) and not box and await locator.is_editable(),
            checked=await locator.is_checked() if box else None,
        )


@asynccontextmanager
async def _element(context: Context, browser: Browser, target: Selector, timeout: float) -> AsyncIterator[Found]:
    """The element that a step reads."""
    async with browser.use(context) as page:
        yield await find(page, target, timeout=timeout, warn=context.warn)


def _tidy(text: str) -> str:
    return text.replace(_NO_BREAK_SPACE, " ").strip()
