"""Child processes: each execution runs in a process of its own, prepared before it is needed."""
