"""Imports everything that an execution may need, and reports what the machine can do.

Only processes for executions import this: the Runner itself stays small and survives a broken activity.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable

import msgspec

# Imported in advance: an execution must not wait for an import.
import exekra.engine.run  # noqa: F401 - see above
from exekra.kit.json import canonical
from exekra.kit.tracebacks import portable_traceback
from exekra.runner.children.channel import Abilities
from exekra.sdk.activity import ActivityDefinition, load_activities
from exekra.sdk.capabilities import available


def abilities() -> Abilities:
    """Load all installed activities and what their resources preload, and describe them for this machine.

    Raises:
        DefinitionError: An installed package declares an activity incorrectly.
    """
    definitions = load_activities().values()
    _preload(definitions)
    entries = [definition.entry for definition in definitions]
    has = frozenset(available(need for entry in entries for need in entry.needs))
    text = canonical(
        [
            msgspec.structs.replace(entry, lacks=tuple(need for need in entry.needs if need not in has))
            for entry in sorted(entries, key=lambda entry: entry.id)
        ]
    )
    return Abilities(catalogue_hash=hashlib.sha256(text).hexdigest(), entries=msgspec.Raw(text))


def _preload(definitions: Iterable[ActivityDefinition]) -> None:
    """A failed preload only costs an execution some time."""
    for kind in dict.fromkeys(kind for definition in definitions for kind in definition.resources):
        try:
            kind.preload()
        except Exception as error:
            print(f"{kind.__name__} could not be preloaded.\n{portable_traceback(error)}", file=sys.stderr, flush=True)
