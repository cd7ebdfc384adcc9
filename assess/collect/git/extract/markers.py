"""Tools that are known by a file of their own and that no other fact speaks of; owners from CODEOWNERS.

Add a tool by adding a row: (pattern over the path, tool, category, pattern the content must have).
A list of what to ignore does not prove that the tool runs, so `.trivyignore` and its like are not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, Ownership, ToolMarker
from assess.model.gap import Gap

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    (r"(^|/)\.tflint\.hcl$", "tflint", "policy", ""),
    (r"(^|/)\.?trivy\.ya?ml$", "trivy", "policy", r"(?m)^\w"),
    (r"(^|/)\.?releaserc(\.(json|ya?ml|js|cjs|mjs))?$|(^|/)release\.config\.(js|cjs|mjs|ts)$", "semantic-release", "packaging",
     ""),
    (r"(^|/)\.?release-please-(config|manifest)\.json$|(^|/)\.github/release-please\.ya?ml$", "release-please", "packaging",
     ""),
    (r"(^|/)\.?checkov(-config)?\.ya?ml$", "checkov", "policy", ""),
    (r"(^|/)\.semgrep(\.ya?ml|/.+\.ya?ml)$", "semgrep", "policy", r"(?m)^[ \t]*rules\s*:"),
    (r"(^|/)\.?tfsec/.+\.ya?ml$|(^|/)\.tfsec(-config)?\.(ya?ml|json)$", "tfsec", "policy", ""),
    (r"(^|/)\.yor(\.config)?\.ya?ml$", "yor", "policy", ""),
    (r"(^|/)\.?terrascan(-config)?\.toml$", "terrascan", "policy", ""),
    (r"(^|/)secrets\.nix$", "agenix", "secrets", r"publicKeys"),
    (r"(^|/)cr\.ya?ml$", "chart-releaser", "packaging", r"(?m)^(owner|git-repo|charts-repo)"),
    (r"^(GNU)?[Mm]akefile$", "make", "scripting", r"(?m)^[\w.%/-]+[ \t]*:(?!=)"),
    (r"^\.?[Tt]askfile(\.dist)?\.ya?ml$", "task", "scripting", r"(?m)^(tasks|includes)[ \t]*:"),
    (r"^app-config(\.\w+)?\.ya?ml$", "backstage", "portal", r"(?m)^(catalog|scaffolder|techdocs)[ \t]*:"),
    (r"(^|/)dagger\.json$", "dagger", "ci", r'"engineVersion"'),
    (r"(^|/)appspec\.ya?ml$", "codedeploy", "ci", r"(?m)^(hooks|Resources|files)\s*:"),
)  # fmt: skip
_TABLE = [(re.compile(path), tool, category, re.compile(content.encode())) for path, tool, category, content in _ROWS]
MARKED = frozenset(tool for _, tool, _, _ in _ROWS)
"""The tools that these rows know."""


def markers(file: File) -> Iterator[Fact | Gap | Part]:
    """A marker for the tool whose file this is."""
    for path, tool, category, content in _TABLE:
        if path.search(file.path) and (found := content.search(file.content)):
            line = file.line_of(found.start()) if found.group() else 1
            yield ToolMarker(at=file.at(line), tool=tool, category=category)
            return


def codeowners(file: File) -> Iterator[Fact | Gap | Part]:
    """Who owns what: one fact for each pattern and owner. Later lines win over earlier ones, as they stand; one without an
    owner takes what it names out, or in a section of GitLab's means the section's own.

    Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners,
    https://docs.gitlab.com/user/project/codeowners/reference/
    """
    section: list[str] = []
    for number, raw in enumerate(file.text.split("\n")[:20_000], 1):
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        if not line or line.startswith(("[", "^[")):
            section = _people(line.rpartition("]")[2].split()) if line else section
            continue
        pattern, *owners = re.sub(r"\\ ", "\0", line).split()
        if people := _people(owners) or ([] if owners else section or [""]):
            for owner in people:
                yield Ownership(at=file.at(number), path=_glob(pattern.replace("\0", " ")), owner=owner, by="codeowners")


def _people(words: list[str]) -> list[str]:
    return [word for word in words if word.startswith("@") or "@" in word[1:]]


def _glob(pattern: str) -> str:
    """A CODEOWNERS pattern as a glob from the root: `*` alone is everything, a directory is all below it."""
    if pattern == "/*":
        return pattern
    if pattern in ("*", "**", "/", "/**"):
        return "**"
    anchored = pattern.lstrip("/")
    if not pattern.startswith("/") and "/" not in pattern.rstrip("/"):
        anchored = f"**/{anchored}"
    return f"{anchored}**" if anchored.endswith("/") else anchored


MARKERS = Extractor(
    name="markers", run=markers,
    prefixes=(
        ".tflint.hcl", "trivy.y", ".trivy.y", "releaserc", ".releaserc", "release.config.", "release-please",
        ".release-please", "checkov", ".checkov", ".semgrep", "tfsec", ".tfsec", ".yor", "terrascan", ".terrascan", "secrets.nix",
        "cr.y", "appspec.y", "dagger.json", "makefile", "gnumakefile", "taskfile.", "app-config.",
    ),
    within=re.compile(
        r"(^|/)(\.tflint\.hcl|\.?trivy\.ya?ml|\.?releaserc[^/]*|release\.config\.\w+|\.?release-please[^/]*|\.?checkov[^/]*"
        r"|\.semgrep[^/]*|\.?tfsec[^/]*|\.yor[^/]*|\.?terrascan[^/]*"
        r"|secrets\.nix|cr\.ya?ml|appspec\.ya?ml|dagger\.json)(/[^/]+)?$|^(?:(?:GNU)?[Mm]akefile$|\.?[Tt]askfile\.|app-config\.)"
    ),
)  # fmt: skip
CODEOWNERS = Extractor(
    name="codeowners",
    run=codeowners,
    names=frozenset({"codeowners"}),
    places=("/codeowners",),
    within=re.compile(r"^(\.github/|\.gitlab/|docs/|\.gitea/)?CODEOWNERS$"),
)
