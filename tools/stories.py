"""What the showcase tells: workflows as a company might have them, how often they run and fail, and invoices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Story:
    """One workflow's history: how often it runs a day, how long it takes, how often and how it fails."""

    name: str
    tags: tuple[str, ...]
    description: str
    document: dict[str, Any]
    daily: int
    seconds: float
    failing: float
    failures: tuple[tuple[str, str, str], ...] = ()


def flow(name: str, nodes: dict[str, Any], edges: list[str], **more: Any) -> dict[str, Any]:
    """A document."""
    return {"format": "exekra.flow/1", "name": name, **more, "nodes": nodes, "edges": edges}


INVOICES = flow(
    "Invoice intake",
    {
        "find": {"do": "file.list", "with": {"folder": "{folder}", "pattern": "*.json"}},
        "each": {"do": "for_each", "with": {"items": "{find.files}", "item": "file"}},
        "attempt": {"do": "try"},
        "read": {"do": "file.read_text", "with": {"path": "{file.path}"}},
        "invoice": {"do": "json.parse", "with": {"text": "{read.text}"}},
        "is_large": {"do": "if", "with": {"condition": "{invoice.value.total > limit}"}},
        "ask": {
            "do": "general.log",
            "with": {"message": "{invoice.value.number} needs an approval", "level": "warning"},
        },
        "book": {
            "do": "http.request",
            "with": {"url": "{ledger}/bookings", "method": "POST", "json": {"number": "{invoice.value.number}"}},
            "retry": {"times": 3, "delay": 2, "backoff": 2},
        },
        "done": {"do": "add_to_list", "with": {"variable": "booked", "value": "{invoice.value.number}"}},
        "reject": {"do": "add_to_list", "with": {"variable": "rejected", "value": "{file.name}: {error.message}"}},
        "report": {"do": "general.log", "with": {"message": "{length(booked)} booked, {length(rejected)} rejected"}},
    },
    [
        "start -> find -> each",
        "each.body -> attempt",
        "attempt.try -> read -> invoice -> is_large",
        "is_large.then -> ask",
        "is_large.else -> book -> done",
        "attempt.catch -> reject",
        "each.done -> report",
    ],
    inputs={
        "folder": {"type": "file", "default": "inbox", "description": "Where the invoices arrive"},
        "limit": {"type": "number", "default": 5000, "description": "Above it a person approves"},
        "ledger": {"type": "text", "default": "http://127.0.0.1:4700", "description": "The ledger's address"},
    },
    outputs={"booked": {"type": "list"}, "rejected": {"type": "list"}},
    variables={"booked": {"type": "list", "default": []}, "rejected": {"type": "list", "default": []}},
)


def simple(name: str, url: str) -> dict[str, Any]:
    """Fetch, look through the rows, keep what counts."""
    return flow(
        name,
        {
            "fetch": {"do": "http.request", "with": {"url": url}},
            "rows": {"do": "for_each", "with": {"items": "{fetch.json.rows}", "item": "row"}},
            "counts": {"do": "if", "with": {"condition": "{row.amount > 0}"}},
            "keep": {"do": "add_to_list", "with": {"variable": "kept", "value": "{row}"}},
            "tell": {"do": "general.log", "with": {"message": "{length(kept)} rows kept"}},
        },
        ["start -> fetch -> rows", "rows.body -> counts", "counts.then -> keep", "rows.done -> tell"],
        variables={"kept": {"type": "list", "default": []}},
        outputs={"kept": {"type": "list"}},
    )


AWAY = ("HttpConnectionError", "The server ledger.example.org cannot be reached: the connection was refused.", "fetch")
SLOW = ("HttpTimeoutError", "shop.example.org did not answer within 30 s.", "fetch")
SHEET = (
    "SheetMissingError",
    "The workbook stock.xlsx has no sheet `November`. It has `October`, `September`.",
    "fetch",
)
STORIES = (
    Story(
        name="Invoice intake",
        tags=("finance", "daily"),
        description="Reads the invoices that arrived, books the small ones, asks a person about the large ones.",
        document=INVOICES,
        daily=96,
        seconds=42,
        failing=0.03,
        failures=(AWAY,),
    ),
    Story(
        name="Website price watch",
        tags=("sales",),
        description="Looks every quarter of an hour what competitors ask.",
        document=simple("Website price watch", "https://shop.example.org/prices"),
        daily=96,
        seconds=8,
        failing=0.06,
        failures=(SLOW,),
    ),
    Story(
        name="Daily sales report",
        tags=("sales", "daily"),
        description="The figures of the day for the people who decide.",
        document=simple("Daily sales report", "https://crm.example.org/sales"),
        daily=4,
        seconds=190,
        failing=0.02,
        failures=(SLOW,),
    ),
    Story(
        name="Stock reconciliation",
        tags=("logistics",),
        description="Compares the warehouse's stock with the shop's.",
        document=simple("Stock reconciliation", "https://stock.example.org/levels"),
        daily=24,
        seconds=75,
        failing=0.18,
        failures=(SHEET, SLOW),
    ),
    Story(
        name="Customer onboarding",
        tags=("sales", "crm"),
        description="Makes the accounts that a new customer needs.",
        document=simple("Customer onboarding", "https://crm.example.org/new"),
        daily=31,
        seconds=28,
        failing=0.01,
        failures=(AWAY,),
    ),
    Story(
        name="Payroll export",
        tags=("finance", "people"),
        description="Hands the month's hours to payroll.",
        document=simple("Payroll export", "https://people.example.org/hours"),
        daily=2,
        seconds=640,
        failing=0.0,
    ),
    Story(
        name="Archive old tickets",
        tags=("service",),
        description="Moves tickets that nobody touched for a year.",
        document=simple("Archive old tickets", "https://desk.example.org/tickets"),
        daily=12,
        seconds=15,
        failing=0.0,
    ),
)
RUNNERS = (
    ("finance-01", "UNATTENDED", ("finance", "excel")),
    ("finance-02", "UNATTENDED", ("finance",)),
    ("sales-01", "UNATTENDED", ("sales", "browser")),
    ("warehouse-01", "UNATTENDED", ("logistics",)),
    ("desk-of-grace", "ATTENDED", ("service",)),
)

SUPPLIERS = (
    ("Nordic Paper", 412.5),
    ("Weber Logistics", 1880.0),
    ("Ilmatar Energy", 7350.2),
    ("Blue Harbour Cleaning", 266.4),
    ("Sato Instruments", 12400.0),
    ("Green Bean Coffee", 98.9),
    ("Okafor Consulting", 4200.0),
    ("Atlas Insurance", 1533.75),
)


def first_draft() -> dict[str, Any]:
    """The invoices' workflow before it tried a booking again, with a fixed limit."""
    document: dict[str, Any] = json.loads(json.dumps(INVOICES))
    del document["nodes"]["book"]["retry"]
    del document["inputs"]["limit"]
    document["nodes"]["is_large"]["with"]["condition"] = "{invoice.value.total > 1000}"
    return document


def write_inbox(folder: Path) -> None:
    """Put invoices into a folder, one of which cannot be read."""
    folder.mkdir()
    for number, (supplier, total) in enumerate(SUPPLIERS, start=1041):
        invoice = {"number": f"2026-{number}", "supplier": supplier, "total": total, "currency": "EUR"}
        (folder / f"invoice-{number}.json").write_text(json.dumps(invoice), encoding="utf-8")
    (folder / "scan-0007.json").write_text("this is no JSON", encoding="utf-8")
