"""A shell's state while its text is read: where it stands, what its loops run over, what its variables hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from assess.collect.git.expressions import asks, each, is_plain, names, rows_of
from assess.model.fact import Call, Command

_FOR = re.compile(r"(?:do\s+|then\s+|\(\s*)*for\s+([A-Za-z_]\w*)\s+in\s+(.+)", re.S)
_LOOP = re.compile(r"(?:do\s+|then\s+|\(\s*)*(?:while|until|select|for)\b")
_DONE = re.compile(r"\(?\s*done\b")
_BRANCH = re.compile(r"(?:do\s+|else\s+|then\s+|\(\s*)*(?:if|case)\b")
_END = re.compile(r"(?:fi|esac)\b")
_SET = re.compile(r"(?:(?:export|readonly|local|declare(?:\s+-\w+)*)\s+|then\s+|else\s+|do\s+)*([A-Za-z_]\w*)=(.*)", re.S)
_LENIENT = re.compile(r"set\s+(?:\+e|\+o\s+errexit)\b")
_STRICT = re.compile(r"set\s+(?:-\w*e|-o\s+errexit)\b")
_NOTED = re.compile(r"\(|(?:do|then|else|for|while|until|select|done|if|case|fi|esac|set)\b")
"""How a part begins that one of the patterns above may fit; but for a variable that is set, which has a `=`."""
_Found = TypeVar("_Found", Command, Call)


class Shell:
    """One shell, told of each simple command before (`enter`) and after (`leave`) it is read."""

    def __init__(self, directory: str) -> None:
        self.where = directory
        self.lenient = False
        """After `set +e`: no command's failure ends the text."""
        self._values: dict[str, list[str]] = {}
        self._loops: list[str] = []
        self._branches = 0
        self._open: list[str | None] = []
        """For each parenthesis that is open, the directory to come back to; None for one that opens no shell."""

    def enter(self, part: str) -> None:
        """Take note of what a part opens: a subshell, a loop, a branch, a variable."""
        part = part.strip()
        if "(" in part:
            bare = re.sub(r"^(?:do|then|else|if|!|\{)\s+", "", part)
            leads = len(bare) - len(bare.lstrip("( "))
            lead = bare[:leads].count("(") if not bare.startswith("((") else 0
            self._open += [self.where] * lead + [None] * (part.count("(") - lead)
        if "=" not in part and not _NOTED.match(part):
            return
        if found := _FOR.match(part):
            words = found[2].split()
            values = [word.strip("\"'") for word in words]
            self._loops.append(found[1])
            self._values[found[1]] = values if all(map(is_plain, values)) else []
        elif _LOOP.match(part):
            self._loops.append("")
        elif _DONE.match(part) and self._loops:
            self._values.pop(self._loops.pop(), None)
        elif "=" in part and (setting := _SET.match(part)):
            self._assign(setting[1], setting[2].strip())
        self._branch(part)

    def _branch(self, part: str) -> None:
        if _BRANCH.match(part):
            self._branches += 1
        elif _END.match(part):
            self._branches = max(0, self._branches - 1)
        elif part.startswith("set "):
            self.lenient = bool(_LENIENT.match(part)) or (self.lenient and not _STRICT.match(part))

    def _assign(self, name: str, text: str) -> None:
        """A variable set to a word holds it from here on; set in a branch, it may; set to anything else, it is open."""
        value = text.strip("\"'")
        if not is_plain(value):
            if not re.match(r"\S+\s+\S", text) or self._values.get(name):  # `A=b command` sets it for that command only
                self._values[name] = []
        elif name in self._values and (self._branches or not self._values[name]):
            if self._values[name] and value not in self._values[name]:
                self._values[name].append(value)
        else:
            self._values[name] = [value] if not self._branches else []

    def leave(self, part: str) -> None:
        """Close what a part closes; a subshell's end leads back to where it began."""
        for _ in range(part.count(")") if self._open else 0):
            back = self._open.pop() if self._open else None
            self.where = back if back is not None else self.where

    def each(self, found: Sequence[_Found]) -> Sequence[_Found]:
        """Commands or calls, once for each value of the variables in their paths."""
        if not self._values or not any(one.written or (isinstance(one, Call) and one.given) for one in found):
            return found
        asked = {name for one in found for name in names(asks(one)) if self._values.get(name)}
        return list(each(found, rows_of({name: self._values[name] for name in sorted(asked)}))) if asked else found
