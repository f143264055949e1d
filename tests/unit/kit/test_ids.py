"""Ids sort by the time they were made."""

from __future__ import annotations

import time

from exekra.kit.ids import new_id


def test_ids_are_of_version_7_and_each_is_greater_than_the_one_before() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(set(ids))
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}


def test_an_id_begins_with_its_time() -> None:
    before = time.time_ns() // 1_000_000
    stamp = new_id().int >> 80
    assert before <= stamp <= time.time_ns() // 1_000_000 + 20
