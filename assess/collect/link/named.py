"""What a job runs from elsewhere, read by its name and by what it is handed: all that this repository says of it.

Only a name or a value with a verb in it says that something changes. What has none stays what it is: a gap that widens.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from assess.collect.link.chains import Reached, Walk
from assess.collect.link.places import normal
from assess.model.fact import ANY_TOOL, Command, Procedure
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
_DEPLOYS = frozenset({"deploy", "deploys", "deployment", "rollout"})
_TO = frozenset(
    """helm chart charts k s kubernetes kubectl kustomize app apps application service to env envs environment environments build and
    release dev development test tests staging stage preprod prod production live v cd ci""".split()  # noqa: SIM905
) | _SAYS_NOTHING  # fmt: skip
"""Words beside *deploy* that leave it what the repository delivers; any other one may name something else: pages, a function."""
_LESS = frozenset({"plan", "validate", "check", "lint", "preview", "diff", "dry-run", "dryrun"})
_OPEN = re.compile(r"\$\{\{.{0,400}?\}\}|\$\([^)]{0,400}\)|\$\{[^}]{0,400}\}|\$\w+")


def named_for(entry: Procedure, walk: Walk, places: Collection[str]) -> Iterator[Reached]:
    """What a job's calls of what is not here do, where their names say so: to release, to deploy, to apply with Terraform.

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


_CHECKS = frozenset(
    """scan scans scanning lint linting test tests testing verify validate check checks codeql snyk trivy owasp veracode sonar
    sonarqube coverage label labeler labels stale spellcheck""".split()  # noqa: SIM905
)


def only_checks(name: str) -> bool:
    """Whether the name of what is run elsewhere says that it judges something, and nothing that changes anything or names a
    tool that might: a scheduled check with Terraform may look for drift."""
    words = _words(name)
    changes = _ACTS | _DEPLOYS | _TOOLS.keys() | {"release", "publish", "sync", "drift", "promote", "update", "infra", "infrastructure"}
    return bool(words & _CHECKS) and not words & changes


def _words(name: str) -> frozenset[str]:
    """The words of the last part of a name, without a version and the ending of a file."""
    last = _last(name)
    return frozenset(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", _ENDING.sub("", last)).lower()))


def _last(name: str) -> str:
    whole = name.rpartition(" ")[2] if name.startswith("@Library") else name.partition("@")[0]
    return whole.rpartition("/")[2].strip()


def _meaning(name: str) -> tuple[str, str, bool] | None:
    """What something does and with which tool, by its name, and whether the name says so: one with a tool and no verb may."""
    last, words = _last(name), _words(name)
    tool = next((tool for tool in sorted(_TOOLS, reverse=True) if tool in words), "")
    if tool and (words & _ACTS or words <= {tool, *_SAYS_NOTHING}):
        return (*_TOOLS[tool], bool(words & _ACTS))
    if words & _DEPLOYS and words <= _DEPLOYS | _TO:
        return "deploy", ANY_TOOL, True
    return ("release", "", True) if _RELEASES.search(last) else None


def _works_in(values: Collection[str], places: Collection[str]) -> list[str]:
    """The directories that what is handed over names: one of them, one that an open part of it may mean, or all below it."""
    patterns = {normal(_OPEN.sub("*", re.sub(rf"^(?:{_OPEN.pattern})/", "", value))) for value in values if "/" in value}
    found = [p for p in places if any(fnmatchcase(p, one) or within(p, one) for one in patterns if one.strip("*/."))]
    return sorted(found) or [ELSEWHERE]
