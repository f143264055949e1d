"""The recorded frames of older versions, and what those versions would have accepted."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from exekra.protocol.frames import encode
from exekra.protocol.messages import HubMessage, RunnerMessage

from .relay import Frame

PROTOCOL_1 = Path(__file__).parent / "protocol_1"
STORIES = sorted(file.stem for file in PROTOCOL_1.glob("*.jsonl"))


def story(name: str) -> list[Frame]:
    """The frames of a story, in order."""
    return [json.loads(line) for line in (PROTOCOL_1 / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def messages(name: str, side: str) -> list[dict[str, Any]]:
    """What one side said in a story, in order."""
    return [message for frame in story(name) if frame["from"] == side for message in frame["messages"]]


def refused_by_version_1(frame: bytes | str, kind: str) -> list[str]:
    """Why protocol 1 would refuse the frame; `kind` is "RunnerMessage" or "HubMessage". It ignored unknown fields."""
    return [f"{message}: {error}" for message in json.loads(frame) for error in _errors(message, kind)]


def refused_messages(messages: list[RunnerMessage | HubMessage], kind: str) -> list[str]:
    """As above, for messages of today."""
    return refused_by_version_1(encode(messages), kind)


def _errors(message: dict[str, Any], kind: str) -> list[str]:
    known = _schema()["$defs"]
    name = next((name for name in _names(kind) if known[name]["properties"]["type"]["enum"] == [message["type"]]), None)
    if name is None:
        return ["an unknown message"]
    return [error.message[:200] for error in _validator(name).iter_errors(message)]


def _names(kind: str) -> list[str]:
    return [one["$ref"].rpartition("/")[2] for one in _schema()[kind]["anyOf"]]


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((PROTOCOL_1 / "schema.json").read_text(encoding="utf-8"))
    return schema


@cache
def _validator(name: str) -> Any:
    return jsonschema_rs.validator_for({"$ref": f"#/$defs/{name}", "$defs": _schema()["$defs"]})
