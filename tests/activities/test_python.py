"""A user's Python in real processes: what comes back, what is bounded, and that nothing is left running."""

import asyncio
import contextlib
import os
import sys
from datetime import date
from decimal import Decimal

import psutil
import pytest

from exekra.activities.python import (
    PythonCodeError,
    PythonLimitError,
    PythonStoppedError,
    PythonTimeoutError,
    run,
)
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table
from exekra.testing.patience import PATIENCE_SECONDS

SLEEP = "import time\nprint('pid', __import__('os').getpid(), flush=True)\ntime.sleep(60)"


async def test_values_go_in_and_come_out(context):
    inputs = {"orders": Table.from_records([{"n": 2}, {"n": 3}]), "day": date(2026, 1, 2)}
    got = await run(context, code="result = {'sum': sum(o['n'] for o in orders), 'day': day}", inputs=inputs)
    assert got.result == {"sum": 5, "day": "2026-01-02"}
    assert got.seconds > 0
    assert (await run(context, code="x = 1")).result is None


DATA = """
import uuid
from collections import Counter, OrderedDict, deque, namedtuple
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import PurePosixPath

@dataclass
class Order:
    id: int
    day: date

class Color(Enum):
    RED = "red"

class Level(IntEnum):
    HIGH = 3

Point = namedtuple("Point", "x y")
NaT = type("NaTType", (), {"isoformat": lambda self: "NaT"})()
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[date(2026, 1, 2), time(3, 4)]", ["2026-01-02", "03:04:00"]),
        ("datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)", "2026-01-02T03:04:00+00:00"),
        ("timedelta(minutes=90)", 5400),
        (
            "[{2, 1}, frozenset('a'), deque([1]), (1, 2), range(3), Point(1, 2)]",
            [[1, 2], ["a"], [1], [1, 2], [0, 1, 2], [1, 2]],
        ),
        ("[{'a': 1}.values(), (n for n in 'ab')]", [[1], ["a", "b"]]),
        ("[Counter('aab'), OrderedDict(a=1)]", [{"a": 2, "b": 1}, {"a": 1}]),
        ("Order(1, date(2026, 1, 2))", {"id": 1, "day": "2026-01-02"}),
        ("[Color.RED, Level.HIGH]", ["red", 3]),
        ("Decimal('1.5')", 1.5),
        ("[NaT, PurePosixPath('a/b'), uuid.UUID(int=1)]", [None, "a/b", "00000000-0000-0000-0000-000000000001"]),
        ("{date(2026, 1, 2): 1, Color.RED: 2}", {"2026-01-02": 1, "red": 2}),
        ("{5: {Color.RED: 1}, None: 3, 2.5: 4, True: 5}", {"5": {"red": 1}, "null": 3, "2.5": 4, "true": 5}),
        ("2**100", 2**100),
    ],
)
async def test_what_is_data_in_python(context, expression, expected):
    got = await run(context, code=f"{DATA}\nresult = {expression}")
    assert got.result == expected
    assert got.notes == []


async def test_numbers_that_are_not_finite_become_null(context):
    got = await run(context, code="result = {'a': [float('nan'), 1.5], 'b': float('-inf')}")
    assert got.result == {"a": [None, 1.5], "b": None}
    assert got.notes == ["`result` holds numbers that are not finite (nan or inf). Each became null."]
    assert context.lines == [("warning", got.notes[0])]


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("object()", "holds a object, which JSON has no form for"),
        ("[1j]", "holds a complex, which JSON has no form for"),
        ("int", "holds the class int"),
        ("print", "holds a builtin_function_or_method"),
        ("b'x'", "holds bytes; decode them to a text, or write them into a file"),
        ("10**5000", "holds a number of thousands of digits; make a text of it"),
        ("{(1, 2): 3}", "has a tuple for the name of a field; names must be texts"),
        ("[n for n in [[]] if not n.append(n)]", "contains itself"),
        ("open('f', 'w')", "holds a TextIOWrapper"),
    ],
)
async def test_what_is_no_data(context, expression, sentence):
    with pytest.raises(PythonCodeError) as caught:
        await run(context, code=f"result = {expression}")
    assert sentence in caught.value.message


async def test_what_is_printed_arrives_in_any_locale(context, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    await run(context, code="print('é €')\nimport sys\nsys.stdout.buffer.write(b'caf\\xe9\\n')")
    assert [line for _, line in context.lines] == ["é €", "caf\ufffd"]


async def test_lines_are_logged_while_it_runs(context):
    running = asyncio.create_task(run(context, code="print('é')\nimport sys\nprint('bad', file=sys.stderr)\n" + SLEEP))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await context.logged("pid")
    assert not running.done()
    assert ("info", "é") in context.lines
    assert ("info", "bad") in context.lines, "no warning: most programs write their progress there"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    pid = int(next(line for _, line in context.lines if line.startswith("pid")).split()[1])
    assert not psutil.pid_exists(pid)


async def test_a_line_without_end_is_cut(context):
    await run(context, code="import sys\nsys.stdout.write('x' * 50_000)")
    assert sum(len(line) for _, line in context.lines) >= 20_000
    assert all(len(line) <= 20_000 for _, line in context.lines)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("a = 1\nb = a / 0\n", r"failed in line 2 \(`b = a / 0`\) with ZeroDivisionError: division by zero\."),
        ("def f():\n    raise KeyError('sku')\n\nf()", r"failed in line 2 .* with KeyError: 'sku'\."),
        ("a = (\n", r"failed in line 1 \(`a = \(`\) with SyntaxError: '\(' was never closed"),
        ("import json\njson.loads('{')", r"failed in line 2 .*JSONDecodeError"),
        ("exit(3)", r"failed in line 1 .* with SystemExit: the code called exit\(3\)"),
        ("import nothing_like_this", "ModuleNotFoundError: No module named 'nothing_like_this'"),
        ("def f(): f()\nf()", "RecursionError"),
        ("input()", "EOFError"),
    ],
)
async def test_errors_name_the_line_of_the_user(context, code, sentence):
    with pytest.raises(PythonCodeError, match=sentence) as caught:
        await run(context, code=code)
    assert not caught.value.retryable
    assert "Traceback" not in caught.value.message


async def test_time_is_bounded_and_children_die_too(context):
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('child', child.pid, flush=True)\nwhile True: pass"
    )
    with pytest.raises(PythonTimeoutError, match="still running after 1 s"):
        await run(context, code=code, timeout=1)
    child = int(context.lines[0][1].split()[1])
    with contextlib.suppress(psutil.NoSuchProcess):
        assert psutil.Process(child).status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory holds on Linux")
async def test_memory_is_bounded(context):
    with pytest.raises(PythonLimitError, match="needed more than 128 MB"):
        await run(context, code="x = []\nwhile True:\n    x.append(bytearray(10_000_000))", memory_mb=128)
    assert (await run(context, code="x = bytearray(30_000_000)\nresult = len(x)", memory_mb=128)).result == 30_000_000


async def test_a_process_that_dies(context):
    with pytest.raises(PythonStoppedError, match="ended with status 7"):
        await run(context, code="import os\nos._exit(7)")
    with pytest.raises(PythonLimitError, match="If the code did not do so itself"):
        await run(context, code="import os\nos.kill(os.getpid(), 9)")


async def test_it_goes_when_the_execution_is_killed(context):
    host = (
        "import asyncio, sys, tempfile\nfrom pathlib import Path\nfrom exekra.activities.python import run\n"
        "class Context:\n    work_folder = workflow_folder = temporary_folder = Path(tempfile.gettempdir())\n"
        "    def log(self, message, level=None): print(message, flush=True)\n"
        f"asyncio.run(run(Context(), code={SLEEP!r}))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        host,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(context.work_folder)},
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert process.stdout is not None
        pid = int((await process.stdout.readline()).split()[1])
        process.kill()
        await process.wait()
        with contextlib.suppress(psutil.NoSuchProcess):
            await asyncio.to_thread(psutil.Process(pid).wait)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_a_result_too_large(context, monkeypatch):
    monkeypatch.setattr("exekra.activities.python._LARGEST_RESULT", 1000)
    with pytest.raises(PythonLimitError, match="Write it into a file"):
        await run(context, code="result = 'x' * 2000")


async def test_it_runs_in_the_work_folder_without_our_settings(context, monkeypatch):
    monkeypatch.setenv("EXEKRA_ADMIN_PASSWORD", "secret")
    monkeypatch.setenv("POLARS_OOC_MEMORY_BUDGET_MB", "1")
    (context.work_folder / "own.py").write_text("VALUE = 5")
    code = "import os, own\nresult = [os.getcwd(), own.VALUE, [n for n in os.environ if n[:6] in ('EXEKRA', 'POLARS')]]"
    assert (await run(context, code=code)).result == [str(context.work_folder), 5, []]
    assert os.listdir(context.temporary_folder) == []


async def test_names_that_are_none(context):
    with pytest.raises(InputError, match="`order id` under inputs is not a valid variable name"):
        await run(context, code="pass", inputs={"order id": 1})


async def test_half_a_character_comes_in_is_printed_and_goes_out(context):
    ran = await run(context, code="print(name)\nresult = [name, '\\ud83d']", inputs={"name": "\udcff.csv"})
    assert ran.result == ["\udcff.csv", "\ud83d"]
    assert context.lines[0] == ("info", "\\udcff.csv")
    assert "half of a character" in ran.notes[0]


async def test_a_whole_character_and_what_looks_like_half_of_one_are_not_noted(context):
    assert (await run(context, code="result = ['\U0001f600', r'\\ud83d']")).notes == []


@pytest.mark.parametrize("more", ["", ", 'x': float('nan')"])
async def test_keys_of_one_text_are_noted(context, more):
    ran = await run(context, code=f"result = {{1: 'a', 1.5: 'b', '1': 'c'{more}}}")
    assert ran.result["1"] == "c"
    assert ran.notes[-1] == "`result` has objects in which several keys have the same text; the last value counts."


async def test_decimals_keep_digits_that_a_float_has_not(context):
    code = (
        "from decimal import Decimal as D\n"
        "result = {'a': [D('12345678901234567.89'), D('0.1')], D('2.50'): D('0.1234567890123456789')}"
    )
    ran = await run(context, code=code)
    assert ran.result == {"a": [Decimal("12345678901234567.89"), 0.1], "2.50": Decimal("0.1234567890123456789")}
    assert ran.notes == []


async def test_decimals_that_are_not_finite_are_null(context):
    ran = await run(context, code="from decimal import Decimal as D\nresult = [D('NaN'), D('-Infinity'), D('1e400')]")
    assert ran.result == [None, None, Decimal("1e400")]
