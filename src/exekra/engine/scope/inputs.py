"""What a flow is given when it begins: its inputs checked against what it declares, and its variables.

When it begins in the middle, also the results of the nodes before.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import msgspec

from exekra.flow.errors import nearest_name
from exekra.flow.model import Flow
from exekra.flow.serialization import decode_value
from exekra.flow.typed_values import arrive
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


def values_at(flow: Flow, inputs: Mapping[str, Any], scope: Mapping[str, Any]) -> dict[str, Any]:
    """The values with which a flow begins in the middle: those of `scope`, as their declared types have them.

    A variable that is not among them has its first value, an input the one of `inputs` or its default. An input that
    is nowhere is absent: a node that reads it fails and says so.

    Raises:
        InputError: A value is of the wrong type.
    """
    values = first_values(flow)
    for name, parameter in flow.inputs.items():
        value = inputs.get(name, parameter.default)
        if value is not msgspec.UNSET and name not in scope:
            values[name] = arrive(copy.deepcopy(value), parameter.type, f"The input `{name}`")
    for name, value in scope.items():
        values[name] = arrive_as_declared(flow, name, value)
    return values


def arrive_as_declared(flow: Flow, name: str, value: Any) -> Any:
    """A value for a name of the scope, kept by a checkpoint or plain JSON: as the type has it that it is declared with.

    Raises:
        InputError: It does not fit.
    """
    value = decode_value(value)
    variable, parameter = flow.variables.get(name), flow.inputs.get(name)
    if variable is not None:
        return arrive(value, variable.type, f"The variable `{name}`")
    return value if parameter is None else arrive(value, parameter.type, f"The input `{name}`")
