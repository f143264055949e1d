"""Requests and answers about users."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from exekra.hub.core.actor import Role
from exekra.hub.core.errors import Invalid
from exekra.hub.identity.people.service import clean_email
from exekra.hub.web.texts import PlainText

LARGEST_PREFERENCES_BYTES = 32_000


def _email(text: str) -> str:
    try:
        return clean_email(text)
    except Invalid as error:
        raise ValueError(error.message) from None


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Password = Annotated[
    SecretStr, Field(max_length=1000, description="8 characters to 72 bytes.", examples=["correct horse battery"])
]


class Sent(BaseModel):
    """Unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class UserAnswer(BaseModel):
    """A user."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str = Field(examples=["ada@example.org"])
    name: str = Field(examples=["Ada"])
    role: Role
    active: bool = Field(description="Whether the user may sign in.")
    created_at: datetime
    signed_in_at: datetime | None


class BootstrapState(BaseModel):
    """Whether the first administrator must still be created."""

    needed: bool


class FirstAdmin(Sent):
    """The first administrator."""

    email: Email = Field(examples=["admin@example.org"])
    name: Name = Field(default="Administrator")
    password: Password


class SignIn(Sent):
    """The credentials of a user."""

    email: Email = Field(examples=["ada@example.org"])
    password: Password


class SessionAnswer(BaseModel):
    """A new session. Browsers also get the token as a cookie."""

    token: str = Field(description="Send it as `Authorization: Bearer TOKEN`.")
    expires_at: datetime
    user: UserAnswer


class CurrentSession(BaseModel):
    """The session of the user who makes the request."""

    expires_at: datetime
    user: UserAnswer


class AccountChange(Sent):
    """What users may change about themselves."""

    name: Name


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; write it like Europe/Vienna") from None


LanguageTag = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Remembered = Annotated[PlainText, StringConstraints(min_length=1, max_length=200)]


class Preferences(Sent):
    """A user's preferences for the web interface; at most 32 kB in total."""

    theme: Literal["light", "dark", "system"] = "system"
    time_zone: Annotated[str, StringConstraints(max_length=100), AfterValidator(_time_zone)] | None = Field(
        default=None, description="An IANA name; null means the browser's time zone.", examples=["Europe/Vienna"]
    )
    locale: LanguageTag | None = Field(
        default=None,
        description="A language tag, for how numbers and dates are written in fields; null means the browser's.",
        examples=["de-AT"],
    )
    favourites: list[Remembered] = Field(
        default=[], max_length=200, description="Activities that Studio shows first.", examples=[["excel.read_range"]]
    )
    recents: list[Remembered] = Field(default=[], max_length=100, description="What was used last, newest first.")

    @model_validator(mode="after")
    def _small(self) -> Self:
        if len(self.model_dump_json().encode()) > LARGEST_PREFERENCES_BYTES:
            raise ValueError("preferences must not exceed 32 kB")
        return self


class PasswordChange(Sent):
    """A new password for oneself."""

    present: Password
    new: Password


class PasswordReset(Sent):
    """A new password for somebody else."""

    password: Password


class NewUser(Sent):
    """A user to create."""

    email: Email = Field(examples=["ada@example.org"])
    name: Name = Field(examples=["Ada"])
    role: Role = Role.OPERATOR
    password: Password


class UserChange(Sent):
    """The changes to a user; omitted fields stay as they are."""

    name: Name | None = None
    role: Role | None = None
    active: bool | None = Field(default=None, description="False ends the user's sessions and refuses new ones.")
