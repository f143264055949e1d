"""The check before a run: everything that can be known to be wrong without running the flow.

The Hub asks it before it publishes, Studio while a person draws, `exekra check` and `exekra run` before they begin. The
rules are explained in `docs/explain/language.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from exekra.flow.advice import advise, silenced_by
from exekra.flow.advice.subject import Subject
from exekra.flow.calls import call_of
from exekra.flow.checks.calls import FindVersions, FindWorkflow, check_call, check_recursion
from exekra.flow.checks.control import check_branches, check_control, check_return, check_settings
from exekra.flow.checks.inputs import check_inputs
from exekra.flow.checks.names import Names, texts
from exekra.flow.checks.results import called_workflows, results_of
from exekra.flow.checks.scope import Scopes
from exekra.flow.checks.values import type_misfit
from exekra.flow.control import CONTROL, entry_of
from exekra.flow.elements import compile_selector
from exekra.flow.errors import Lines, Problem, Problems, UnknownName
from exekra.flow.graph import Graph, analyse_graph
from exekra.flow.model import Flow, Node
from exekra.flow.templates import TemplateError
from exekra.sdk.catalogue import Catalogue


def check_flow(
    flow: Flow,
    catalogue: Catalogue,
    *,
    workflows: FindWorkflow | None = None,
    versions: FindVersions = lambda name: (),
    lines: Lines | None = None,
    advice: bool = True,
) -> tuple[Problem, ...]:
    """Find all problems of a flow, errors first.

    Args:
        flow: The flow.
        catalogue: The activities that may be used; control nodes are known.
        workflows: Gives the workflow that a call with that key gets, or None; without it, calls are not looked at.
        versions: Gives the versions of a workflow that can be pinned, to tell of them where another one is.
        lines: Where the parts of the flow stand in its text, from `read_flow`.
        advice: Whether to look for what is merely doubtful, too.
    """
    return _Check(flow, catalogue, workflows, versions, Problems(lines, silenced_by(flow.layout))).run(advice)


class _Check:
    def __init__(
        self,
        flow: Flow,
        catalogue: Catalogue,
        find: FindWorkflow | None,
        find_versions: FindVersions,
        problems: Problems,
    ) -> None:
        self.flow = flow
        self.catalogue = catalogue
        self.find = find
        self.find_versions = find_versions
        self.problems = problems
        self.entries = {id: entry_of(node, catalogue) for id, node in flow.nodes.items()}

    def run(self, advice: bool) -> tuple[Problem, ...]:
        flow, problems = self.flow, self.problems
        for id, node in flow.nodes.items():
            if self.entries[id] is None and node.enabled:
                self._unknown_activity(id, node)
        graph = analyse_graph(flow, self.catalogue, problems)
        if any(problem.code == "too-deep" for problem in problems):
            return problems.result()
        called = called_workflows(flow, self.find)
        scopes = Scopes(flow, graph, self.entries)
        names = Names(flow, scopes, results_of(flow, self.entries, called), problems)
        self._names_clash(scopes)
        for id, node in flow.nodes.items():
            entry = self.entries[id]
            if entry is None or not node.enabled:
                continue
            check_inputs(id, flow, entry, scopes, names, problems)
            check_settings(id, node, entry, graph, problems)
            if entry.kind == "control":
                check_control(id, node, graph, problems)
            if node.do == "return":
                check_return(id, node, flow, problems)
            call = call_of(node)
            if call is not None and self.find is not None:
                check_call(id, node, call, called[call.key], problems, self.find_versions)
        check_branches(flow, graph, problems)
        if self.find is not None:
            check_recursion(flow, self.find, problems)
        self._elements()
        self._defaults()
        self._flow_outputs(graph, scopes, names)
        if advice:
            self._advise(graph, names)
        return problems.result()

    def _unknown_activity(self, id: str, node: Node) -> None:
        prefix, dot, _ = node.do.partition(".")
        if dot and not any(known.startswith(f"{prefix}.") for known in self.catalogue.entries):
            message = f"There is no activity `{node.do}`: no package with activities `{prefix}.*` is installed."
        else:
            message = f"There is no activity `{node.do}`."
        nearest = CONTROL.nearest(node.do) if not dot else None
        unknown = UnknownName(node.do, nearest or self.catalogue.nearest(node.do))
        self.problems.error(
            "unknown-activity",
            message + unknown.hint,
            node=id,
            field="do",
            path=("nodes", id, "do"),
            arguments=unknown.arguments,
        )

    def _advise(self, graph: Graph, names: Names) -> None:
        wrong = any(problem.severity == "error" for problem in self.problems)
        read = None if wrong else frozenset(names.read)
        for found in advise(Subject(self.flow, graph, self.entries, read)):
            self.problems.warning(found.code, found.message, node=found.node, field=found.field, path=found.path)

    def _names_clash(self, scopes: Scopes) -> None:
        """Inputs, variables, nodes and loop items share one namespace; none may hide another."""
        flow = self.flow
        kinds: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
            ("inputs", "an input", flow.inputs),
            ("variables", "a variable", flow.variables),
            ("nodes", "a node", flow.nodes),
        )
        owners: dict[str, str] = {}
        for section, called, names in kinds:
            for name in names:
                other = owners.setdefault(name, called)
                if other != called:
                    message = f"`{name}` is {other} and {called}. Rename one of them."
                    node = name if section == "nodes" else None
                    field = None if section == "nodes" else f"{section}.{name}"
                    self.problems.error("shadow", message, node=node, field=field, path=(section, name))
        for id in flow.nodes:
            outer = scopes.at[id].items if id in scopes.at else {}
            for name in scopes.declared_items(id):
                hidden = owners.get(name) or (f"already the item of `{outer[name]}`" if name in outer else None)
                if hidden:
                    field = next(k for k in ("item", "index") if self._declares(id, k, name))
                    message = f"The loop's name `{name}` is {hidden}. Choose another name."
                    path = ("nodes", id, "with", field)
                    self.problems.error("shadow", message, node=id, field=field, path=path)

    def _declares(self, id: str, field: str, name: str) -> bool:
        entry = self.entries[id]
        default = next((i.default for i in entry.inputs if i.name == field), None) if entry else None
        return bool(self.flow.nodes[id].inputs.get(field, default) == name)

    def _elements(self) -> None:
        """Report once what is wrong in the texts of an element, whichever nodes use it."""
        for name in self.flow.elements:
            try:
                compile_selector(name, self.flow.elements)
            except TemplateError as error:
                place = ("elements", name, *map(str, error.path))
                self.problems.error("template", error.message, field=".".join(place), path=place)

    def _defaults(self) -> None:
        for section in ("inputs", "variables"):
            for name, declared in getattr(self.flow, section).items():
                if declared.default is msgspec.UNSET:
                    continue
                reason = type_misfit(declared.type, declared.default)
                if reason:
                    place = (section, name, "default")
                    message = f"The default does not fit the type `{declared.type}`: {reason}."
                    self.problems.error("wrong-value", message, field=".".join(place), path=place)

    def _flow_outputs(self, graph: Graph, scopes: Scopes, names: Names) -> None:
        flow = self.flow
        returned: set[str] = set()
        unknown = False
        for node in flow.nodes.values():
            if node.do == "return" and node.enabled:
                values = node.inputs.get("values", {})
                unknown = unknown or not isinstance(values, Mapping)
                returned.update(values if isinstance(values, Mapping) else ())
        for name, output in flow.outputs.items():
            path = ("outputs", name)
            if output.value is msgspec.UNSET:
                if name not in flow.variables and name not in flow.inputs and name not in returned and not unknown:
                    message = f"The output `{name}` has no value. Give it a `value`, or declare a variable `{name}`."
                    self.problems.error("output", message, field=f"outputs.{name}", path=path)
                continue
            for inner, text in texts(output.value):
                field = ".".join((*path, "value", *inner))
                template = names.template(text, None, field, (*path, "value"))
                if template is None:
                    continue
                if template.credential is not None:
                    message = "A credential cannot be an output."
                    self.problems.error("credential", message, field=field, path=(*path, "value"))
                names.check(template, scopes.end, None, field, (*path, "value"))
