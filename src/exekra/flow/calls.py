"""Which workflow a node calls, in which version, and the key by which both are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from exekra.flow.model import Flow, Node

CALL_WORKFLOW = "call_workflow"
LARGEST_VERSION = 2_147_483_647
"""No version has a greater number."""


class Call(NamedTuple):
    """What is called: the version that is published when it is called, or the one that the node pins."""

    name: str
    version: int | None = None

    @property
    def key(self) -> str:
        """`NAME`, or `NAME@NUMBER` where a version is pinned.

        A name that could be read as such a key has one more `@` behind it: `Rates@3` is version 3 of `Rates`,
        `Rates@3@` is the published version of the workflow `Rates@3`.
        """
        if self.version is not None:
            return f"{self.name}@{self.version}"
        return self.name if call_of_key(self.name).name == self.name else f"{self.name}@"


def call_of_key(key: str) -> Call:
    """The call that has that key."""
    name, at, number = key.rpartition("@")
    if not at or number.strip("0123456789"):
        return Call(key)
    return Call(name, int(number) if number else None)


def call_of(node: Node) -> Call | None:
    """What a Call Workflow node calls; None for other nodes, and where the name or the version can be none."""
    if node.do != CALL_WORKFLOW:
        return None
    name, version = node.inputs.get("workflow"), node.inputs.get("version")
    if not isinstance(name, str) or not name:
        return None
    if version is None:
        return Call(name)
    is_number = isinstance(version, int | float) and not isinstance(version, bool)
    if not is_number or not 1 <= version <= LARGEST_VERSION or version != int(version):
        return None
    return Call(name, int(version))


def calls_of(flow: Flow) -> Iterator[Call]:
    """What the nodes of a flow call, also those that are not enabled."""
    return (call for node in flow.nodes.values() if (call := call_of(node)) is not None)
