"""Describes the installed activities to another process: `python -m exekra.sdk.describe` prints an `Installed` as JSON.

To describe activities is to import the packages that they come from, and whatever these do when they are imported. A
program that only needs to know of them, such as the Hub, has that done here.
"""

from __future__ import annotations

import contextlib
import sys

import msgspec

from exekra.sdk.activity import installed_activities
from exekra.sdk.catalogue import Installed


def main() -> None:
    """Print the description; what packages print while they are imported goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        definitions, problems = installed_activities()
    installed = Installed(tuple(one.entry for one in definitions), tuple(problems))
    sys.stdout.buffer.write(msgspec.json.encode(installed))


if __name__ == "__main__":
    main()
