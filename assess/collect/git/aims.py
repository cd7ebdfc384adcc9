"""What a repository is for, by the suffixes of its files and by its facts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from posixpath import basename

from assess.model.fact import Fact, GitOpsSource, Kustomization, PolicyGuard, PolicyTest, Procedure

_LANGUAGES = {
    ".go": "go", ".py": "python", ".java": "java", ".kt": "kotlin", ".ts": "typescript", ".tsx": "typescript", ".js": "javascript",
    ".jsx": "javascript", ".rb": "ruby", ".rs": "rust", ".c": "c", ".cc": "c++", ".cpp": "c++", ".cs": "c#", ".php": "php",
    ".scala": "scala", ".swift": "swift", ".ex": "elixir", ".hs": "haskell",
}  # fmt: skip
_TEXTS = {".md", ".mdx", ".rst", ".adoc", ".asciidoc", ".txt", ".org", ".tex"}
OPERATIONS = {".tf", ".tofu", ".tfvars", ".hcl", ".bicep", ".pp", ".sls", ".nix", ".yaml", ".yml", ".sh", ".bash", ".ps1", ".j2", ".tpl",
               ".k", ".jsonnet", ".libsonnet", ".cue", ".rego", ".sentinel", ".toml", ".erb"}  # fmt: skip
_PROGRAM = {
    "go.mod",
    "setup.py",
    "pyproject.toml",
    "package.json",
    "cargo.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "gemfile",
    "composer.json",
}
SITE = {"docusaurus.config.js", "docusaurus.config.ts", "mkdocs.yml", "book.toml", "_config.yml", "antora.yml", "conf.py"}
_DATA = {".json", ".csv", ".xml", ".ndjson", ".tsv", ".parquet", ".sql"}
_MEDIA = frozenset(
    """.png .jpg .jpeg .gif .svg .webp .ico .pdf .drawio .puml .mmd .css .scss .html .htm .mp4 .pptx .docx .xlsx .woff .woff2
    .ttf""".split()  # noqa: SIM905
)
"""What stands beside a text."""
_BESIDE_A_POLICY = re.compile(r"(?i)^(?:suite|kustomization|artifacthub-pkg|sync)\.ya?ml$|test|example|sample")


def aim(paths: list[str], facts: list[Fact]) -> tuple[str, str, tuple[str, ...]]:
    """The purpose (operations, software, documentation, policy, catalog, or none), the reason, and the languages."""
    own = [p for p in paths if not (p.startswith(".") and "/" in p)]  # settings, pipelines and notes of tools, not what it is for
    suffixes = Counter(map(_suffix, own))
    languages = Counter(
        {lang: sum(n for s, n in suffixes.items() if _LANGUAGES.get(s) == lang) for lang in sorted(set(_LANGUAGES.values()))}
    )
    texts = sum(n for s, n in suffixes.items() if s in _TEXTS) + sum(basename(p).upper() in ("README", "LICENSE", "NOTICE") for p in own)
    program = sum(languages.values())
    operations = sum(n for s, n in suffixes.items() if s in OPERATIONS)
    known = tuple(lang for lang, count in languages.most_common(3) if count)
    rest = len(own) - texts - program - operations - sum(n for s, n in suffixes.items() if s in _DATA or s in _MEDIA)
    names = {basename(p).lower() for p in own if p.count("/") <= 1}
    policies, served = _policies(own, facts)
    if policies >= 20 and policies + served >= 0.5 * (operations or 1):
        return "policy", f"{policies} files are policies: a library that others load", known
    data = sum(n for s, n in suffixes.items() if s in _DATA)
    if data > 10 * (program + operations + 1):
        return "catalog", f"{data} of {len(own)} files are data", known
    if (offered := _offered(facts)) >= 20:
        return "catalog", f"{offered} directories offer bases and overlays, and nothing here puts them to use", known
    if (texts >= 5 and texts > program + operations and texts > rest) or (names & SITE and texts >= 5 and texts * 2 > program + operations):
        return "documentation", f"{texts} of {len(own)} files are text", known
    if names & _PROGRAM and program >= 20 and program * 3 > operations:
        return "software", f"{program} of {len(own)} files are {known[0] if known else 'program'} source", known
    return "operations" if operations else "", f"{operations} of {len(own)} files are infrastructure, configuration or scripts", known


def _policies(paths: list[str], facts: list[Fact]) -> tuple[int, int]:
    """How many policies there are, and how many files only serve one: its samples, suite and build, in or below its directory.

    Nothing is counted as serving where a GitOps object delivers from here: then the policies are put to use among the rest.
    """
    markers = [f.at.path for f in facts if isinstance(f, PolicyGuard | PolicyTest) and getattr(f, "where", "") != "commit"]
    found = set(markers)
    homes = {path.rpartition("/")[0] for path in found} - {""}
    if any(isinstance(f, GitOpsSource) for f in facts):
        return len(markers), 0
    beside = (path for path in paths if path not in found and _suffix(path) in OPERATIONS)
    return len(markers), sum(_serves(path, homes) for path in beside) if homes else 0


def _suffix(path: str) -> str:
    """What follows the last dot of a file's name, with it, in lower case; as `splitext`, at a third of its time."""
    start, dot = path.rfind("/") + 1, path.rfind(".")
    return path[dot:].lower() if dot > start and path[start:dot].strip(".") else ""


def _serves(path: str, homes: set[str]) -> bool:
    directory, _, name = path.rpartition("/")
    if directory in homes:
        return bool(_BESIDE_A_POLICY.search(name))
    parts = directory.split("/")
    return any("/".join(parts[:depth]) in homes for depth in range(1, len(parts)))


def _offered(facts: list[Fact]) -> int:
    """How many top directories hold Kustomize builds, where no GitOps object and no deploying command uses any."""
    if any(isinstance(f, GitOpsSource) for f in facts):
        return 0
    if any(c.does == "deploy" for f in facts if isinstance(f, Procedure) and f.form == "job" for c in f.commands):
        return 0
    return len({f.path.partition("/")[0] for f in facts if isinstance(f, Kustomization) and "/" in f.path})
