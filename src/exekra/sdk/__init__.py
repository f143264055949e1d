"""All that an author of activities imports.

    from exekra.sdk import Context, FilePath, activity

A package that declares activities names its module under the entry point group `exekra.activities`; the built-in
ones come through the same door.
"""

from exekra.sdk.activity import activity
from exekra.sdk.context import Context, KeptFile
from exekra.sdk.errors import (
    ApplicationError,
    AskError,
    AskRefusedError,
    AskTimedOutError,
    BusinessError,
    DefinitionError,
    ExekraError,
    HubAwayError,
    InputError,
    KeepFileError,
    NoHubError,
    StoppedError,
    TimedOutError,
    UnknownTopicError,
)
from exekra.sdk.resources import Handle, Resource
from exekra.sdk.types import (
    ColumnOf,
    CredentialRef,
    ExistingFile,
    FilePath,
    FolderPath,
    MultilineText,
    PythonCode,
    Record,
    Seconds,
    Selector,
    Text,
    When,
)

__all__ = [
    "ApplicationError",
    "AskError",
    "AskRefusedError",
    "AskTimedOutError",
    "BusinessError",
    "ColumnOf",
    "Context",
    "CredentialRef",
    "DefinitionError",
    "ExekraError",
    "ExistingFile",
    "FilePath",
    "FolderPath",
    "Handle",
    "HubAwayError",
    "InputError",
    "KeepFileError",
    "KeptFile",
    "MultilineText",
    "NoHubError",
    "PythonCode",
    "Record",
    "Resource",
    "Seconds",
    "Selector",
    "StoppedError",
    "Text",
    "TimedOutError",
    "UnknownTopicError",
    "When",
    "activity",
]
