"""Child processes: each execution runs in one of its own, made ready before it is needed."""
