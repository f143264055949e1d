"""The same loop in Exekra, Node-RED and Robot Framework, one after the other on this machine.

Node-RED comes from npm and Robot Framework from PyPI, into `build/peers`; nothing else on the machine changes. The
loop counts up, asks whether the number is even, and counts the even ones: two and a half nodes a turn, without the
node that repeats. A peer that cannot be installed is left out, with the reason.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from engine import HEAD, LOOP, sender  # noqa: E402 - the bench beside this folder
from exekra.engine.run import run_flow  # noqa: E402 - after the path
from exekra.flow.document import load_flow  # noqa: E402 - after the path
from measure import report  # noqa: E402 - as above

FOLDER = HERE.parents[1] / "build" / "peers"
NODES_A_TURN = 2.5
ROUNDS = 3
NODE_RED = "node-red@4"  # The newest that runs on Node 20.

Loop = Callable[[int], float]
"""Runs so many turns and gives the seconds that they took."""


class MissingError(Exception):
    """A peer cannot be had here; the message says why."""


def exekra() -> Loop:
    flow = load_flow(HEAD + LOOP)

    def loop(turns: int) -> float:
        emit = sender([])
        outcome = asyncio.run(run_flow(flow, inputs={"n": turns}, emit=emit, work_folder=Path()))
        assert outcome.outputs["even"] == turns // 2
        return outcome.seconds

    return loop


def node_red() -> Loop:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise MissingError("there is no Node.js here")
    folder = FOLDER / "node-red"
    if not (folder / "node_modules" / "node-red").is_dir():
        install([npm, "install", NODE_RED, "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel", "error"])

    def loop(turns: int) -> float:
        script = [node, str(HERE / "node_red_loop.cjs"), str(folder / "node_modules"), str(folder / "user"), str(turns)]
        (folder / "user").mkdir(exist_ok=True)
        done = subprocess.run(script, capture_output=True, text=True, check=True, timeout=120)
        told = json.loads(done.stdout.strip().splitlines()[-1])
        assert told["even"] == turns // 2
        return float(told["seconds"])

    return loop


def robot() -> Loop:
    python = FOLDER / "robot" / "bin" / "python"
    if not python.exists():
        uv = Path(sys.executable).with_name("uv")
        if not uv.exists():
            raise MissingError("uv is not in this environment")
        install([str(uv), "venv", "--quiet", str(FOLDER / "robot")])
        install([str(uv), "pip", "install", "--quiet", "--python", str(python), "robotframework"])

    def loop(turns: int) -> float:
        words = ["-m", "robot", "--log", "NONE", "--report", "NONE", "--console", "none"]
        words += ["--output", str(FOLDER / "output.json"), "--variable", f"TURNS:{turns}", str(HERE / "loop.robot")]
        subprocess.run([str(python), *words], check=True, capture_output=True, timeout=120)
        told = json.loads((FOLDER / "output.json").read_text(encoding="utf-8"))
        return float(told["suite"]["elapsed_time"])

    return loop


def install(command: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise MissingError(f"{command[0]} could not install it: {said[-1] if said else error}") from None


ENGINES: dict[str, tuple[Callable[[], Loop], int]] = {
    "Exekra": (exekra, 400_000),
    "Node-RED 4": (node_red, 200_000),
    "Robot Framework": (robot, 5_000),
}


def main() -> None:
    """Take turns, so that a slow moment of the machine meets all engines alike."""
    loops, notes = {}, []
    for name, (prepare, turns) in ENGINES.items():
        try:
            loops[name] = (prepare(), turns)
        except MissingError as missing:
            notes.append(f"{name} is left out: {missing}.")
    rates: dict[str, list[float]] = {name: [] for name in loops}
    began = time.perf_counter()
    for _ in range(ROUNDS):
        for name, (loop, turns) in loops.items():
            rates[name].append(turns * NODES_A_TURN / loop(turns))
    medians = {name: statistics.median(measured) for name, measured in rates.items()}
    ours = medians["Exekra"]
    rows = [
        {
            "engine": name,
            "turns": loops[name][1],
            "nodes/s": round(median),
            "best": round(max(rates[name])),
            "Exekra is": f"{ours / median:.1f} times as fast",
        }
        for name, median in medians.items()
    ]
    notes.append(
        f"Medians of {ROUNDS} rounds in turn, {time.perf_counter() - began:.0f} s in all, events on everywhere."
    )
    fastest_peer = max((rate for name, rate in medians.items() if name != "Exekra"), default=None)
    if fastest_peer is None:
        sys.exit("\n".join(["There is no peer to compare with.", *notes]))
    report(
        "the same loop: nodes a second, Exekra to the fastest peer",
        round(ours / fastest_peer, 1),
        "times",
        1,
        rows,
        name="peers",
        notes=notes,
    )


if __name__ == "__main__":
    main()
