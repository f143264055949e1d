"""Large workflows are saved, opened and compared, and what is too large is refused with the limit."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

NODES = 9_000


def large(nodes: int = NODES, *, changed: int | None = None) -> dict[str, Any]:
    """A chain of nodes with a text of 500 letters each: 5 MB."""
    texts = {number: f"{number} " + "x" * 500 for number in range(nodes)}
    if changed is not None:
        texts[changed] = "Something else"
    return {
        "format": "exekra.flow/1",
        "name": "Large",
        "nodes": {f"n{i}": {"do": "general.log", "with": {"message": text}} for i, text in texts.items()},
        "edges": ["start -> n0", *(f"n{i} -> n{i + 1}" for i in range(nodes - 1))],
    }


async def test_five_megabytes_are_saved_opened_and_compared(admin: httpx.AsyncClient) -> None:
    made = await admin.post("/api/workflows", json={"name": "Large", "document": large()})
    assert made.status_code == 201, made.text[:500]
    path = f"/api/workflows/{made.json()['workflow']['id']}"
    second = {"document": large(changed=4_321), "based_on": 1}
    assert (await admin.post(f"{path}/versions", json=second)).status_code == 201
    opened = await admin.get(f"{path}/versions/1")
    assert len(opened.content) > 5_000_000
    assert len(opened.json()["document"]["nodes"]) == NODES
    found = (await admin.get(f"{path}/diff", params={"from": 1, "to": 2})).json()
    [node] = found["changes"]["nodes"]
    assert (node["id"], node["change"], node["fields"][0]["field"]) == ("n4321", "changed", "with.message")
    assert node["fields"][0]["new"] == "Something else"
    exported = await admin.get(f"{path}/export", params={"format": "json"})
    assert len(exported.content) > 5_000_000


async def test_too_many_nodes_and_too_many_bytes_are_refused_with_the_limit(admin: httpx.AsyncClient) -> None:
    many = await admin.post("/api/workflows", json={"name": "Many", "document": large(10_001)})
    assert many.status_code == 422
    assert "at most 10,000 are allowed" in many.json()["error"]["message"]
    huge = await admin.post("/api/workflows/import", content=b"x" * 11_000_000)
    assert huge.status_code == 413
    assert "10,240 KB" in huge.json()["error"]["message"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\r\n\x1a\n", "not UTF-8 text"),
        (b"", "empty"),
        (b"Dear reader, this is a letter.", "must be an object"),
        (b"[1, 2, 3]", "must be an object"),
        (b'{"name": "left-pad", "version": "1.0.0"}', "format is missing"),
        (b"services:\n  web:\n    image: nginx\n", "format is missing"),
        (b'{"format": "exekra.flow/1", ', "not JSON"),
        (b"format: exekra.flow/7\nname: x\n", "newer Exekra"),
        (b"<?xml version='1.0'?><definitions/>", "must be an object"),
    ],
)
async def test_a_file_that_is_no_workflow_is_one_clear_error(
    admin: httpx.AsyncClient, content: bytes, says: str
) -> None:
    answer = await admin.post("/api/workflows/import", content=content)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "document-invalid"
    assert says in error["message"]
    assert (await admin.get("/api/workflows")).json()["items"] == []


async def test_a_difference_has_every_part_in_its_place(admin: httpx.AsyncClient) -> None:
    before: dict[str, Any] = {
        "format": "exekra.flow/1",
        "name": "Compared",
        "inputs": {"who": {"type": "text"}},
        "nodes": {
            "a": {"do": "general.log", "with": {"message": "a"}},
            "b": {"do": "general.log", "with": {"message": "b"}},
        },
        "edges": ["start -> a -> b"],
        "layout": {"a": [0, 0], "b": [0, 100]},
    }
    after = before | {
        "inputs": {"who": {"type": "text", "default": "Ada"}},
        "nodes": {"a": before["nodes"]["a"], "c": {"do": "general.log", "with": {"message": "c", "level": "warning"}}},
        "edges": ["start -> a -> c"],
        "layout": {"a": [50, 0], "c": [0, 100]},
    }
    made = (await admin.post("/api/workflows", json={"name": "Compared", "document": before})).json()
    path = f"/api/workflows/{made['workflow']['id']}"
    await admin.post(f"{path}/versions", json={"document": after, "based_on": 1})
    found = (await admin.get(f"{path}/diff", params={"from": 1, "to": 2})).json()
    changes = found["changes"]
    assert found["same_logic"] is False
    assert [(one["id"], one["change"]) for one in changes["nodes"]] == [("b", "removed"), ("c", "added")]
    assert {"field": "with.level", "change": "added", "old": None, "new": "warning"} in changes["nodes"][1]["fields"]
    assert [(one["source"], one["port"], one["target"], one["change"]) for one in changes["edges"]] == [
        ("a", "next", "b", "removed"),
        ("a", "next", "c", "added"),
    ]
    assert changes["inputs"][0]["fields"] == [{"field": "default", "change": "added", "old": None, "new": "Ada"}]
    assert (changes["moved"], changes["layout_changed"], changes["outputs"], changes["settings"]) == (
        ["a"],
        True,
        [],
        [],
    )
    same = (await admin.get(f"{path}/diff", params={"from": 1, "to": 1})).json()
    assert same["same_logic"] is True
    assert not any(same["changes"].values())
