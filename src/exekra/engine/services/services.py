"""What the engine lends to activities: a context, resources, threads and the values of credentials."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from exekra.engine.observe.observer import Observer
from exekra.engine.services.asking import HubConnection, HubQuestions
from exekra.engine.services.context import ActivityContext
from exekra.engine.services.credentials import SecretSource
from exekra.engine.services.kept_files import FileKeeper
from exekra.engine.services.resources import Resources
from exekra.engine.services.temporary_folder import TemporaryFolder
from exekra.engine.services.threads import Threads
from exekra.flow.model import Flow
from exekra.kit.names import safe_file_name
from exekra.sdk.context import KeptFile
from exekra.sdk.errors import ApplicationError, KeepFileError


class CredentialError(ApplicationError):
    """A credential cannot be had."""

    retryable = False


class ActivityServices:
    """Lends to the activities of one execution, and takes everything back at its end."""

    def __init__(
        self,
        *,
        execution_id: str,
        work_folder: Path,
        observer: Observer,
        secrets: SecretSource | None,
        files: FileKeeper,
        hub: HubConnection | None = None,
        workflow_folders: Mapping[int, Path] | None = None,
    ) -> None:
        """Lend to one execution; `workflow_folders` has the folders of flows with files, by the flow's identity."""
        self.threads = Threads()
        self.resources = Resources(lambda: self.context(""), observer.log)
        self._execution_id = execution_id
        self._work_folder = work_folder
        self._workflow_folders = workflow_folders or {}
        self._observer = observer
        self._secrets = secrets
        self._files = files
        self._questions = HubQuestions(hub)
        self._temporary_folder = TemporaryFolder()

    def context(
        self, node: str, flow: Flow | None = None, warned: Callable[[str], None] | None = None
    ) -> ActivityContext:
        """A context for one call of an activity at `node` of a flow; `warned` is told its warnings."""
        return ActivityContext(
            execution_id=self._execution_id,
            node=node,
            work_folder=self._work_folder,
            workflow_folder=self._workflow_folders.get(id(flow)),
            temporary_folder=self._temporary_folder.path,
            write_log=self._observer.log,
            keep=self.keep_file,
            questions=self._questions,
            warned=warned,
        )

    def keep_file(
        self, path: Path, name: str | None, node: str | None, move: bool, check: Callable[[], None]
    ) -> KeptFile:
        """Keep a file, and say so in the log. Secrets are masked in its name too.

        Raises:
            KeepFileError: It cannot be kept; the message says why.
        """
        called = safe_file_name(self._observer.masker.text(path.name if name is None else name))
        kept = self._files.keep(path, called, node=node, move=move, check=check)
        where = "" if kept.place is None else f" as {kept.place}"
        self._observer.log(f"Kept the file {kept.name} ({kept.size:,} bytes){where}.", "info", node)
        return kept

    async def keep_outputs(self, flow: Flow, outputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs with their files kept: one of type file becomes `{"$file": ID, "name": NAME, "size": BYTES}`.

        Without a Hub it stays the path.

        Raises:
            KeepFileError: One cannot be kept; the message says why.
        """
        kept = dict(outputs)
        for name, output in flow.outputs.items():
            if output.type != "file" or not isinstance(outputs.get(name), str) or not outputs[name]:
                continue
            context = self.context("", flow)
            path = context.path(outputs[name])
            called = safe_file_name(self._observer.masker.text(path.name))
            try:
                file = await asyncio.to_thread(self._files.keep_output, path, called, check=context.raise_if_stopped)
            except KeepFileError as error:
                raise KeepFileError(f"The output `{name}`: {error.message}") from error
            if file is not None:
                kept[name] = {"$file": file.id, "name": file.name, "size": file.size}
        return kept

    async def credential(self, name: str, *, field: str) -> str:
        """The value of a credential for that field; from now on it is masked wherever it appears.

        Raises:
            CredentialError: There is no vault here.
            ExekraError: There is no such credential, or it may not be used here.
        """
        if self._secrets is None:
            called = f"the credential {name}" if name else "a credential"
            raise CredentialError(
                f"`{field}` needs {called}, and there is no vault here. Run the workflow on a Hub's Runner."
            )
        value = await self._secrets.get(name)
        self._observer.masker.add(value)
        return value

    async def close(self) -> None:
        """Take back what the activities used."""
        await self.resources.close()
        self.threads.close()
        self._temporary_folder.remove()
