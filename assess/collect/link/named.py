"""What a job runs from elsewhere, read by its name and by what it is handed: all that this repository says of it.

Only a name or a value with a verb in it says that something changes. What has none stays what it is: a gap that widens.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from assess.collect.link.chains import Reached, Walk
from assess.collect.link.places import normal
from assess.model.fact import Command, Procedure
from assess.model.unit import within

ELSEWHERE = "$ELSEWHERE"
"""The path of what works where nobody here can see: it means a unit only where no other could be meant."""
_RELEASES = re.compile(r"(?i)(?:^|[-_/ ])(?:release|publish)(?:[-_./@ ]|$)")
_ENDING = re.compile(r"(?:\.gitlab-ci)?\.(?:ya?ml|groovy)$|\(\)$")
_TOOLS = {
    "terraform": ("apply", "terraform"), "tofu": ("apply", "terraform"), "terragrunt": ("apply", "terragrunt"),
    "pulumi": ("apply", "pulumi"), "ansible": ("configure", "ansible"), "helmfile": ("deploy", "helmfile"),
}  # fmt: skip
_ACTS = frozenset({"apply", "applies", "deploy", "deployment", "provision", "up", "cd"})
_SAYS_NOTHING = frozenset(
    """run runs all pipeline pipelines stage stages step steps job jobs workflow workflows reusable shared common wrapper infra
    infrastructure live latest azure aws gcp""".split()  # noqa: SIM905
)
"""Words beside a tool's name that say neither that it changes something nor that it does less."""
_LESS = frozenset({"plan", "validate", "check", "lint", "preview", "diff", "dry-run", "dryrun"})
_OPEN = re.compile(r"\$\{\{.{0,400}?\}\}|\$\([^)]{0,400}\)|\$\{[^}]{0,400}\}|\$\w+")


def named_for(entry: Procedure, walk: Walk, places: Collection[str]) -> Iterator[Reached]:
    """What a job's calls of what is not here do, where their names say so: to release, to apply with Terraform.

    places: the directories that hold definitions here; a call that is handed some works there, else it is not told where.
    """
    if entry.trigger is None or not entry.trigger.credentials or set(entry.trigger.events) <= {"pull_request", "chat"}:
        return
    for name in sorted(walk.unresolved):
        if not (meant := _meaning(name)):
            continue
        does, tool, sure = meant
        hop = f"{entry.at.path}:{entry.at.line} {entry.form} {entry.name.rpartition('#')[2]}"
        for values in sorted(walk.handed.get(name, {()})):
            if not (sure or _ACTS.intersection(value.lower() for value in values)):
                continue  # a tool's name alone may as well mean that it plans: the call stays a gap
            done = "plan" if does != "release" and any(value.lower() in _LESS for value in values) else does
            for path in _works_in(values, places) if does != "release" else [ELSEWHERE]:
                command = Command(does=done, tool=tool, path=path, line=entry.at.line, text=name[:160], resolved=path != ELSEWHERE)
                yield Reached(command, (hop, f"{entry.at.path}:{entry.at.line} {name[:160]}, by its name"), entry.at.target)


def _meaning(name: str) -> tuple[str, str, bool] | None:
    """What something does and with which tool, by its name, and whether the name says so: one with a tool and no verb may."""
    whole = name.rpartition(" ")[2] if name.startswith("@Library") else name.partition("@")[0]
    last = whole.rpartition("/")[2].strip()
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", _ENDING.sub("", last)).lower()))
    tool = next((tool for tool in sorted(_TOOLS, reverse=True) if tool in words), "")
    if tool and (words & _ACTS or words <= {tool, *_SAYS_NOTHING}):
        return (*_TOOLS[tool], bool(words & _ACTS))
    return ("release", "", True) if _RELEASES.search(last) else None


def _works_in(values: Collection[str], places: Collection[str]) -> list[str]:
    """The directories that what is handed over names: one of them, one that an open part of it may mean, or all below it."""
    patterns = {normal(_OPEN.sub("*", re.sub(rf"^(?:{_OPEN.pattern})/", "", value))) for value in values if "/" in value}
    found = [p for p in places if any(fnmatchcase(p, one) or within(p, one) for one in patterns if one.strip("*/."))]
    return sorted(found) or [ELSEWHERE]
