"""How many files a version of a workflow may have, how large, and with which paths."""

from __future__ import annotations

from collections.abc import Sequence

from exekra.hub.contents.limits import refuse_larger
from exekra.hub.core.errors import Invalid, TooLarge
from exekra.hub.core.settings import Settings
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.kit.relative_paths import clash, relative_path_problem

MOST_FILES = 1000
"""Files of one version."""
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
