"""Queries on tables: a stop ends them, and a fault of the engine is an error of ours."""

import threading

import polars as pl
import pytest

from exekra.sdk.errors import ApplicationError, StoppedError
from exekra.sdk.table_frame import collected, engine_errors
from exekra.testing.context import FakeContext
from exekra.testing.patience import PATIENCE_SECONDS


def test_a_stop_does_not_wait_for_a_query():
    begun, release, ended = threading.Event(), threading.Event(), threading.Event()

    def wait(series: pl.Series) -> pl.Series:
        begun.set()
        release.wait(PATIENCE_SECONDS)
        ended.set()
        return series

    query = pl.LazyFrame({"n": [1]}).select(pl.col("n").map_batches(wait, return_dtype=pl.Int64))
    context = FakeContext()
    context.stop()

    def check() -> None:
        assert begun.wait(PATIENCE_SECONDS)
        context.raise_if_stopped()

    with pytest.raises(StoppedError):
        collected(query, check=check)
    assert not ended.is_set()
    release.set()
    assert ended.wait(PATIENCE_SECONDS)
    for thread in threading.enumerate():
        if thread.name == "cancelled query":
            thread.join(PATIENCE_SECONDS)  # Were the query not held until now, this process would have been aborted.


def test_a_fault_of_the_engine_is_one_sentence():
    with pytest.raises(ApplicationError, match="The engine for tables failed: boom") as caught, engine_errors():
        raise pl.exceptions.PanicException("boom")
    assert not caught.value.retryable
