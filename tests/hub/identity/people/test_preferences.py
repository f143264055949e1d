"""What people prefer is kept with their account."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from signed_in import MakePerson

PATH = "/api/account/preferences"
USUAL: dict[str, Any] = {"theme": "system", "time_zone": None, "locale": None, "favourites": [], "recents": []}


async def test_each_user_has_preferences_of_their_own(admin: httpx.AsyncClient, person: MakePerson) -> None:
    operator = (await person("OPERATOR")).client
    assert (await operator.get(PATH)).json() == USUAL
    mine = {
        "theme": "dark",
        "time_zone": "Europe/Vienna",
        "locale": "de-AT",
        "favourites": ["excel.read_range"],
        "recents": ["a", "b"],
    }
    assert (await operator.put(PATH, json=mine)).json() == mine
    assert (await operator.get(PATH)).json() == mine
    assert (await admin.get(PATH)).json() == USUAL
    await operator.put(PATH, json={"theme": "light"})
    assert (await operator.get(PATH)).json() == USUAL | {"theme": "light"}


@pytest.mark.parametrize(
    "body",
    [
        {"theme": "pink"},
        {"colour": "red"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"locale": "d"},
        {"locale": "de_AT"},
        {"favourites": ["x"] * 201},
        {"favourites": ["x" * 201]},
        {"favourites": ["a\0b"]},
        {"favourites": ["ä" * 200] * 100},
        {"recents": [1]},
        [],
    ],
)
async def test_others_are_refused(admin: httpx.AsyncClient, body: Any) -> None:
    assert (await admin.put(PATH, json=body)).status_code == 422
    assert (await admin.get(PATH)).json() == USUAL


async def test_what_another_version_stored_does_no_harm(app: Any, admin: httpx.AsyncClient) -> None:
    async with app.state.hub.database.transaction() as connection:
        await connection.execute("UPDATE app_user SET preferences = $1", {"theme": "dark", "later": 1})
    assert (await admin.get(PATH)).json() == USUAL | {"theme": "dark"}


async def test_one_sees_ones_own_account(person: MakePerson) -> None:
    developer = await person("DEVELOPER")
    account = (await developer.client.get("/api/account")).json()
    assert (account["email"], account["role"], account["name"]) == (developer.email, "DEVELOPER", "Developer")
