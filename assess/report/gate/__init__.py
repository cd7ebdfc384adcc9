"""A gate's result in one of the formats: one renderer a file, pure."""
