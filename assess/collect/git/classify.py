"""Which trees count as use: documentation, tests, examples, vendored, generated and template trees do not.

By path alone, so that what does not count is never read. A row of `_ROLES` is a role with the directory names that
say so; the outermost one decides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatch
from functools import lru_cache
from posixpath import basename
from typing import TYPE_CHECKING

from assess.model.target import Location

if TYPE_CHECKING:
    from assess.model.fact import SetAside

_ROLES: dict[str, tuple[str, str]] = {
    "documentation": ("doc docs documentation website wiki guide guides adr rfc rfcs", "named as documentation"),
    "test": (
        "test tests testing testdata testdata2 test-data test_data __tests__ e2e e2e-tests integration_tests integration-tests "
        "integration-test functional-tests unittests fixtures fixture __fixtures__ testcases test-cases mocks molecule "
        ".kyverno-test .chainsaw-test __data__ conformance smoke-tests acceptance-tests test-infra",
        "named as tests or their fixtures",
    ),
    "example": (
        "example examples sample samples tutorial tutorials exercise exercises solutions challenges lessons snippets playground quickstart quickstarts "
        "cookbook demo-apps example-usage usage-example usage-examples example-usages",
        "named as examples",
    ),
    "vendored": (
        "vendor vendored third_party third-party thirdparty node_modules bower_components cue.mod .terraform site-packages .yarn",
        "code of others, copied in",
    ),
    "generated": ("generated __generated__ .generated dist", "written by a generator"),
    "skeleton": ("skeleton skeletons __template__ cookiecutters scaffold-template", "content of a template for new projects"),
    "archive": ("archive archived .archive attic retired _archive deprecated", "put away"),
}
_BY_NAME = {name: role for role, (names, _) in _ROLES.items() for name in names.split()}
_ENVIRONMENTS = {"prod", "production", "prd", "dev", "development", "stage", "staging", "stg", "qa", "uat", "preprod", "live", "sandbox"}
_AMONG = {"env", "envs", "environment", "environments", "stages", "stage", "live", "clusters", "overlays", "accounts"}
"""Directories that list environments: `test` in one of them is an environment."""
_ENVIRONMENT_TEST = re.compile(r"test((?:-.*)?)")
_PACKAGE = re.compile(r"/src/(main|test)/(java|kotlin|scala|groovy|resources)/")
"""Below it, directories are packages of a program: `org/springframework/samples` is a name, not a sample."""
_TEMPLATED = re.compile(r"\{\{|\$\{|<%|%%|^\{%")
_OPERATIONAL = (".tf", ".tofu", ".bicep", ".hcl", ".pp", ".sls", ".nix", ".yaml", ".yml", ".sh", ".ps1", ".k", ".jsonnet", "jenkinsfile")
_EXAMPLE = re.compile(r"(?i)(?:^|/)[\w.-]*[\w](?:[._-](?:example|sample)s?)\.(?:tf|bicep|ya?ml|json|sh|ps1|hcl|k|jsonnet|nomad)$")
"""A file whose name ends with what it is: `cluster-example.bicep`, `values.sample.yaml`."""
_CASE = re.compile(r"(^|/)(test_[\w.-]+|(good|bad)[-_]?resources?)\.ya?ml$")
"""What a policy or a program is tried with; `test-eu.yaml` and `values-test.yaml` are environments."""
_PROGRAM = re.compile(r"(^|/)(go\.mod|setup\.py|pyproject\.toml|package\.json|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|[^/]+\.csproj)$")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the paths of a repository say together; with it, each of them is classified without looking at the others.

    off: roles that say nothing here.
    """

    environments: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()

    def kept(self) -> list[list[str]]:
        """The signs as plain values."""
        return [sorted(getattr(self, field.name)) for field in fields(self)]

    @classmethod
    def of(cls, kept: list[list[str]]) -> Signs:
        """The signs from plain values. Errors: TypeError, ValueError where these are none."""
        if len(kept) != len(fields(cls)) or not all(isinstance(name, str) for names in kept for name in names):
            raise ValueError("no signs")
        return cls(*map(frozenset, kept))


class Classification:
    """The role of every path of one repository; an empty role means that it counts as use."""

    def __init__(self, label: str, paths: Iterable[str], use: Iterable[str] = (), exclude: Mapping[str, str] | None = None) -> None:
        self._label, self._use, self._exclude = label, tuple(use), dict(exclude or {})
        paths = list(paths)
        directories = {path.rpartition("/")[0] for path in paths}
        self.signs = Signs(_environment_tests(directories), _template_content(paths), _cases(paths))
        self._aside: dict[tuple[str, str], int] = Counter()
        self.used: list[str] = []
        """The paths that were asked for and count as use, in the order asked."""
        self._role_of = lru_cache(maxsize=None)(self._directory_role)
        if any(self._role_of(directory)[0] == "example" for directory in directories) and self._examples_are_the_content(paths):
            self.signs = replace(self.signs, off=frozenset({"example"}))
            self._role_of.cache_clear()

    @classmethod
    def by(
        cls, label: str, signs: Signs, use: Iterable[str] = (), exclude: Mapping[str, str] | None = None, used: Iterable[str] = ()
    ) -> Classification:
        """The classification of paths that were looked at before. used: those that counted as use."""
        made = cls(label, (), use, exclude)
        made.signs, made.used = signs, list(used)
        made._role_of.cache_clear()
        return made

    @classmethod
    def near(cls, label: str, paths: Iterable[str], use: Iterable[str] = (), exclude: Mapping[str, str] | None = None) -> Classification:
        """The classification of the files of some directories by what lies in those and above them.

        Whether examples are the content of the repository is not asked: all paths say that.
        """
        names = list(paths)
        directories = {path.rpartition("/")[0] for path in names}
        return cls.by(label, Signs(_environment_tests(directories), _template_content(names), _cases(names)), use, exclude)

    def role(self, path: str) -> str:
        """The role of a file; counts what is set aside, so ask once a file."""
        role, root = self._whole(path)
        if role:
            self._aside[(role, root)] += 1
        else:
            self.used.append(path)
        return role

    def counts(self, path: str) -> bool:
        """Whether a path counts as use, also one that is not in the tree; counts nothing."""
        return not self._whole(path)[0]

    def _whole(self, path: str) -> tuple[str, str]:
        """The role of a file and what it hangs on: what the estate file says, else its directories, else its own name."""
        if said := self._named(path):
            return said
        role, root = self._role_of(path.rpartition("/")[0])
        named = "" if role else self._by_own_name(path)
        return (named, path) if named else (role, root)

    def _by_own_name(self, path: str) -> str:
        if "ample" in path and "example" not in self.signs.off and _EXAMPLE.search(path):
            return "example"
        return "test" if ("test_" in path or "resource" in path) and _CASE.search(path) else ""

    def set_aside(self) -> list[SetAside]:
        """One fact for each tree that was set aside, by path."""
        from assess.model.fact import SetAside  # the kinds of facts are loaded for a fact: a gate needs none

        return [
            SetAside(
                at=Location(target=self._label, path=_fixed(root) if role == "excluded" else root), role=role, path=root, files=count,
                reason=self._exclude.get(root) or _ROLES.get(role, ("", role))[1],
            )
            for (role, root), count in sorted(self._aside.items(), key=lambda item: item[0][1])
        ]  # fmt: skip

    def _named(self, path: str) -> tuple[str, str] | None:
        """What the estate file says of a path."""
        if not self._exclude and not self._use:
            return None
        for pattern in self._exclude:
            if covers(pattern, path):
                return "excluded", pattern
        return ("", "") if self.said(path) else None

    def said(self, path: str) -> bool:
        """Whether the estate file says that a path counts as use."""
        return any(covers(pattern, path) for pattern in self._use)

    def _directory_role(self, directory: str) -> tuple[str, str]:
        if not directory:
            return "", ""
        parent, _, name = directory.rpartition("/")
        role, root = self._role_of(parent)
        if role:
            return role, root
        return self._name_role(name, parent, directory), directory

    def _name_role(self, name: str, parent: str, directory: str) -> str:
        if _PACKAGE.search(f"/{parent}/"):
            return ""
        if _TEMPLATED.search(name) or directory in self.signs.templates:
            return "skeleton"
        if directory in self.signs.cases:
            return "test"
        role = _named_so(name.lower())
        if role == "test" and (directory in self.signs.environments or basename(parent).lower() in _AMONG):
            return ""
        if name == "charts" and "/charts/" in f"/{parent}/":
            return "vendored"
        return "" if role in self.signs.off else role

    def _examples_are_the_content(self, paths: list[str]) -> bool:
        """Whether examples are all that a repository holds: then they are its content, not a side of it."""
        if any("/" not in path and _PROGRAM.search(path) for path in paths):
            return False
        texts = sum(path.lower().endswith((".md", ".mdx", ".rst", ".adoc")) for path in paths)
        roles = Counter(
            (self._named(p) or self._role_of(p.rpartition("/")[0]))[0]
            for p in paths if not p.startswith(".") and p.lower().endswith(_OPERATIONAL)
        )  # fmt: skip
        return roles["example"] > texts and roles[""] <= roles["example"] // 20


def covers(pattern: str, path: str) -> bool:
    """Whether a pattern of the estate file covers a path; a directory covers what is below it."""
    return fnmatch(path, pattern) or path.startswith(f"{pattern.rstrip('/')}/")


def _fixed(pattern: str) -> str:
    """The longest directory of a glob that is no pattern itself: a place that a person can open."""
    parts = pattern.split("/")
    first = next((i for i, part in enumerate(parts) if re.search(r"[*?\[]", part)), len(parts))
    return "/".join(parts[:first])


def _named_so(name: str) -> str:
    """The role that a directory's name says, a leading dot or underscore aside; `test-cluster` and `api-tests` are tests."""
    bare = name.lstrip("._")
    if bare.startswith(("test-", "tests-")) or bare.endswith(("-tests", "_tests")):
        return "test"
    affixed = bare.endswith(("-examples", "_examples"))
    return _BY_NAME.get(name) or _BY_NAME.get(bare) or ("example" if affixed else "")


def _cases(paths: list[str]) -> frozenset[str]:
    """The directories of what charts are tried with.

    Source: https://github.com/helm/chart-testing/blob/main/doc/ct_install.md
    """
    charts = (path for path in paths if path.endswith("Chart.yaml") and basename(path) == "Chart.yaml")
    return frozenset(f"{path.rpartition('/')[0]}/ci".lstrip("/") for path in charts)


def _environment_tests(directories: set[str]) -> frozenset[str]:
    """The directories named for tests that are one environment among others: `test` beside `prod`, `test-eu` beside `prod-eu`."""
    if not any("test" in directory.lower() for directory in directories):
        return frozenset()
    children: dict[str, set[str]] = defaultdict(set)
    for directory in directories - {""}:
        parts = directory.split("/")
        for depth, name in enumerate(parts):
            children["/".join(parts[:depth])].add(name)
    return frozenset(
        f"{parent}/{name}" if parent else name
        for parent, names in children.items() for name in names
        if (found := _ENVIRONMENT_TEST.fullmatch(name.lower())) and {f"{e}{found[1]}" for e in _ENVIRONMENTS} & {n.lower() for n in names}
    )  # fmt: skip


def _template_content(paths: list[str]) -> frozenset[str]:
    """The directories beside a scaffolder's own file that hold what it copies.

    Inside a program's `src/`, `template/` is a package of it, unless names in it are templates themselves.
    """
    scaffolders = ("template.yaml", "template.yml", "cookiecutter.json", "copier.yml")
    owners = {path.rpartition("/")[0] for path in paths if path.endswith(scaffolders) and basename(path) in scaffolders}
    names = ("content", "skeleton", "contents", "template", "templates", "root")
    found = {f"{owner}/{name}" if owner else name for owner in owners for name in names} - owners
    inside = {d for d in found if "src" in d.split("/")}
    templated = {path for path in paths if _TEMPLATED.search(path)} if inside else set()
    return frozenset(d for d in found if d not in inside or any(path.startswith(f"{d}/") for path in templated))
