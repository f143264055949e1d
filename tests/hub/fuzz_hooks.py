"""What schemathesis is told beside the API's description: ids and names that exist, so that it gets past "not found".

It runs in a process of its own, which finds this file by SCHEMATHESIS_HOOKS. One request in two gets what exists;
which one follows from the request alone, so that a run can be repeated.
"""

from __future__ import annotations

import json
import os
import zlib
from typing import Any

import schemathesis

KNOWN: dict[str, Any] = json.loads(os.environ["EXEKRA_FUZZ_KNOWN"])


def known_instead(values: Any) -> Any:
    """The values, some of them replaced."""
    if isinstance(values, dict) and zlib.crc32(repr(values).encode(errors="replace")) % 2:
        return values | {name: value for name, value in KNOWN.items() if name in values}
    return values


@schemathesis.hook
def map_path_parameters(context: schemathesis.HookContext, path_parameters: Any) -> Any:
    return known_instead(path_parameters)


@schemathesis.hook
def map_query(context: schemathesis.HookContext, query: Any) -> Any:
    return known_instead(query)


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:
    return known_instead(body)
