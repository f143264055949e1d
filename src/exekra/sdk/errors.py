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
    └── StoppedError              the execution was stopped

`Break`, `Continue` and the like are not errors and do not appear here: the engine carries them as ports.
"""

from __future__ import annotations


class ExekraError(Exception):
    """Something went wrong; the message says what, where and what to do.

    Attributes:
        retryable: Whether doing the same again may succeed. The engine's `retry` honours it.
        kind: "business" or "application": decides who is told, and whether a retry makes sense.
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
    """A program, a network or a file failed."""

    retryable = True

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
