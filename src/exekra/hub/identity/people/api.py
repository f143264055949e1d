"""Signing in and out, one's own account, and the users."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from exekra.hub.core.actor import Role
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look, Unit
from exekra.hub.identity.people import store
from exekra.hub.identity.people.schemas import (
    AccountChange,
    BootstrapState,
    CurrentSession,
    FirstAdmin,
    NewUser,
    PasswordChange,
    PasswordReset,
    Preferences,
    SessionAnswer,
    SignIn,
    UserAnswer,
    UserChange,
)
from exekra.hub.identity.people.service import BROWSER_KNOWN, CurrentPeople, Session, no_user
from exekra.hub.web.access import SESSION_COOKIE, CurrentActor, CurrentClaims, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor

router = slice_router("People")
ORDER = "users"
BROWSER_COOKIE = "exekra_browser"
"""Marks a browser from which somebody has signed in before; it grants no access."""


@router.get("/api/bootstrap", summary="Check whether the first administrator must still be created")
async def get_bootstrap(connection: Look) -> BootstrapState:
    """A new Hub has no users; the web interface then shows the page that creates one."""
    return BootstrapState(needed=not await store.any_user(connection))


@router.post(
    "/api/bootstrap",
    summary="Create the first administrator",
    status_code=201,
    responses=error_answers(409, 422),
)
async def bootstrap(people: CurrentPeople, actor: CurrentActor, body: FirstAdmin) -> UserAnswer:
    """Only works while there are no users."""
    user = await people.bootstrap(actor, email=body.email, name=body.name, password=body.password.get_secret_value())
    return UserAnswer.model_validate(user)


@router.post("/api/session", summary="Sign in", status_code=201, responses=error_answers(401, 422, 429))
async def sign_in(
    hub: CurrentHub, people: CurrentPeople, actor: CurrentActor, body: SignIn, request: Request, response: Response
) -> SessionAnswer:
    """Returns a token that is valid for 7 days, and sets it as a cookie that scripts cannot read."""
    browser = request.cookies.get(BROWSER_COOKIE)
    session = await people.sign_in(actor, email=body.email, password=body.password.get_secret_value(), browser=browser)
    secure = hub.settings.secure_cookies or request.url.scheme == "https"
    response.set_cookie(
        BROWSER_COOKIE,
        people.browser_token(session.user),
        max_age=int(BROWSER_KNOWN.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure,
        path="/api/session",
    )
    return _begin(session, secure, response)


@router.get("/api/session", summary="Get the signed-in user", responses=error_answers(401))
async def get_session(connection: Look, actor: CurrentActor, claims: CurrentClaims) -> CurrentSession:
    """The user whose token this request carries."""
    assert actor.id is not None, "only users reach this route"
    user = await store.find(connection, actor.id)
    if user is None:
        raise no_user()
    return CurrentSession(expires_at=claims.expires_at, user=UserAnswer.model_validate(user))


@router.delete("/api/session", summary="Sign out", status_code=204, responses=error_answers(401))
async def sign_out(
    connection: Unit, people: CurrentPeople, actor: CurrentActor, claims: CurrentClaims, response: Response
) -> None:
    """Invalidates this token immediately, even where it was copied. The user's other sessions stay valid."""
    await people.sign_out(connection, actor, claims)
    response.delete_cookie(SESSION_COOKIE, path="/")


@router.get("/api/account", summary="Get your own account", responses=error_answers(401))
async def get_account(connection: Look, actor: CurrentActor) -> UserAnswer:
    """Your name, e-mail address and role."""
    assert actor.id is not None, "only users reach this route"
    user = await store.find(connection, actor.id)
    if user is None:
        raise no_user()
    return UserAnswer.model_validate(user)


@router.get("/api/account/preferences", summary="Get your own preferences", responses=error_answers(401))
async def get_preferences(connection: Look, actor: CurrentActor) -> Preferences:
    """Preferences that were never set have their default values."""
    assert actor.id is not None, "only users reach this route"
    stored = await store.preferences(connection, actor.id)
    return Preferences(**{name: stored[name] for name in Preferences.model_fields if name in stored})


@router.put("/api/account/preferences", summary="Set your own preferences", responses=error_answers(401, 422))
async def set_preferences(connection: Unit, actor: CurrentActor, body: Preferences) -> Preferences:
    """Replaces all of them: those that are omitted get their default values."""
    assert actor.id is not None, "only users reach this route"
    await store.set_preferences(connection, actor.id, body.model_dump())
    return body


@router.patch("/api/account", summary="Change your own name", responses=error_answers(401, 422))
async def change_account(
    connection: Unit, people: CurrentPeople, actor: CurrentActor, body: AccountChange
) -> UserAnswer:
    """Only an administrator can change the e-mail address and the role."""
    assert actor.id is not None, "only users reach this route"
    return UserAnswer.model_validate(await people.change(connection, actor, actor.id, name=body.name))


@router.put("/api/account/password", summary="Change your own password", responses=error_answers(401, 403, 422, 429))
async def change_password(
    hub: CurrentHub,
    people: CurrentPeople,
    actor: CurrentActor,
    body: PasswordChange,
    request: Request,
    response: Response,
) -> SessionAnswer:
    """Ends all of your sessions and returns a new one."""
    session = await people.change_own_password(
        actor, present=body.present.get_secret_value(), new=body.new.get_secret_value()
    )
    return _begin(session, hub.settings.secure_cookies or request.url.scheme == "https", response)


@router.get("/api/users", summary="List the users", responses=error_answers(401, 403, 422))
async def list_users(
    connection: Look,
    limit: Limit = 50,
    cursor: Cursor = None,
    text: Annotated[str | None, Query(max_length=200, description="Part of the e-mail address or the name.")] = None,
    role: Role | None = None,
    active: bool | None = None,
) -> Page[UserAnswer]:
    """Ordered by e-mail address."""
    after = read_cursor(cursor, ORDER, tuple[str])
    users = await store.page(
        connection, after=after[0] if after else None, limit=limit + 1, text=text, role=role, active=active
    )
    shown, next_cursor = cut(users, limit, lambda user: write_cursor(ORDER, (user.email,)))
    return Page(items=[UserAnswer.model_validate(user) for user in shown], next_cursor=next_cursor)


@router.post("/api/users", summary="Create a user", status_code=201, responses=error_answers(401, 403, 409, 422))
async def create_user(people: CurrentPeople, actor: CurrentActor, body: NewUser) -> UserAnswer:
    """The default role is OPERATOR."""
    user = await people.create(
        actor, email=body.email, name=body.name, role=body.role, password=body.password.get_secret_value()
    )
    return UserAnswer.model_validate(user)


@router.get("/api/users/{user_id}", summary="Get a user", responses=error_answers(401, 403, 404))
async def get_user(connection: Look, user_id: UUID) -> UserAnswer:
    """One user."""
    user = await store.find(connection, user_id)
    if user is None:
        raise no_user()
    return UserAnswer.model_validate(user)


@router.patch("/api/users/{user_id}", summary="Change a user", responses=error_answers(401, 403, 404, 409, 422))
async def change_user(
    connection: Unit, people: CurrentPeople, actor: CurrentActor, user_id: UUID, body: UserChange
) -> UserAnswer:
    """Changing the role or deactivating the user ends the user's sessions immediately."""
    user = await people.change(connection, actor, user_id, name=body.name, role=body.role, active=body.active)
    return UserAnswer.model_validate(user)


@router.delete(
    "/api/users/{user_id}", summary="Delete a user", status_code=204, responses=error_answers(401, 403, 404, 409)
)
async def delete_user(connection: Unit, people: CurrentPeople, actor: CurrentActor, user_id: UUID) -> None:
    """Everything the user created stays. To keep the user's name on it, deactivate the user instead."""
    await people.delete(connection, actor, user_id)


@router.put(
    "/api/users/{user_id}/password",
    summary="Give a user a new password",
    status_code=204,
    responses=error_answers(401, 403, 404, 422),
)
async def set_password(people: CurrentPeople, actor: CurrentActor, user_id: UUID, body: PasswordReset) -> None:
    """Ends the user's sessions."""
    await people.set_password(actor, user_id, password=body.password.get_secret_value())


def _begin(session: Session, secure: bool, response: Response) -> SessionAnswer:
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        expires=session.claims.expires_at,
        httponly=True,
        samesite="lax",
        secure=secure,
        path="/",
    )
    return SessionAnswer(
        token=session.token,
        expires_at=session.claims.expires_at,
        user=UserAnswer.model_validate(session.user),
    )
