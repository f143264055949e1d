"""The life of an execution: one table in Python, the same one in the database."""

from __future__ import annotations

from itertools import product

import asyncpg
import pytest
from at_work import HubAtWork
from hypothesis import given
from hypothesis import strategies as st

from exekra.hub.work.ledger.states import FINAL, TRANSITIONS, UNDERWAY, State, may_follow

walks = st.lists(st.sampled_from(State), max_size=12)


@given(walks)
def test_no_walk_leaves_a_final_state_or_reaches_completed_without_a_runner(wanted: list[State]) -> None:
    path = [State.QUEUED]
    for following in wanted:
        if may_follow(path[-1], following):
            path.append(following)
    assert not any(state in FINAL for state in path[:-1])
    if State.COMPLETED in path:
        assert path[-2] in UNDERWAY
    if State.RUNNING in path:
        assert path[path.index(State.RUNNING) - 1] is State.ASSIGNED


def test_every_state_is_in_the_table_and_final_ones_end() -> None:
    assert set(TRANSITIONS) == set(State)
    assert frozenset({State.COMPLETED, State.FAILED, State.STOPPED}) == FINAL
    assert all(State.FAILED in TRANSITIONS[state] for state in (State.QUEUED, *UNDERWAY))
    assert all(State.STOPPED in TRANSITIONS[state] for state in (State.QUEUED, *UNDERWAY))


WAYS = {
    State.QUEUED: (),
    State.ASSIGNED: (State.ASSIGNED,),
    State.RUNNING: (State.ASSIGNED, State.RUNNING),
    State.COMPLETED: (State.ASSIGNED, State.RUNNING, State.COMPLETED),
    State.FAILED: (State.FAILED,),
    State.STOPPED: (State.STOPPED,),
}
"""How to bring a new row into each state."""


async def test_the_database_allows_exactly_the_same_transitions(work: HubAtWork) -> None:
    await work.publish()
    allowed = set()
    for old, new in product(State, State):
        id = (await work.start())["id"]
        async with work.hub.database.transaction() as connection:
            for state in WAYS[old]:
                await connection.execute("UPDATE execution SET state = $2 WHERE id = $1", id, state)
        try:
            async with work.hub.database.transaction() as connection:
                await connection.execute("UPDATE execution SET state = $2, started_at = now() WHERE id = $1", id, new)
        except asyncpg.CheckViolationError as error:
            assert "may not go from" in str(error)  # noqa: PT017 - both outcomes are counted
        else:
            allowed.add((old, new))
    expected = {(old, new) for old, news in TRANSITIONS.items() for new in news} | {(state, state) for state in State}
    assert allowed == expected


async def test_an_execution_completes_only_with_the_moment_it_began(work: HubAtWork) -> None:
    await work.publish()
    id = (await work.start())["id"]
    async with work.hub.database.transaction() as connection:
        await connection.execute("UPDATE execution SET state = 'ASSIGNED' WHERE id = $1", id)
    with pytest.raises(asyncpg.CheckViolationError, match="from ASSIGNED to COMPLETED"):
        async with work.hub.database.reading() as connection:
            await connection.execute("UPDATE execution SET state = 'COMPLETED' WHERE id = $1", id)


@pytest.mark.parametrize("state", [state for state in State if state is not State.QUEUED])
async def test_an_execution_begins_queued(work: HubAtWork, state: State) -> None:
    await work.publish()
    await work.start()
    with pytest.raises(asyncpg.CheckViolationError, match="begins QUEUED"):
        async with work.hub.database.transaction() as connection:
            await connection.execute(
                "INSERT INTO execution (id, workflow_id, workflow_name, version_id, version, state, priority,"
                " requirement_id, source, created_at, queued_at, inputs)"
                " SELECT gen_random_uuid(), workflow_id, workflow_name, version_id, version, $1, priority,"
                " requirement_id, source, created_at, queued_at, inputs FROM execution",
                state,
            )
