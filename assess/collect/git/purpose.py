"""What a repository is for; what it only documents or ships as its own software does not count as use."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from posixpath import basename, dirname

from assess.collect.git.aims import SITE, aim
from assess.collect.git.classify import Classification
from assess.collect.git.repository import Repository as GitRepository
from assess.model.fact import (
    ApiRequest,
    Certificate,
    CostControl,
    CustomApi,
    Definition,
    DnsRecord,
    Fact,
    GitOpsSource,
    HelmChart,
    HelmRelease,
    Kustomization,
    Manifest,
    ModuleCall,
    PolicyGuard,
    Portal,
    Procedure,
    Repository,
    SetAside,
    SoftwareTemplate,
    Telemetry,
    TerraformModule,
    TerraformRoot,
    ToolMarker,
    WorkloadImage,
)
from assess.model.target import Location
from assess.model.unit import within

_SEMVER = re.compile(r"^(?:.*[-/@])?v?\d+\.\d+\.\d+$")
DELIVERABLE = (
    Manifest, Kustomization, HelmChart, HelmRelease, Definition, TerraformRoot, TerraformModule, ModuleCall, GitOpsSource, CustomApi,
    ApiRequest, SoftwareTemplate, Portal,
)  # fmt: skip
_SUPPLIED = (WorkloadImage, DnsRecord, Certificate, Telemetry, CostControl)
"""What is said beside another fact of the same file, which is what counts as the file."""
_DESTROYS = re.compile(r"\b(?:terraform|tofu)\b.{0,200}\bdestroy\b")
_RELEASES = {"release", "publish"}


def released(facts: Iterable[Fact], tags: Iterable[str]) -> bool:
    """Whether the repository publishes versions: a releasing job or tool, or at least three version tags."""
    if sum(bool(_SEMVER.match(tag)) for tag in tags) >= 3:
        return True
    return any(
        (isinstance(fact, Procedure) and fact.form in ("job", "action") and any(c.does == "release" for c in fact.commands))
        or (isinstance(fact, ToolMarker) and fact.tool in ("semantic-release", "release-please", "chart-releaser"))
        for fact in facts
    )


def weigh(
    repository: GitRepository, files: int, classes: Classification, facts: list[Fact], said: str = ""
) -> tuple[list[Fact], list[SetAside]]:
    """The facts that count as use with one `Repository` fact, and what was set aside for the repository's purpose.

    files: how many the tree holds. classes: what was set aside before. said: the purpose by the estate file, which has the
    last word, as it has on the paths that count as use.
    """
    purpose, reason, languages = aim(classes.used, facts)
    if said:
        purpose, reason = said, "the estate file says so"
    whole = Repository(
        at=Location(target=repository.label), files=files, purpose=purpose, reason=reason, languages=languages,
        last_commit=repository.committed_at.date().isoformat(),
    )  # fmt: skip
    bundle = purpose == "software" and _ships_itself(facts)
    tested = _only_tested(facts)
    charts = purpose != "policy" and publishes_charts(facts) and not (bundle and _serves_an_api(facts))
    tried_out = purpose == "software" and _offers_plugins(facts)
    sites = _sites(classes.used) if purpose == "software" else set()
    dropped = {
        id(fact): fact
        for fact in facts
        if ((tried_out and isinstance(fact, Portal | SoftwareTemplate)) or _is_beside_the_purpose(fact, purpose, bundle, tested, sites))
        and not (charts and isinstance(fact, HelmChart))
        and not classes.said(fact.at.path)
    }
    places = {fact.at.path for fact in dropped.values()}
    kept = [
        fact if classes.said(fact.at.path) else _in_library(fact, purpose)
        for fact in facts
        if id(fact) not in dropped and (classes.said(fact.at.path) or not _goes_with(fact, purpose, places))
    ]
    return [whole, *kept, *_own_tools(purpose, list(dropped.values()))], _aside(repository.label, purpose, reason, list(dropped.values()))


def _goes_with(fact: Fact, purpose: str, places: Collection[str]) -> bool:
    """Whether what a fact says is no more in use than the file that it stands in, or the chart whose values these are."""
    if not isinstance(fact, _SUPPLIED):
        return False
    if purpose in ("documentation", "policy", "catalog"):
        return True
    return fact.path in places or (f"{dirname(fact.path)}/Chart.yaml".lstrip("/") in places)


def _in_library(fact: Fact, purpose: str) -> Fact:
    """The fact itself; a policy that only stands in a library, a catalog or a text guards nothing."""
    offered = purpose in ("policy", "catalog", "documentation")
    return replace(fact, where="library") if offered and isinstance(fact, PolicyGuard) and fact.where in ("admission", "cloud") else fact


def _own_tools(purpose: str, dropped: list[Fact]) -> Iterator[ToolMarker]:
    """The tools that the authors of a program, a library or a catalog build it with, where a good share of it is so built."""
    places: dict[str, list[Fact]] = defaultdict(list)
    for fact in dropped if purpose != "documentation" else ():
        if fact.tool in _BUILT_WITH:
            places[fact.tool].append(fact)
    for tool, facts in places.items():
        if len(facts) * 20 >= len(dropped):
            yield ToolMarker(at=facts[0].at, tool=tool, category="own")


_BUILT_WITH = {"kustomize", "olm", "jsonnet"}


def _only_tested(facts: list[Fact]) -> set[str]:
    """The directories that Terraform is applied in by jobs that destroy them again, and by no other procedure."""
    tested, lasting = set(), set()
    for fact in facts:
        commands = [c for c in fact.commands if c.tool == "terraform" and c.does == "apply"] if isinstance(fact, Procedure) else []
        gone = {c.path for c in commands if _DESTROYS.search(c.text)}
        tested |= gone
        lasting |= {c.path for c in commands} - gone
    return tested - lasting


def _sites(paths: Iterable[str]) -> set[str]:
    """The directories below the root that a documentation site is built from: what hosts the site lies there too."""
    homes = {dirname(dirname(p) if "/.vitepress/" in p else p) for p in paths if "/.vitepress/config." in p or basename(p) in SITE}
    return homes - {""}


_DEVELOPMENT = re.compile(r"(?:^|/)hack/")
"""What developers use on their own machines. Source: https://github.com/kubernetes/kubernetes/blob/master/hack/README.md"""


def _is_beside_the_purpose(fact: Fact, purpose: str, ships_itself: bool, tested: set[str], sites: set[str]) -> bool:
    if isinstance(fact, DELIVERABLE) and _DEVELOPMENT.search(fact.at.path):
        return True
    if purpose == "software" and isinstance(fact, TerraformRoot | ModuleCall) and (fact.path in tested or _inside(fact.path, sites)):
        return True
    match purpose:
        case "documentation" | "policy" | "catalog":
            offered = purpose != "policy" and isinstance(fact, PolicyGuard) and fact.where in ("admission", "cloud", "library")
            return offered or isinstance(fact, DELIVERABLE)
        case "software":
            return ships_itself and _is_shipped(fact)
    return False


def _inside(path: str, homes: Collection[str]) -> bool:
    return any(within(path, home) for home in homes)


def _is_shipped(fact: Fact) -> bool:
    """Kubernetes files in any form: manifests, builds, charts, bundles of Timoni and the like."""
    bundle = isinstance(fact, Definition) and fact.tool in ("timoni", "jsonnet", "kcl", "cue")
    return bundle or isinstance(fact, Manifest | Kustomization | CustomApi | ApiRequest | HelmChart)


def _ships_itself(facts: list[Fact]) -> bool:
    """Whether Kubernetes files are what a program ships for its users: it releases itself or serves an API of its own, and
    no GitOps object delivers it."""
    jobs = [fact for fact in facts if isinstance(fact, Procedure) and fact.form in ("job", "action")]
    releases = any(command.does in _RELEASES for job in jobs for command in job.commands)
    return (releases or _serves_an_api(facts)) and not any(isinstance(fact, GitOpsSource) for fact in facts)


def _serves_an_api(facts: Iterable[Fact]) -> bool:
    """Whether a program brings an API into clusters: an operator, whose chart is the way that its users install it."""
    return any(isinstance(fact, Manifest) and fact.object_kind == "CustomResourceDefinition" for fact in facts)


def _offers_plugins(facts: Iterable[Fact]) -> bool:
    """Whether a program is published as packages of its language and delivered in no other way: a portal among it only tries
    its plugins out."""
    does = {(c.does, c.tool) for f in facts if isinstance(f, Procedure) and f.form in ("job", "action") for c in f.commands}
    packages = any(done == "publish" and tool in ("npm", "yarn", "pnpm", "lerna") for done, tool in does)
    return packages and not any(done in ("deploy", "apply") or (done, tool) == ("publish", "docker") for done, tool in does)


def publishes_charts(facts: Iterable[Fact]) -> bool:
    """Whether some procedure of the repository pushes charts."""
    commands = (command for fact in facts if isinstance(fact, Procedure) for command in fact.commands)
    return any(command.does == "publish" and command.tool in ("helm", "chart-releaser", "cr", "oras") for command in commands)


def _aside(label: str, purpose: str, reason: str, dropped: list[Fact]) -> list[SetAside]:
    role = "own-source" if purpose == "software" else purpose
    roots = Counter(
        ("development", f"{fact.at.path[: found.end() - 1]}")
        if (found := _DEVELOPMENT.search(fact.at.path))
        else (role, fact.at.path.partition("/")[0])
        for fact in dropped
    )
    return [
        SetAside(
            at=Location(target=label, path=root), role=as_, path=root, files=count,
            reason="named as what developers use" if as_ == "development" else f"the repository is {purpose}: {reason}",
        )
        for (as_, root), count in sorted(roots.items(), key=lambda item: item[0][1])
    ]  # fmt: skip
