"""Every error that Exekra raises on purpose, as one tree.

ExekraError                       what happened, where, and what to do
├── DefinitionError               an activity is declared wrongly (raised at import)
├── DocumentError                 a workflow file cannot be read or is wrong
├── SettingsError                 a setting, an argument or an environment variable is wrong
├── RefusedError                  a request that the rules do not allow (the Hub's errors derive from it)
├── BusinessError                 the data or the situation is wrong: never retried, a person decides
└── ApplicationError              a program, a network or a file failed: may be retried
    ├── InputError                a value that reached an activity has the wrong type or is out of range
    ├── KeepFileError             a file cannot be kept with the execution
    ├── TimedOutError             a step took longer than its limit
    ├── StoppedError              the execution was stopped
    └── AskError                  a question to the Hub got no answer
        ├── NoHubError            there is no Hub: the workflow runs by `exekra run`
        ├── HubAwayError          the Hub is away, and the question was not to wait
        ├── AskTimedOutError      no answer came before the deadline
        ├── UnknownTopicError     the Hub does not know the topic; it may be older than the activity
        └── AskRefusedError       the Hub refused; its code says why

`Break`, `Continue` and the like are not errors and do not appear here: the engine carries them as ports.
"""

from __future__ import annotations

from typing import Literal


class ExekraError(Exception):
    """Something went wrong; the message says what, where and what to do.

    Attributes:
        retryable: Whether doing the same again may succeed. The engine's `retry` honours it.
        kind: "business" or "application": decides who is notified, and whether a retry makes sense.
    """

    retryable = False
    kind = "application"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).strip().splitlines()[0])

    @property
    def message(self) -> str:
        """The sentence for a person."""
        return str(self.args[0])

    @property
    def type(self) -> str:
        """The name that a Catch node and a retry filter use."""
        return type(self).__name__


class DefinitionError(ExekraError):
    """An activity is declared wrongly."""


class DocumentError(ExekraError):
    """A workflow file cannot be read."""


class SettingsError(ExekraError):
    """A setting is wrong."""


class RefusedError(ExekraError):
    """The request is not allowed."""


class BusinessError(ExekraError):
    """The data is not as the process requires."""

    kind = "business"


class ApplicationError(ExekraError):
    """A program, a network or a file failed.

    Attributes:
        retry_after: The seconds before which trying again is useless, where the other side named them. The engine's
            `retry` waits at least as long.
    """

    retryable = True
    retry_after: float | None = None

    def __init__(self, message: str | None = None, *, retryable: bool | None = None) -> None:
        super().__init__(message)
        if retryable is not None:
            self.retryable = retryable


class InputError(ApplicationError):
    """A value has the wrong type or is out of range."""

    retryable = False


class KeepFileError(ApplicationError):
    """A file cannot be kept with the execution."""

    retryable = False


class TimedOutError(ApplicationError):
    """The step took longer than its limit."""


class StoppedError(ApplicationError):
    """The execution was stopped."""

    retryable = False


class AskError(ApplicationError):
    """The Hub was asked and did not answer."""

    retryable = False


class NoHubError(AskError):
    """There is no Hub here that can be asked. Run the workflow on a Hub's Runner."""


class HubAwayError(AskError):
    """The Hub is away."""

    retryable = True


class AskTimedOutError(AskError):
    """The Hub did not answer in time."""

    retryable = True


class UnknownTopicError(AskError):
    """The Hub does not know the topic; it may be older than the activity that asks."""


class AskRefusedError(AskError):
    """The Hub refused to answer.

    Attributes:
        code: A kebab-case word that a program can compare, such as `not-found`.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str = "refused",
        kind: Literal["business", "application"] = "application",
        retryable: bool = False,
    ) -> None:
        super().__init__(message, retryable=retryable)
        self.code = code
        self.kind = kind
