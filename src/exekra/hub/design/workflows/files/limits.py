"""How many files a version of a workflow may have, how large, with which paths, and how much a person may upload."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from exekra.hub.contents.limits import refuse_larger
from exekra.hub.core.actor import Actor
from exekra.hub.core.errors import Invalid, TooLarge, TooMany
from exekra.hub.core.hub import Hub
from exekra.hub.core.settings import Settings
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.web.rate_limit.service import RateLimits
from exekra.kit.relative_paths import clash, relative_path_problem

MOST_FILES = 1000
"""Files of one version."""
DAY_SECONDS = 86_400.0
WORKFLOW_ENDINGS = (".flow.yaml", ".flow.yml", ".flow.json")


def check_path(path: str) -> None:
    """Refuse what is not a valid path for a file of a workflow.

    Raises:
        Invalid: It is not one; the message says why.
    """
    problem = relative_path_problem(path)
    if problem is None and path.lower().endswith(WORKFLOW_ENDINGS):
        problem = "a workflow cannot be a file of another one; import it separately and call it"
    if problem is not None:
        raise Invalid(f"The file {path!r} cannot belong to a workflow: {problem}.", code="path-invalid", where="path")


def check_files(files: Sequence[WorkflowFile], settings: Settings) -> None:
    """Refuse files that cannot be those of one version together.

    Raises:
        Invalid: A path is wrong, or two cannot be there together.
        TooLarge: One of them is too large, they are too large together, or there are too many.
    """
    if len(files) > MOST_FILES:
        raise TooLarge(f"There would be {len(files):,} files; a version has at most {MOST_FILES:,}.", code="too-many")
    for file in files:
        check_path(file.path)
        check_size(file.path, file.size, settings)
    if (found := clash(file.path for file in files)) is not None:
        raise Invalid(
            f"The files {found[0]!r} and {found[1]!r} cannot both be there: on Windows and macOS they are the same, or "
            "one would be the folder of the other.",
            code="path-taken",
            where="path",
        )
    check_total(sum(file.size for file in files), settings)


def check_size(path: str, size: int, settings: Settings) -> None:
    """Refuse a file that is too large.

    Raises:
        TooLarge: It is.
    """
    refuse_larger(settings, "largest_workflow_file_mb", size, f"The file {path!r} has")


def check_total(size: int, settings: Settings) -> None:
    """Refuse files that are too large together.

    Raises:
        TooLarge: They are.
    """
    refuse_larger(settings, "largest_workflow_files_mb", size, "Together, the files of the workflow have")


async def count_upload(hub: Hub, actor: Actor, size: int) -> None:
    """Count bytes that a person is about to upload: whoever sends files all day fills the Hub's storage.

    Raises:
        TooMany: They would be more than a person may upload within a day; the message says when they may.
    """
    most = hub.settings.daily_workflow_uploads_mb
    kilobytes = ceil(size / 1024)
    wait = await hub.get(RateLimits).spend(
        f"workflow-uploads:{actor.id}", kilobytes, most=most * 1024, seconds=DAY_SECONDS
    )
    if wait is None:
        return
    minutes = ceil(wait.total_seconds() / 60)
    raise TooMany(
        f"With this upload, you would have uploaded more than {most:,} MB for workflows within a day.",
        code="too-much-uploaded",
        hint=f"Try again in {minutes:,} {'minute' if minutes == 1 else 'minutes'}. An administrator can raise "
        "EXEKRA_DAILY_WORKFLOW_UPLOADS_MB.",
        headers={"Retry-After": str(minutes * 60)},
    )
