"""A small package with a resource, as somebody else would write one: an account that is opened, used and closed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from exekra.sdk import Context, FilePath, Resource, activity

preloaded_in: list[int] = []


def has_vault() -> bool:
    """Whether this machine has a vault: all have."""
    return True


def has_card_reader() -> bool:
    """Whether this machine has a card reader."""
    return "TELLER_CARD_READER" in os.environ


def has_broken() -> bool:
    """Look for something in a way that fails."""
    raise OSError("the driver does not answer")


class Account(Resource):
    """An account, kept in a file."""

    needs = ("vault",)

    def __init__(self, file: TextIO, path: Path) -> None:
        self.file = file
        self.path = path

    @classmethod
    def preload(cls) -> None:
        preloaded_in.append(os.getpid())

    def title(self) -> str:
        return self.path.name

    async def close(self) -> None:
        self.file.write("closed\n")
        self.file.close()


@dataclass(frozen=True)
class Opened:
    """The account.

    Attributes:
        account: The open account.
        preloaded: In how many processes before this one its kind was preloaded.
        own: Whether one of them was this one.
    """

    account: Account
    preloaded: int
    own: bool


@dataclass(frozen=True)
class Balance:
    """What is there.

    Attributes:
        total: The sum.
    """

    total: float


@activity(blocking=True)
def open_account(context: Context, /, *, path: FilePath) -> Opened:
    """Open an account.

    Args:
        path: The file that it is kept in.
    """
    whole = context.path(path)
    return Opened(Account(whole.open("a"), whole), len(preloaded_in), os.getpid() in preloaded_in)


@activity(blocking=True)
def book(*, account: Account, amount: float) -> Balance:
    """Book an amount.

    Args:
        account: The account.
        amount: How much.
    """
    account.file.write(f"{amount}\n")
    account.file.flush()
    return Balance(sum(float(line) for line in account.path.read_text().splitlines()))


@activity(closes=("account",))
async def close_account(*, account: Account) -> None:
    """Close an account.

    Args:
        account: The account.
    """


@activity(needs=("card_reader", "broken"))
def read_card() -> None:
    """Read a card, which needs what most machines have not."""
