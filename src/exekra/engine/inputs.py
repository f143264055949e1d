"""What a flow is given when it begins: its inputs checked against what it declares, and its variables."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import msgspec

from exekra.engine.values import arrive
from exekra.flow.errors import nearest_name
from exekra.flow.model import Flow
from exekra.sdk.errors import InputError


def take_inputs(flow: Flow, given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every input: the given one as its declared type has it, or the default. Null fits every type.

    Raises:
        InputError: One is missing, unknown or of the wrong type.
    """
    for name in given:
        if name not in flow.inputs:
            nearest = nearest_name(name, flow.inputs)
            hint = f" Did you mean `{nearest}`?" if nearest else ""
            raise InputError(f"The workflow {flow.name} has no input `{name}`.{hint}")
    taken = {}
    for name, parameter in flow.inputs.items():
        value = given[name] if name in given else copy.deepcopy(parameter.default)
        if value is msgspec.UNSET:
            raise InputError(f"The workflow {flow.name} needs the input `{name}`, which was not given.")
        taken[name] = arrive(value, parameter.type, f"The input `{name}`")
    return taken


def first_values(flow: Flow) -> dict[str, Any]:
    """The value that every variable begins with, a new one for each call of the flow."""
    return {
        name: arrive(copy.deepcopy(variable.default), variable.type, f"The variable `{name}`")
        for name, variable in flow.variables.items()
    }
