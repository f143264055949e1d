"""What can be wrong with a browser, a page or an element, and what the driver's errors mean."""

from __future__ import annotations

import re

from exekra.sdk.errors import ApplicationError, BusinessError, InputError

_LOG_LINE = re.compile(r"^\s*(?:\d+ × )?- (.*)$", re.MULTILINE)
_COVERED = re.compile(r"(<.*>) (?:from .* )?intercepts pointer events")
_NETWORK = re.compile(r"net::(ERR_[A-Z_]+)")
_QUERY = re.compile(r"(https?://[^\s\"'?#]*)[?#][^\s\"']*")
_NETWORK_REASONS = {
    "ERR_NAME_NOT_RESOLVED": "there is no server of that name",
    "ERR_CONNECTION_REFUSED": "the server refuses the connection",
    "ERR_CONNECTION_RESET": "the server broke the connection off",
    "ERR_CONNECTION_CLOSED": "the server closed the connection without an answer",
    "ERR_CONNECTION_TIMED_OUT": "the server does not answer",
    "ERR_ADDRESS_UNREACHABLE": "the server cannot be reached",
    "ERR_INTERNET_DISCONNECTED": "this machine has no network",
    "ERR_EMPTY_RESPONSE": "the server sent an empty answer",
    "ERR_TOO_MANY_REDIRECTS": "the server redirects in a circle",
    "ERR_INVALID_URL": "it is not a valid URL",
    "ERR_FILE_NOT_FOUND": "there is no such file",
    "ERR_SSL_PROTOCOL_ERROR": "the server does not speak HTTPS there; write http:// if it speaks HTTP",
    "ERR_UNSAFE_PORT": "browsers refuse this port",
    "ERR_PROXY_CONNECTION_FAILED": "the proxy cannot be reached",
    "ERR_TUNNEL_CONNECTION_FAILED": "the proxy refuses to connect to it",
    "ERR_INVALID_AUTH_CREDENTIALS": "the server does not accept the user or the password",
}
_NOT_READY = {
    "element is not visible": "it is not visible",
    "element is not enabled": "it is disabled",
    "element is not stable": "it keeps moving",
    "element is outside of the viewport": "it cannot be scrolled into view",
    "element is not editable": "it is read-only",
    "element was detached from the DOM": "the page keeps replacing it",
}
_CLOSED = ("has been closed", "Connection closed", "Browser closed", "Target crashed", "Connection terminated")


class BrowserMissingError(ApplicationError):
    """This machine has no such browser."""

    retryable = False


class BrowserNotStartedError(ApplicationError):
    """The browser did not start."""


class BrowserLostError(ApplicationError):
    """The browser, or the tab, was closed or ended by itself."""

    retryable = False


class PageCrashedError(ApplicationError):
    """The page crashed."""


class NavigationFailedError(ApplicationError):
    """The page could not be loaded."""


class CertificateNotTrustedError(ApplicationError):
    """The server's certificate is not trusted."""

    retryable = False


class ElementNotFoundError(ApplicationError):
    """No element matches."""


class ElementAmbiguousError(ApplicationError):
    """Several elements match where one is needed."""


class FrameNotFoundError(ApplicationError):
    """The frame or shadow root that contains the element is not on the page."""


class ElementNotReadyError(ApplicationError):
    """The element is there but cannot be used: it is covered, hidden, disabled or read-only."""


class OptionMissingError(BusinessError):
    """The list has no such option."""


class ScriptFailedError(ApplicationError):
    """The script failed in the page."""

    retryable = False


class PageTimedOutError(ApplicationError):
    """What was waited for did not happen in time."""


class TabMissingError(ApplicationError):
    """There is no such tab."""


PAGE_ERRORS = (BrowserLostError, PageCrashedError)
"""What every activity on a page may raise."""

ELEMENT_ERRORS = (
    ElementNotFoundError,
    ElementAmbiguousError,
    FrameNotFoundError,
    ElementNotReadyError,
    *PAGE_ERRORS,
)
"""What every activity on an element may raise."""


def is_gone(message: str) -> bool:
    """Whether the driver's message says that the browser or the tab is gone."""
    return any(words in message for words in _CLOSED)


def is_between_pages(message: str) -> bool:
    """Whether the driver's message says that the page was just giving way to another one."""
    return "navigation" in message.lower() or "destroyed" in message


def explain(error: Exception, *, crashed: bool = False) -> ApplicationError:
    """The error of a browser or page that is gone, or else the driver's first line."""
    message = str(error)
    if crashed or "Page crashed" in message or "Target crashed" in message:
        return PageCrashedError("The page crashed. It may have used too much memory; open it again.")
    if is_gone(message):
        return BrowserLostError("The browser or the tab was closed while the step used it. Open another one.")
    if "strict mode violation" in message:
        return ElementAmbiguousError("More elements matched when the step used the one that it had found. Try again.")
    return ApplicationError(f"The browser refused: {first_line(message)}.")


def explain_navigation(error: Exception, url: str, seconds: float) -> ApplicationError:
    """Why a page could not be loaded."""
    message = str(error)
    found = _NETWORK.search(message)
    code = found[1] if found else ""
    if code.startswith("ERR_CERT_"):
        return CertificateNotTrustedError(
            f"{url} cannot be opened safely ({code}): its certificate is not trusted. Add the certificate of its "
            "issuer to this machine, or open the browser with `verify` switched off."
        )
    if code == "ERR_ABORTED" or "Download is starting" in message:
        return NavigationFailedError(
            f"{url} is not shown as a page: it is a download, or the page broke the loading off. For a file use "
            "Download, or Download by click.",
            retryable=False,
        )
    if code:
        reason = _NETWORK_REASONS.get(code, code)
        return NavigationFailedError(f"{url} could not be opened: {reason}.", retryable=code != "ERR_INVALID_URL")
    if "interrupted by another navigation" in message:
        return NavigationFailedError(f"{url} was not loaded: the page went somewhere else meanwhile.")
    if "Timeout" in message:
        return NavigationFailedError(f"{url} was not loaded within {seconds:g} s.")
    if "invalid URL" in message:
        return NavigationFailedError(f"{url} is not a valid URL.", retryable=False)
    return explain(error)


def explain_action(error: Exception, doing: str, target: str, seconds: float) -> ApplicationError:
    """Why an element that was found could not be used.

    Args:
        doing: The action, as it stands after "could not be": "clicked".
    """
    message = str(error)
    if "Timeout" not in message:
        if "not an <input>" in message or "Element is not an" in message:
            return InputError(f"{target} could not be {doing}: it is not a field for text.")
        if "Cannot type text into input[type=number]" in message or "Malformed value" in message:
            return not_taken(target)
        if "Unknown key" in message:
            return InputError(f"{first_line(message)}. Write a key such as Enter, Tab, a or Control+A.")
        return explain(error)
    reason = ""
    for line in _LOG_LINE.findall(message):
        if covered := _COVERED.search(line):
            reason = f"{covered[1][:120]} covers it"
        else:
            reason = next((words for sign, words in _NOT_READY.items() if sign in line), reason)
    why = f": {reason}" if reason else ""
    return ElementNotReadyError(f"{target} could not be {doing} within {seconds:g} s{why}.")


def not_taken(target: str) -> InputError:
    """The error for a text that a field of its kind cannot hold."""
    return InputError(
        f"{target} does not take the text: in fields of their own a date is written as 2026-01-31, a time as 14:30, a "
        "number as 1234.5."
    )


def first_line(message: str) -> str:
    """The driver's own words without its log, the name of the function, and the queries of URLs."""
    line = message.strip().splitlines()[0] if message.strip() else "it gave no reason"
    line = _QUERY.sub(r"\1", line)
    return re.sub(r"^(?:[A-Z]\w*\.\w+: )?(?:Error: )?", "", line).rstrip(".")[:300]
