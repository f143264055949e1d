"""Imports everything that an execution may need, and tells what the machine can do.

Only processes that lead to executions import this: the Runner itself stays small and outlives a broken activity.
"""

from __future__ import annotations

import hashlib

import msgspec

# Imported so that a child has it at hand: an execution must not wait for an import.
import exekra.engine.run  # noqa: F401 - see above
from exekra.kit.json import canonical
from exekra.runner.children.channel import Abilities
from exekra.sdk.activity import activity_catalogue


def abilities() -> Abilities:
    """Load all installed activities and describe them.

    Raises:
        DefinitionError: An installed package declares an activity wrongly.
    """
    entries = [entry for _, entry in sorted(activity_catalogue().entries.items())]
    text = canonical(entries)
    return Abilities(catalogue_hash=hashlib.sha256(text).hexdigest(), entries=msgspec.Raw(text))
