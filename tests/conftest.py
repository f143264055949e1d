"""What every test may ask for: `postgres`, `database_url` and `empty_database_url` (see exekra.testing.postgres)."""

pytest_plugins = ["exekra.testing.postgres"]
