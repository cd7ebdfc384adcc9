"""checkov, in a process of its own."""
