"""The parts of the check that `exekra.flow.check` puts together, a module a kind of fault."""
