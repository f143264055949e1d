"""Run JavaScript in a page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import MinLen

from exekra.activities.browser.errors import PAGE_ERRORS, PageTimedOutError, ScriptFailedError, first_line, is_gone
from exekra.activities.browser.session import Browser
from exekra.activities.wire import wire_json
from exekra.kit.json import DEEPEST, check_depth
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.types import Seconds, Widget

CATEGORY = "Browser"
ICON = "brand-javascript"

JavaScript = Annotated[str, MinLen(1), Widget("code", "javascript")]


@dataclass(frozen=True, slots=True)
class ScriptEnded:
    """What the script gave back.

    Attributes:
        value: What it returned, as data; null where it returned nothing.
    """

    value: Any


@activity(
    id="browser.run_javascript",
    title="Run JavaScript in page",
    raises=(ScriptFailedError, PageTimedOutError, *PAGE_ERRORS),
)
async def run_javascript(
    context: Context, /, *, browser: Browser, script: JavaScript, argument: Any = None, timeout: Seconds = 30
) -> ScriptEnded:
    """Run JavaScript in the page.

    Args:
        browser: The browser.
        script: The body of a function: `return document.title`. It may use `await`, and has `argument`.
        argument: Data that the script gets, such as a value of the workflow.
        timeout: Seconds that it may take.
    """
    from playwright.async_api import Error

    function = f"async given => {{ const argument = JSON.parse(given);\n{script}\n}}"
    async with browser.use(context) as page:
        try:
            async with asyncio.timeout(timeout or None):
                value = await page.evaluate(function, wire_json("`argument`", argument))
            check_depth(value)
            return ScriptEnded(value)
        except TimeoutError:
            raise PageTimedOutError(f"The script did not end within {timeout:g} s.") from None
        except ValueError:
            raise ScriptFailedError(
                f"What the script returned contains itself, or is nested deeper than {DEEPEST} levels."
            ) from None
        except Error as error:
            if is_gone(str(error)):
                raise
            raise ScriptFailedError(f"The script failed: {first_line(str(error))}.") from None
