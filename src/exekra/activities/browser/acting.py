"""Act on elements as a person does: click, type, choose, drag."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Le, MinLen

from exekra.activities.browser.errors import (
    ELEMENT_ERRORS,
    PAGE_ERRORS,
    ElementAmbiguousError,
    OptionMissingError,
    explain_action,
    not_taken,
)
from exekra.activities.browser.finding import Found, find
from exekra.activities.browser.session import Browser
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import CredentialRef, MultilineText, Seconds, Selector, Widget

CATEGORY = "Browser"
ICON = "click"

Button = Literal["left", "right", "middle"]
Modifier = Literal["Alt", "Control", "Meta", "Shift"]
Keys = Annotated[str, MinLen(1), Widget("text")]

_OPTIONS = """select => [...select.options].map(option => [option.value, option.label.trim().replace(/\\s+/g, ' ')])"""
_FIELD = """one => [
  one.type ?? '',
  ['text', 'search', 'url', 'tel', 'email', 'password', 'textarea'].includes(one.type) ? one.maxLength : -1,
  (one.value ?? '').length,
]"""
_STRICT = frozenset({"date", "time", "datetime-local", "month", "week", "number"})
"""Types of fields of which the browser drops what they cannot hold, and says nothing."""
_MOST_OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen now.

    Attributes:
        options: The texts of the chosen options.
        values: Their values, as the page knows them.
    """

    options: list[str]
    values: list[str]


@activity(id="browser.click", title="Click element", raises=ELEMENT_ERRORS)
async def click(
    context: Context,
    /,
    *,
    browser: Browser,
    target: Selector,
    button: Button = "left",
    count: Annotated[int, Ge(1), Le(3)] = 1,
    modifiers: Sequence[Modifier] = (),
    timeout: Seconds = 30,
) -> None:
    """Click an element when it can be clicked.

    Args:
        browser: The browser.
        target: What to click.
        button: Which button of the mouse.
        count: How many clicks: 2 is a double click.
        modifiers: Keys that are held down meanwhile.
        timeout: Seconds to wait for the element and until nothing covers it.
    """
    async with _element(context, browser, target, timeout, "clicked") as found:
        await found.locator.click(
            button=button, click_count=count, modifiers=list(modifiers), timeout=found.milliseconds
        )


@activity(id="browser.type", title="Type text", icon="keyboard", raises=ELEMENT_ERRORS)
async def type_text(
    context: Context,
    /,
    *,
    browser: Browser,
    target: Selector,
    text: MultilineText = "",
    credential: CredentialRef | None = None,
    clear: bool = True,
    key_by_key: bool = False,
    press_enter: bool = False,
    timeout: Seconds = 30,
) -> None:
    """Type a text, or a credential, into a field.

    Args:
        browser: The browser.
        target: The field.
        text: The text. For dates write 2026-01-31, for times 14:30.
        credential: What to type in place of a text, such as a password; it is never logged.
        clear: Whether what the field holds is replaced; otherwise the text is added at the end.
        key_by_key: Whether each key is pressed, for pages that react to single keys; slower.
        press_enter: Whether Enter is pressed at the end.
        timeout: Seconds to wait for the field.
    """
    if credential is not None and text:
        raise InputError("`text` and `credential` are both given. Keep one of them.")
    typed = text if credential is None else credential
    async with _element(context, browser, target, timeout, "filled") as found:
        locator, limit = found.locator, found.milliseconds
        if credential is not None:
            browser.conceal(locator)
        kind, longest, held = await locator.evaluate(_FIELD, timeout=limit)
        if 0 <= longest < len(typed.encode("utf-16-le")) // 2 + (0 if clear else held):
            raise InputError(f"{found.name} takes at most {longest:,} characters, and the text is longer.")
        if key_by_key or not clear:
            if clear:
                await locator.clear(timeout=limit)
            else:
                await locator.press("ControlOrMeta+End", timeout=limit)
            await locator.press_sequentially(typed, timeout=limit)
        else:
            await locator.fill(typed, timeout=limit)
        if typed and kind in _STRICT and await locator.evaluate("one => one.value === ''", timeout=limit):
            raise not_taken(found.name)
        if press_enter:
            await locator.press("Enter", timeout=limit)


@activity(id="browser.clear", title="Clear field", icon="forms", raises=ELEMENT_ERRORS)
async def clear(context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 30) -> None:
    """Empty a field.

    Args:
        browser: The browser.
        target: The field.
        timeout: Seconds to wait for the field.
    """
    async with _element(context, browser, target, timeout, "cleared") as found:
        await found.locator.clear(timeout=found.milliseconds)


@activity(id="browser.press_keys", title="Press keys", icon="keyboard", raises=ELEMENT_ERRORS)
async def press_keys(
    context: Context,
    /,
    *,
    browser: Browser,
    keys: Keys,
    target: Selector | None = None,
    timeout: Seconds = 30,
) -> None:
    """Press keys, at an element or wherever the cursor is.

    Args:
        browser: The browser.
        keys: The keys, separated by blanks: `Enter`, `Control+A Delete`, `ArrowDown ArrowDown Enter`.
        target: Where the cursor goes first.
        timeout: Seconds to wait for the element.
    """
    if not keys.split():
        raise InputError("`keys` is blank. Name at least one key, such as Enter.")
    if target is not None:
        async with _element(context, browser, target, timeout, "focused") as found:
            await found.locator.focus(timeout=found.milliseconds)
    from playwright.async_api import Error

    async with browser.use(context) as page:
        try:
            for key in keys.split():
                await page.keyboard.press(key)
        except Error as error:
            raise explain_action(error, "pressed", f"`{keys}`", timeout) from None


@activity(id="browser.check", title="Set check box", icon="forms", raises=ELEMENT_ERRORS)
async def check(
    context: Context, /, *, browser: Browser, target: Selector, checked: bool = True, timeout: Seconds = 30
) -> None:
    """Tick a check box or a radio button, or untick a check box.

    Args:
        browser: The browser.
        target: The check box or radio button.
        checked: Whether it is ticked afterwards.
        timeout: Seconds to wait for it.
    """
    async with _element(context, browser, target, timeout, "ticked" if checked else "unticked") as found:
        await found.locator.set_checked(checked, timeout=found.milliseconds)


@activity(
    id="browser.select_dropdown",
    title="Select dropdown",
    icon="forms",
    raises=(OptionMissingError, *ELEMENT_ERRORS),
)
async def select_dropdown(
    context: Context,
    /,
    *,
    browser: Browser,
    target: Selector,
    options: str | Sequence[str],
    by: Literal["text", "value"] = "text",
    timeout: Seconds = 30,
) -> Chosen:
    """Choose one or more options of a drop-down list.

    Args:
        browser: The browser.
        target: The list.
        options: The option, or a list of them where several can be chosen; what is not named is not chosen any more.
        by: Whether options are named by what people see, or by the value that the page has for them.
        timeout: Seconds to wait for the list and for the options to appear in it.
    """
    wanted = [options] if isinstance(options, str) else list(options)
    async with _element(context, browser, target, timeout, "chosen from") as found:
        if await found.locator.evaluate("element => element.localName") != "select":
            raise InputError(
                f"{found.name} is not a drop-down list of HTML. Click it, and then the option that appears."
            )
        from playwright.async_api import TimeoutError as DriverTimeoutError

        if len(wanted) != 1 and not await found.locator.evaluate("select => select.multiple"):
            raise InputError(f"{found.name} takes one option, and {len(wanted)} were given.")
        offered: list[tuple[str, str]] = await found.locator.evaluate(_OPTIONS)
        for one in wanted if by == "text" else ():
            if sum(text == " ".join(one.split()) for _, text in offered) > 1:
                raise ElementAmbiguousError(f"{found.name} has several options `{one}`. Choose one by its value.")
        try:
            if by == "text":
                values = await found.locator.select_option(label=wanted, timeout=found.milliseconds)
            else:
                values = await found.locator.select_option(value=wanted, timeout=found.milliseconds)
        except DriverTimeoutError:
            offered = await found.locator.evaluate(_OPTIONS)
            there = [text if by == "text" else value for value, text in offered]
            missing = next((one for one in wanted if one not in there), None)
            if missing is None:
                raise
            more = f" and {len(there) - _MOST_OPTIONS} more" if len(there) > _MOST_OPTIONS else ""
            shown = ", ".join(there[:_MOST_OPTIONS]) + more if there else "none"
            raise OptionMissingError(f"{found.name} has no option `{missing}`. Its options: {shown}.") from None
        texts = dict(offered)
        if not texts.keys() >= set(values):  # They appeared meanwhile. Otherwise the page may be another one by now.
            texts |= dict(await found.locator.evaluate(_OPTIONS))
        return Chosen([texts.get(value, value) for value in values], values)


@activity(id="browser.hover", title="Hover", icon="mouse", raises=ELEMENT_ERRORS)
async def hover(context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 30) -> None:
    """Move the mouse over an element, as for a menu that opens then.

    Args:
        browser: The browser.
        target: The element.
        timeout: Seconds to wait for it.
    """
    async with _element(context, browser, target, timeout, "hovered over") as found:
        await found.locator.hover(timeout=found.milliseconds)


@activity(id="browser.drag", title="Drag element", icon="mouse", raises=ELEMENT_ERRORS)
async def drag(context: Context, /, *, browser: Browser, target: Selector, to: Selector, timeout: Seconds = 30) -> None:
    """Drag an element and drop it on another one.

    Args:
        browser: The browser.
        target: What to drag.
        to: Where to drop it.
        timeout: Seconds to wait for both.
    """
    async with _element(context, browser, target, timeout, "dragged") as found:
        place = await find(found.locator.page, to, timeout=found.left, warn=context.warn)
        await found.locator.drag_to(place.locator, timeout=place.milliseconds)


@activity(id="browser.scroll_to", title="Scroll to element", icon="mouse", raises=ELEMENT_ERRORS)
async def scroll_to(context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 30) -> None:
    """Scroll until an element can be seen, as for lists that load more when they are scrolled.

    Args:
        browser: The browser.
        target: The element.
        timeout: Seconds to wait for it.
    """
    async with _element(context, browser, target, timeout, "scrolled to") as found:
        await found.locator.scroll_into_view_if_needed(timeout=found.milliseconds)


@activity(id="browser.focus", title="Focus element", icon="forms", raises=ELEMENT_ERRORS)
async def focus(context: Context, /, *, browser: Browser, target: Selector, timeout: Seconds = 30) -> None:
    """Put the cursor into an element.

    Args:
        browser: The browser.
        target: The element.
        timeout: Seconds to wait for it.
    """
    async with _element(context, browser, target, timeout, "focused") as found:
        await found.locator.focus(timeout=found.milliseconds)


@activity(id="browser.scroll", title="Scroll page", icon="mouse", raises=PAGE_ERRORS)
async def scroll(
    context: Context,
    /,
    *,
    browser: Browser,
    to: Literal["top", "bottom", "down", "up"] = "bottom",
) -> None:
    """Scroll the page.

    Args:
        browser: The browser.
        to: Its beginning or end, or one screen down or up.
    """
    scripts = {
        "top": "window.scrollTo(0, 0)",
        "bottom": "window.scrollTo(0, document.documentElement.scrollHeight)",
        "down": "window.scrollBy(0, window.innerHeight * 0.9)",
        "up": "window.scrollBy(0, -window.innerHeight * 0.9)",
    }
    async with browser.use(context) as page:
        await page.evaluate(scripts[to])


@asynccontextmanager
async def _element(
    context: Context, browser: Browser, target: Selector, timeout: float, doing: str
) -> AsyncIterator[Found]:
    """The element of one action, whose failure says what was to be done."""
    from playwright.async_api import Error

    async with browser.use(context) as page:
        found = await find(page, target, timeout=timeout, warn=context.warn)
        try:
            yield found
        except Error as error:
            raise explain_action(error, doing, found.name, timeout) from None
