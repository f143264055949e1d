"""Alembic's entry: renders the migrations as SQL. It never connects; `exekra.hub.core.migrate` runs the SQL."""

from __future__ import annotations

from alembic import context

context.configure(
    dialect_name="postgresql",
    dialect_opts={"paramstyle": "named"},  # otherwise a percent sign in a migration would be doubled
    output_buffer=context.config.output_buffer,
)
with context.begin_transaction():
    context.run_migrations()
