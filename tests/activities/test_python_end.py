"""The end of a user's Python: threads and exit handlers are waited for, and what is ended is said."""

import contextlib

import psutil
import pytest

from exekra.activities.python import PythonCodeError, run

THREAD = """
import threading, time
def work():
    time.sleep(0.3)
    open("thread.txt", "w").write("done")
    result.append(2)
result = [1]
threading.Thread(target=work).start()
"""


async def test_threads_are_waited_for_as_python_does(context):
    ran = await run(context, code=THREAD)
    assert ran.result == [1, 2]
    assert (context.work_folder / "thread.txt").read_text() == "done"
    assert ran.notes == []


async def test_a_pool_that_nobody_shuts_down_finishes_its_work(context):
    code = (
        "import time\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "pool = ThreadPoolExecutor(1)\nresult = []\n"
        "for n in range(3): pool.submit(lambda n=n: (time.sleep(0.05), result.append(n)))"
    )
    assert (await run(context, code=code)).result == [0, 1, 2]


async def test_what_is_registered_for_the_end_runs(context):
    code = "import atexit\natexit.register(lambda: open('end.txt', 'w').write('done'))\nresult = 1"
    ran = await run(context, code=code)
    assert (ran.result, ran.notes) == (1, [])
    assert (context.work_folder / "end.txt").read_text() == "done"


async def test_it_runs_after_an_error_too(context):
    code = "import atexit\natexit.register(lambda: open('end.txt', 'w').write('done'))\n1 / 0"
    with pytest.raises(PythonCodeError, match="line 3"):
        await run(context, code=code)
    assert (context.work_folder / "end.txt").read_text() == "done"


async def test_a_thread_that_outlasts_the_time_is_ended_and_named(context):
    code = (
        "import threading\nthreading.Thread(target=threading.Event().wait, name='endless').start()\n"
        "result = (n for n in 'ab')"
    )
    ran = await run(context, code=code, timeout=4)
    assert ran.result == ["a", "b"]
    assert ran.notes == [
        "1 thread was still running at the end of the step (endless) and ended with it. Join it in the code."
    ]


async def test_an_exit_handler_that_outlasts_the_time_is_ended(context):
    code = "import atexit, threading\natexit.register(threading.Event().wait)\nresult = 1"
    ran = await run(context, code=code, timeout=4)
    assert ran.result == 1
    assert ["registered with `atexit`" in note for note in ran.notes] == [True]


async def test_processes_left_running_are_ended_and_named(context):
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\nresult = child.pid"
    )
    ran = await run(context, code=code, timeout=20)
    with contextlib.suppress(psutil.NoSuchProcess):
        assert psutil.Process(ran.result).status() == psutil.STATUS_ZOMBIE
    assert [note.partition(" (")[0] for note in ran.notes] == ["1 process was still running at the end of the step"]


async def test_helpers_of_multiprocessing_are_not_named(context):
    code = (
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(1) as pool: result = pool.map(abs, [-1])"
    )
    ran = await run(context, code=code)
    assert (ran.result, ran.notes) == ([1], [])


async def test_daemons_are_not_waited_for(context):
    code = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\nresult = 1"
    assert (await run(context, code=code)).notes == []


async def test_pasted_code_may_begin_with_a_byte_order_mark(context):
    assert (await run(context, code="\ufeffresult = 1")).result == 1
