"""The program as people and pipelines run it: the installed console script in a process of its own."""
