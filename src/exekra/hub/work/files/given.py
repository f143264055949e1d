"""Files that executions are given: what stands for a file in a request becomes a file of the execution itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.flow.file_references import KEY, reference, references_in, with_references
from exekra.hub.contents.limits import refuse_larger
from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Invalid
from exekra.hub.core.settings import Settings
from exekra.hub.work.files import store
from exekra.hub.work.files.store import Source
from exekra.kit.ids import new_id

MOST_GIVEN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file as the execution will have it.

    Attributes:
        id: The file's id within the execution.
        source: The upload, or the file of another execution, that has its content.
    """

    id: UUID
    source: Source


class GivenFiles:
    """The files that one request gives to an execution. Made by `find`."""

    def __init__(self, given: Mapping[str, Given]) -> None:
        self._given = given
        self._files = list({one.id: one for one in given.values()}.values())

    @classmethod
    async def find(
        cls, connection: Connection, settings: Settings, actor: Actor, values: Mapping[str, Mapping[str, Any]]
    ) -> GivenFiles:
        """The files for which something stands in these values.

        Args:
            connection: Where to look.
            settings: How much an execution may be given.
            actor: Who gives them: a person's own uploads, and the files of executions.
            values: Values by name, each under the place of the request where they are, such as `body.inputs`.

        Raises:
            Invalid: There is no such file, or there are too many, or too large ones.
            Conflict: A Runner still sends one of them.
        """
        wanted = dict(_wanted(values))
        if len(wanted) > MOST_GIVEN:
            message = f"An execution can be given {MOST_GIVEN} files, not {len(wanted)}."
            raise Invalid(message, code="files-too-many", where="body.inputs", hint="Pack them into a ZIP file.")
        sources = await store.sources(connection, list(wanted.values()), user_id=actor.id)
        for found, where in _places(values):
            source = sources.get(wanted[found[KEY]])
            if source is None:
                raise Invalid(
                    f"There is no file {str(found.get('name') or found[KEY])!r}, or it is not kept any more.",
                    code="file-unknown",
                    where=where,
                    hint="Upload it (again): POST /api/files. An upload is kept for a day until an execution has it.",
                )
            if not source.is_complete:
                raise Conflict(
                    f"The Runner still sends the file {source.name!r}.",
                    code="file-incomplete",
                    where=where,
                    hint="Try again when all of it is there.",
                )
        total = sum(source.size for source in sources.values())
        refuse_larger(
            settings, "largest_files_mb", total, "Together, the files have", where="body.inputs", error=Invalid
        )
        given = {id: Given(id=new_id(), source=source) for id, source in sources.items()}
        return cls({text: given[id] for text, id in wanted.items()})

    @property
    def names(self) -> list[str]:
        """How they are called."""
        return [one.source.name for one in self._files]

    def within(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as the execution has them: what stands for a file names the execution's own."""

        def own(value: Mapping[str, Any]) -> dict[str, Any]:
            given = self._given[value[KEY]]
            return reference(str(given.id), given.source.name, given.source.size)

        replaced: dict[str, Any] = with_references(values, own)
        return replaced

    async def give(self, connection: Connection, execution_id: UUID, at: datetime) -> None:
        """Make them files of an execution, in the transaction that makes it.

        Raises:
            Conflict: One was removed just now.
        """
        given = [(one.id, one.source.id) for one in self._files]
        if given and await store.give(connection, execution_id, given, at=at) < len(given):
            raise Conflict(
                "A file was removed just now.", code="file-unknown", where="body.inputs", hint="Upload it again."
            )


def are_in(values: Iterable[Mapping[str, Any]]) -> bool:
    """Whether something stands for a file in these values."""
    return any(True for one in values for _ in references_in(one))


def paths_for(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the workflow will see them, as far as known here: a text instead of a reference to a file."""
    seen: dict[str, Any] = with_references(values, lambda value: str(value.get("name") or value[KEY]))
    return seen


def _wanted(values: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, UUID]]:
    for one in values.values():
        for found in references_in(one):
            yield found[KEY], _as_id(found[KEY])


def _places(values: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[Mapping[str, Any], str]]:
    """All that stands for a file, each with the place where it does."""
    for where, one in values.items():
        for name, value in one.items():
            for found in references_in(value):
                yield found, f"{where}.{name}"


def _as_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # There is none.
