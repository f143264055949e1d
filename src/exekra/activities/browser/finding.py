"""Finds the one element that a selector means: unique or nothing, never the first of several."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exekra.activities.browser.errors import (
    ElementAmbiguousError,
    ElementNotFoundError,
    ElementNotReadyError,
    FrameNotFoundError,
    explain,
    first_line,
    is_gone,
)
from exekra.activities.browser.in_page import script
from exekra.activities.browser.session import public_address
from exekra.sdk.errors import InputError
from exekra.sdk.selector import Selector
from exekra.sdk.selector_parts import Candidate, TextMatch
from exekra.sdk.selector_text import write_candidate

if TYPE_CHECKING:
    from playwright.async_api import FrameLocator, Locator, Page

    Scope = Page | FrameLocator | Locator

FALLBACK_AFTER = 2.0
"""Seconds without a match after which other candidates are tried, at most half of the time limit."""

RESPONSE_SECONDS = 10.0
"""Seconds beyond the time limit after which a page does not respond: the driver would wait for ever."""

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.02, 0.25
_MOST_DESCRIBED = 5
_LONGEST_TEXT = 60
_WEAK = ("path", "classes")
"""Kinds that often match another element after a change of the page: never used in place of the primary one."""
_DESCRIBE = script("describe")


@dataclass(frozen=True, slots=True)
class Found:
    """An element.

    Attributes:
        locator: Leads to it, and to nothing else.
        name: What a message calls it.
        left: The seconds that are left of the time limit.
    """

    locator: Locator
    name: str
    left: float

    @property
    def milliseconds(self) -> float:
        """What is left, for the driver; it takes 0 for no limit at all."""
        return max(self.left * 1000, 1)


async def find(page: Page, target: Selector, *, timeout: float, warn: Callable[[str], None]) -> Found:
    """Wait until exactly one element matches.

    Of several, those that are visible count. Where nothing matches the primary candidate for a while, the others are
    tried, except the weak ones, and a warning names the one that matched.

    Args:
        timeout: Seconds; 0 looks once.

    Raises:
        ElementNotFoundError: No element matches in time.
        ElementAmbiguousError: Several match, to the end.
        FrameNotFoundError: The frame or the host of the shadow root is not there.
        ElementNotReadyError: The page does not respond.
        InputError: The page's engine cannot read the selector.
    """
    try:
        async with asyncio.timeout(timeout + RESPONSE_SECONDS):
            return await _find(page, target, timeout, warn)
    except TimeoutError:
        raise ElementNotReadyError(
            f"{public_address(page.url)} did not respond within {timeout + RESPONSE_SECONDS:g} s: a script is busy."
        ) from None


async def _find(page: Page, target: Selector, timeout: float, warn: Callable[[str], None]) -> Found:
    ends = time.monotonic() + timeout
    fallback_at = time.monotonic() + min(FALLBACK_AFTER, timeout / 2)
    pause = _SHORTEST_PAUSE
    while True:
        search = _Search(page, target)
        found = await search.primary() or (await search.fallback() if time.monotonic() >= fallback_at else None)
        left = ends - time.monotonic()
        if found is not None:
            locator, candidate = found
            if candidate is not target.candidates[target.primary]:
                warn(
                    f"`{target}` was found by another candidate, {write_candidate(candidate)}, because its primary one "
                    "matches nothing. Check the step, and record the element again."
                )
            return Found(locator, f"`{target}`", max(left, 0))
        if left <= 0:
            raise await search.failure(timeout)
        await asyncio.sleep(min(pause, max(left, 0)))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


async def count(page: Page, target: Selector, *, visible: bool = False) -> int:
    """How many elements, or visible ones, match the primary candidate now; 0 where a frame on the way is missing."""
    search = _Search(page, target)
    await search.primary()
    return search.visible if visible else search.matches


class _Search:
    """One look at the page."""

    def __init__(self, page: Page, target: Selector) -> None:
        self._page = page
        self._target = target
        self._several: Locator | None = None
        self._missing = ""
        self.matches = 0
        self.visible = 0

    async def primary(self) -> tuple[Locator, Candidate] | None:
        scope = await self._inside()
        if scope is None:
            return None
        candidate = self._target.candidates[self._target.primary]
        locator = _locator(scope, candidate)
        self.matches = await _count(locator, candidate)
        if self.matches == 1:
            return locator, candidate
        if self.matches:
            visible = locator.filter(visible=True)
            self.visible = await _count(visible, candidate)
            if self.visible == 1:
                return visible, candidate
            self._several = locator
        return None

    async def fallback(self) -> tuple[Locator, Candidate] | None:
        """The element of another candidate, if it is the only visible one that it matches."""
        scope = await self._inside()
        if scope is None or self.matches:
            return None
        for candidate in self._others():
            visible = _locator(scope, candidate).filter(visible=True)
            if candidate.kind not in _WEAK and not candidate.generated and await _count(visible, candidate) == 1:
                return visible, candidate
        return None

    def _others(self) -> list[Candidate]:
        target = self._target
        return [one for number, one in enumerate(target.candidates) if one.enabled and number != target.primary]

    async def _inside(self) -> Scope | None:
        """The document or shadow root that contains the element, or None."""
        scope: Scope = self._page
        for frame in self._target.frames:
            element = await self._only(scope, frame.candidates)
            if element is None:
                self._missing = f"the frame `{write_candidate(frame.candidates[0])}`"
                return None
            scope = element.content_frame
        for host in self._target.shadow:
            element = await self._only(scope, host.candidates)
            if element is None:
                self._missing = f"the host `{write_candidate(host.candidates[0])}` of a shadow root"
                return None
            scope = element
        self._missing = ""
        return scope

    async def _only(self, scope: Scope, candidates: Sequence[Candidate]) -> Locator | None:
        for candidate in candidates:
            locator = _locator(scope, candidate)
            if candidate.enabled and await _count(locator, candidate) == 1:
                return locator
        return None

    async def failure(self, timeout: float) -> ElementNotFoundError | ElementAmbiguousError | FrameNotFoundError:
        """The error for what this look saw."""
        waited = f" within {timeout:g} s" if timeout else ""
        where = public_address(self._page.url)
        if self._missing:
            return FrameNotFoundError(f"{self._missing[0].upper()}{self._missing[1:]} was not on {where}{waited}.")
        if self._several is not None:
            return ElementAmbiguousError(
                f"{self.matches} elements match `{self._target}` on {where}, and the step needs exactly one: "
                f"{await self._described(self._several)}. Make the selector more precise."
            )
        tried = [f"{write_candidate(one)}: {await self._number(one)}" for one in self._others()]
        others = f" The other candidates match: {'; '.join(tried)}." if tried else ""
        return ElementNotFoundError(f"No element matched `{self._target}` on {where}{waited}.{others}")

    async def _number(self, candidate: Candidate) -> int:
        scope = await self._inside()
        return 0 if scope is None else await _count(_locator(scope, candidate), candidate)

    async def _described(self, locator: Locator) -> str:
        elements: list[tuple[str, str]] = await locator.evaluate_all(_DESCRIBE)
        shown = [f'{what} "{text[:_LONGEST_TEXT]}"' if text else what for what, text in elements[:_MOST_DESCRIBED]]
        more = len(elements) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def is_bad_selector(message: str) -> bool:
    """Whether the driver's message says that it cannot read a selector."""
    return any(words in message for words in ("not a valid", "while parsing", "Unexpected token", "Unknown engine"))


async def _count(locator: Locator, candidate: Candidate) -> int:
    from playwright.async_api import Error

    try:
        return await locator.count()
    except Error as error:
        message = str(error)
        if is_gone(message):
            raise explain(error) from None
        if is_bad_selector(message):
            reason = first_line(message)
            raise InputError(f"`{write_candidate(candidate)}` is not a valid selector: {reason}.") from None
        return 0  # The page is just being replaced by another one.


def _locator(scope: Scope, candidate: Candidate) -> Locator:
    if candidate.role is not None:
        role: Any = candidate.role
        return scope.get_by_role(role, name=candidate.name, exact=True)
    if candidate.text is not None:
        return _by_text(scope, candidate.text)
    return scope.locator(f"{'xpath' if candidate.is_xpath else 'css'}={candidate.value}")


def _by_text(scope: Scope, match: TextMatch) -> Locator:
    if match.tag:
        return scope.locator(f"xpath={match.xpath}")
    if match.equals is not None:
        return scope.get_by_text(match.equals, exact=True)
    words = (match.starts_with or match.contains or "").split()
    pattern = r"\s+".join(map(re.escape, words))
    return scope.get_by_text(re.compile(pattern if match.contains is not None else rf"^\s*{pattern}"))
