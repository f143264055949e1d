"""The orders workflow, drawn from an empty canvas by mouse and keyboard, is the one that the example has."""

from __future__ import annotations

import re
from typing import Any

import httpx
from playwright.async_api import expect

from exekra.flow.document import load_flow
from exekra.kit import json

from .conftest import PatientPage
from .site import Site
from .studio import Studio, stored
from .workflows import flow

ORDERS = flow(
    "Check the orders",
    {
        "read": {"do": "excel.read_range", "with": {"path": "orders.xlsx", "sheet": "Orders"}},
        "each": {"do": "for_each", "with": {"items": "{read.rows}", "item": "order"}},
        "attempt": {"do": "try"},
        "has_sku": {"do": "if", "with": {"condition": "{not is_empty(order.sku)}"}},
        "keep": {"do": "add_to_list", "with": {"variable": "good", "value": "{order.order}"}},
        "no_sku": {"do": "fail", "with": {"message": "Order {order.order} has no sku."}},
        "reject": {"do": "add_to_list", "with": {"variable": "rejects", "value": "{error.message}"}},
        "summary": {"do": "general.log", "with": {"message": "{length(good)} good, {length(rejects)} rejected"}},
    },
    [
        "start -> read -> each",
        "each.body -> attempt",
        "attempt.try -> has_sku",
        "has_sku.then -> keep",
        "has_sku.else -> no_sku",
        "attempt.catch -> reject",
        "each.done -> summary",
    ],
    variables={"good": {"type": "list", "default": []}, "rejects": {"type": "list", "default": []}},
)


def meaning(document: dict[str, Any]) -> tuple[Any, ...]:
    """What the Hub understands by a document, wherever its nodes stand."""
    read = load_flow(json.encode(document).decode())
    nodes = {id: (node.do, dict(node.inputs)) for id, node in read.nodes.items()}
    types = {name: variable.type for name, variable in read.variables.items()}
    return nodes, {(edge.source, edge.port, edge.target) for edge in read.edges}, types


async def declare(studio: Studio, name: str) -> None:
    """A variable that holds a list, empty at first."""
    panel = await studio.open_drawer("Variables")
    section = panel.get_by_role("region", name="Variables")
    await section.get_by_role("button", name="Add variable").click()
    await studio.page.keyboard.type(name)
    await studio.page.keyboard.press("Enter")
    kind = section.get_by_label(f"Type of {name}")
    await kind.click()
    await studio.page.get_by_role("option", name="List", exact=True).click()
    await expect(kind).to_have_value(re.compile("list", re.IGNORECASE))


async def test_draw_the_orders_workflow(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, flow("Check the orders", {}, []), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}", viewport={"width": 1600, "height": 1000}))
    page = studio.page
    await studio.opened()
    await declare(studio, "good")
    await declare(studio, "rejects")
    await page.get_by_role("button", name="Close the drawer").click()
    await studio.insert_by_typing("read a sheet", "read")
    await studio.fill("Path", "orders.xlsx")
    await studio.fill("Sheet", "Orders")
    await studio.insert_by_typing("for each")
    await expect(studio.form.get_by_role("button", name="Items: Rows from Read Excel")).to_be_visible()
    await studio.fill_plain("Item", "order")
    await studio.insert_at("each", "body", "try")
    await studio.insert_at("attempt", "try", "if", "has_sku")
    await studio.fill("Condition", "{not is_empty(order.sku)}")
    await studio.insert_at("has_sku", "then", "add to list", "keep")
    await studio.fill_plain("Variable", "good")
    await studio.fill("Value", "{order.order}")
    await studio.insert_at("attempt", "catch", "add to list", "reject")
    await studio.fill_plain("Variable", "rejects")
    await studio.fill("Value", "{error.message}")
    await studio.insert_at("each", "done", "log", "summary")
    await studio.fill("Message", "{length(good)} good, {length(rejects)} rejected")
    await studio.drag_from_toolbox("Fail", "no_sku")
    await studio.fill("Message", "Order {order.order} has no sku.")
    await studio.connect("has_sku", "else", "no_sku")
    await expect(page.locator(".react-flow__edge")).to_have_count(8)
    await studio.save()
    version = await stored(hub, workflow)
    assert meaning(version["document"]) == meaning(ORDERS)
    await studio.run()
    await studio.succeeded()
    log = await studio.open_drawer("Log")
    await expect(log).to_contain_text(re.compile(r"\d+ good, [1-9]\d* rejected"))
