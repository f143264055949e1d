"""What a query of the engine gives, as the content of a table."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from exekra.sdk.context import Context
from exekra.sdk.table_frame import Frame, stored
from exekra.sdk.table_kinds import Kind


def result_of(context: Context, query: pl.LazyFrame, kinds: Sequence[Kind], *sources: Frame) -> Frame:
    """Run a query; a stop of the step cancels it. Its rows go to a file as they come where a source is in one."""
    return stored(query, kinds, on_disk=any(source.spills for source in sources), check=context.raise_if_stopped)
