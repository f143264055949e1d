"""Which environment variables the processes of executions get: those on a list, and nothing else.

The Runner's own environment may contain what no workflow should see: its secret, passwords of databases, keys of a
cloud. The list contains what a program needs to run at all; a setting names what else workflows may see.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from exekra.sdk.errors import SettingsError

PRIVATE = "EXEKRA_"
"""Variables with this prefix belong to the Hub and the Runner: no setting passes them on."""

PASSED = (
    # The user and the system: every program expects these.
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TEMP", "TMP", "HOSTNAME"),
    # Language, time and the terminal.
    *("LANG", "LANGUAGE", "LC_*", "TZ", "TZDIR", "TERM", "COLORTERM", "NO_COLOR"),
    # The desktop, for browsers and applications with windows.
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_*", "DBUS_SESSION_BUS_ADDRESS"),
    # The network, and the trusted certificates.
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
    # Where programs find their parts: libraries, Python, browsers, Java, drivers of databases.
    *("LD_LIBRARY_PATH", "DYLD_*", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONUNBUFFERED"),
    *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONHASHSEED", "PYTHONWARNINGS", "VIRTUAL_ENV"),
    *("PLAYWRIGHT_BROWSERS_PATH", "JAVA_HOME", "ODBCINI", "ODBCSYSINI"),
    # The variables that Windows gives to every program.
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "OS", "COMPUTERNAME", "SESSIONNAME"),
    *("USERNAME", "USERDOMAIN", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PUBLIC"),
    *("ALLUSERSPROFILE", "PROGRAMDATA", "PROGRAMFILES*", "PROGRAMW6432", "COMMONPROGRAM*"),
    *("NUMBER_OF_PROCESSORS", "PROCESSOR_*", "PSMODULEPATH"),
)
"""Names that are passed on; `*` matches any characters."""


def environment_of_children(environ: Mapping[str, str], more: Iterable[str] = ()) -> dict[str, str]:
    """The part of the Runner's environment that the processes of executions get.

    Args:
        environ: The Runner's environment.
        more: Names to pass on in addition to those on the list; `*` matches any characters.
    """
    passed = (*PASSED, *more)
    return {
        name: value
        for name, value in environ.items()
        if not _plain(name).startswith(PRIVATE) and any(fnmatchcase(_plain(name), _plain(one)) for one in passed)
    }


def read_names(text: str) -> tuple[str, ...]:
    """The names in a setting, separated by commas.

    Raises:
        SettingsError: One of them is the Runner's own, or is not a name.
    """
    names = tuple(name for part in text.split(",") if (name := part.strip()))
    for name in names:
        if _plain(name).startswith(PRIVATE):
            raise SettingsError(f"pass_environment must not contain {name}, which belongs to the Runner.")
        if "=" in name or any(character.isspace() for character in name):
            raise SettingsError(
                f"pass_environment must be names separated by commas, such as SAP_*,ORACLE_HOME, and {name!r} is not "
                "a name (EXEKRA_PASS_ENVIRONMENT)."
            )
    return names


def _plain(name: str) -> str:
    """Windows ignores case in these names."""
    return name.upper() if os.name == "nt" else name
