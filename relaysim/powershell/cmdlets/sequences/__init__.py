"""Commands about many objects at once: sorting, grouping, measuring, comparing, selecting."""
