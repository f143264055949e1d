"""Errors of PostgreSQL, each as a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

from exekra.sdk.errors import ExekraError

NO_SPACE = "No space left on device"


class PostgresError(ExekraError):
    """PostgreSQL cannot be used."""


def explain(doing: str, said: str, folder: Path) -> PostgresError:
    """Turn what a PostgreSQL program wrote into one sentence.

    Args:
        doing: What was attempted: "start", "initialise its data folder".
        said: The program's output or the end of its log.
        folder: The folder it worked in, named in the sentence.
    """
    if NO_SPACE in said:
        return PostgresError(f"PostgreSQL cannot {doing}: the disk that holds {folder} is full. Free some space.")
    telling = [line for line in said.splitlines() if any(word in line for word in ("FATAL:", "PANIC:", "error:"))]
    words = telling[-1] if telling else " ".join(said.split()) or "it gave no reason"
    for word in ("FATAL:", "PANIC:", "error:"):
        words = words.rpartition(word)[2].strip()
    return PostgresError(f"PostgreSQL cannot {doing} in {folder}: {words.rstrip('.')}.")
