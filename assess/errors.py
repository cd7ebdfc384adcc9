"""Everything that ends a run early, and the exit codes it ends with."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process ends with, the same for every output format."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERNAL = 4
    INTERRUPTED = 130


EXIT_MEANINGS: dict[ExitCode, str] = {
    ExitCode.PASSED: "Done, and passed. Ordinary gaps do not change this: they widen intervals and are listed.",
    ExitCode.FAILED: "The gate failed, a proof does not hold, generated files drifted (`--check`), or a pack does not check.",
    ExitCode.USAGE: "Wrong arguments, or a configuration file that cannot be used. Nothing was assessed.",
    ExitCode.INCOMPLETE: (
        "Something that was asked for could not be seen: a named target could not be read, the merge base is missing, an "
        "engine failed or answered nothing, or nothing in the repository is read by any policy that was asked (a change "
        "that only touches other files passes, and says so). Never a pass."
    ),
    ExitCode.INTERNAL: "A fault in idp-assess itself. The message says where to report it.",
    ExitCode.INTERRUPTED: "Interrupted (Ctrl-C). No half-written output is left.",
}


class AssessError(Exception):
    """A run that cannot go on: what is wrong, where, and what to do about it."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, what: str, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(what, where, fix)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  {self.fix}" if self.fix else head


class UsageError(AssessError):
    """Wrong arguments or an unusable configuration file."""

    exit_code = ExitCode.USAGE


class ContentError(UsageError):
    """A pack (rules, policies, scaffolds) that cannot be loaded; `what` lists every problem, one a line."""


class IncompleteError(AssessError):
    """What was asked for could not be seen; the result would not be trustworthy."""

    exit_code = ExitCode.INCOMPLETE
