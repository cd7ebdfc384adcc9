"""What a repository is for; what it only documents or ships as its own software does not count as use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from posixpath import basename, splitext

from assess.collect.git.repository import Repository as GitRepository
from assess.model.fact import (
    CustomApi,
    Definition,
    Fact,
    GitOpsSource,
    HelmChart,
    Kustomization,
    Manifest,
    PipelineJob,
    Procedure,
    Repository,
    SetAside,
    TerraformModule,
    TerraformRoot,
    ToolMarker,
)
from assess.model.target import Location

_LANGUAGES = {
    ".go": "go", ".py": "python", ".java": "java", ".kt": "kotlin", ".ts": "typescript", ".tsx": "typescript", ".js": "javascript",
    ".jsx": "javascript", ".rb": "ruby", ".rs": "rust", ".c": "c", ".cc": "c++", ".cpp": "c++", ".cs": "c#", ".php": "php",
    ".scala": "scala", ".swift": "swift", ".ex": "elixir", ".hs": "haskell",
}  # fmt: skip
_TEXTS = {".md", ".mdx", ".rst", ".adoc", ".asciidoc", ".txt", ".org", ".tex"}
_OPERATIONS = {".tf", ".tofu", ".tfvars", ".hcl", ".bicep", ".pp", ".sls", ".nix", ".yaml", ".yml", ".sh", ".bash", ".ps1", ".j2", ".tpl",
               ".k", ".jsonnet", ".libsonnet", ".cue", ".rego", ".sentinel", ".toml", ".erb"}  # fmt: skip
_PROGRAM = {"go.mod", "setup.py", "pyproject.toml", "package.json", "cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "gemfile", "composer.json"}
_SITE = {"docusaurus.config.js", "docusaurus.config.ts", "mkdocs.yml", "book.toml", "_config.yml", "antora.yml", "conf.py"}
_SEMVER = re.compile(r"^(?:.*[-/@])?v?\d+\.\d+\.\d+$")
_DELIVERABLE = (Manifest, Kustomization, HelmChart, Definition, TerraformRoot, TerraformModule, GitOpsSource, CustomApi)
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


def weigh(repository: GitRepository, paths: list[str], facts: list[Fact]) -> tuple[list[Fact], list[SetAside]]:
    """The facts that count as use with one `Repository` fact, and what was set aside for the repository's purpose."""
    purpose, reason, languages = _purpose(paths, facts)
    whole = Repository(
        at=Location(target=repository.label), files=len(paths), purpose=purpose, reason=reason, languages=languages,
        last_commit=repository.committed_at.date().isoformat(),
    )  # fmt: skip
    dropped = [fact for fact in facts if _is_beside_the_purpose(fact, purpose, facts)]
    gone = {id(fact) for fact in dropped}
    return [whole, *(fact for fact in facts if id(fact) not in gone)], _aside(repository.label, purpose, reason, dropped)


def _purpose(paths: list[str], facts: list[Fact]) -> tuple[str, str, tuple[str, ...]]:
    own = [p for p in paths if not p.startswith((".github/", ".gitlab/"))]
    suffixes = Counter(splitext(p)[1].lower() for p in own)
    languages = Counter({lang: sum(n for s, n in suffixes.items() if _LANGUAGES.get(s) == lang) for lang in set(_LANGUAGES.values())})
    texts = sum(n for s, n in suffixes.items() if s in _TEXTS) + sum(basename(p).upper() in ("README", "LICENSE", "NOTICE") for p in own)
    program = sum(languages.values())
    operations = sum(n for s, n in suffixes.items() if s in _OPERATIONS)
    known = tuple(lang for lang, count in languages.most_common(3) if count)
    names = {basename(p).lower() for p in own if p.count("/") <= 1}
    policies = sum(isinstance(f, ToolMarker) and f.category == "policy" for f in facts)
    if policies >= 20 and policies >= 0.5 * (operations or 1):
        return "policy", f"{policies} files are policies: a library that others load", known
    if texts > program + operations or (names & _SITE and texts * 2 > program + operations):
        return "documentation", f"{texts} of {len(own)} files are text", known
    if names & _PROGRAM and program > operations:
        return "software", f"{program} of {len(own)} files are {known[0] if known else 'program'} source", known
    return "operations" if operations else "", f"{operations} of {len(own)} files are infrastructure, configuration or scripts", known


def _is_beside_the_purpose(fact: Fact, purpose: str, facts: list[Fact]) -> bool:
    match purpose:
        case "documentation" | "policy":
            return isinstance(fact, _DELIVERABLE) or (isinstance(fact, Procedure) and fact.form in ("script", "target"))
        case "software":
            return _is_own_install_bundle(fact, facts) or (isinstance(fact, Procedure) and fact.form == "script")
    return False


def _is_own_install_bundle(fact: Fact, facts: list[Fact]) -> bool:
    """Whether a Kubernetes fact is what a program ships for its users: it releases itself, and no job deploys it."""
    if not isinstance(fact, Manifest | Kustomization | CustomApi):
        return False
    jobs = [f for f in facts if isinstance(f, Procedure) and f.form in ("job", "action")]
    releases = any(c.does in _RELEASES for job in jobs for c in job.commands)
    return releases and not any(isinstance(f, GitOpsSource | PipelineJob) for f in facts)


def _aside(label: str, purpose: str, reason: str, dropped: list[Fact]) -> list[SetAside]:
    role = "own-source" if purpose == "software" else purpose
    roots = Counter(fact.at.path.partition("/")[0] for fact in dropped)
    return [
        SetAside(at=Location(target=label, path=root), role=role, path=root, files=count, reason=f"the repository is {purpose}: {reason}")
        for root, count in sorted(roots.items())
    ]
