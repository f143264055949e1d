"""The control nodes by what a document calls them."""

from __future__ import annotations

from collections.abc import Mapping

from exekra.engine.nodes.branches import IF, SWITCH
from exekra.engine.nodes.call_workflow import call_workflow
from exekra.engine.nodes.conditional_loops import DO_WHILE, WHILE
from exekra.engine.nodes.context import Builder
from exekra.engine.nodes.exits import BREAK, CONTINUE, FAIL, RETURN
from exekra.engine.nodes.for_each import for_each
from exekra.engine.nodes.parallel import parallel
from exekra.engine.nodes.try_catch import try_catch
from exekra.engine.nodes.variables import ADD_TO_LIST, SET_VARIABLE

CONTROL_NODES: Mapping[str, Builder] = {
    "add_to_list": ADD_TO_LIST,
    "break": BREAK,
    "call_workflow": call_workflow,
    "continue": CONTINUE,
    "do_while": DO_WHILE,
    "fail": FAIL,
    "for_each": for_each,
    "if": IF,
    "parallel": parallel,
    "return": RETURN,
    "set_variable": SET_VARIABLE,
    "switch": SWITCH,
    "try": try_catch,
    "while": WHILE,
}
