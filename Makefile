# Each command is one line over bootstrap.py, which needs nothing but Python 3.11.
PYTHON ?= python3
ARGUMENTS ?=

COMMANDS := run test coverage setup check web bench bench-peers new-activity contract docs screenshots lock
.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) bootstrap.py --help

$(COMMANDS):
	@$(PYTHON) bootstrap.py $@ $(ARGUMENTS)
