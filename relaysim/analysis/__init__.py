"""The whole address space, answered exactly."""
