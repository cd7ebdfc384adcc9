"""Argo CD: applications, generators, and applications nested in Helm values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from posixpath import dirname
from typing import Any

from assess.collect.git.extract.objects import Object, clean_url, dig, items, mapping, resolved, text, unresolved
from assess.collect.git.extract.templated import PLACEHOLDER, STAR, starred
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, GitOpsSource
from assess.model.gap import Gap
from assess.model.target import Location
from assess.spec.document import Document, DocumentError

Path = tuple[str | int, ...]
_EXPRESSION = re.compile(r"\{\{[^{}]{0,300}\}\}|" + PLACEHOLDER)
_LOCAL = "cnoe://"
_MAX_PATHS = 50
_MAX_NESTING = 5


def argo(found: Object) -> Iterator[Fact]:
    """The source behind an Application, ApplicationSet; nothing for what delivers nothing."""
    spec = mapping(found.value, "spec")
    if found.kind == "Application":
        yield _fact(found, spec, found.name, _Generated(), ("spec",), found.at())
    elif found.kind == "ApplicationSet":
        yield _application_set(found, spec, found.name, ("spec",), found.at())


@dataclass(slots=True)
class _Generated:
    """What generators offer a template: directories and files of Git as globs, and given values."""

    directories: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    elements: list[dict[str, Any]] = field(default_factory=list)
    repository: str = ""


def _application_set(found: Object, spec: dict[str, Any], name: str, where: Path, at: Location) -> GitOpsSource:
    generated = _Generated()
    _generators(items(spec, "generators"), generated, _MAX_NESTING)
    return _fact(found, mapping(spec, "template", "spec"), name, generated, (*where, "template", "spec"), at,
                 "ApplicationSet", patched="automated" in text(spec, "templatePatch"))  # fmt: skip


def _generators(generators: list[Any], into: _Generated, depth: int) -> None:
    for generator in generators:
        git = mapping(generator, "git")
        into.repository = into.repository or text(git, "repoURL") or _proposals(mapping(generator, "pullRequest"))
        into.directories += _included(items(git, "directories"))
        into.files += _included(items(git, "files"))
        into.elements += [e for e in items(generator, "list", "elements") if isinstance(e, dict)]
        for kind in ("clusters", "git", "list", "scmProvider", "pullRequest", "plugin"):
            if values := mapping(generator, kind, "values"):
                into.elements.append({"values": values})
        for kind in ("matrix", "merge"):
            if depth:
                _generators(items(generator, kind, "generators"), into, depth - 1)


def _proposals(generator: dict[str, Any]) -> str:
    """The repository whose proposals a generator lists: what the template's address then means."""
    for kind, home in (("github", "https://github.com"), ("gitea", ""), ("gitlab", "https://gitlab.com")):
        given = mapping(generator, kind)
        host = text(given, "api").rstrip("/").removesuffix("/api/v3") or home
        name = text(given, "project") if kind == "gitlab" else f"{text(given, 'owner')}/{text(given, 'repo')}"
        if host and "/" in name.strip("/") and "*" not in name:
            return f"{host}/{name}"
    return ""


def _included(entries: list[Any]) -> list[str]:
    return [path for entry in entries if dig(entry, "exclude") is not True and (path := text(entry, "path"))]


def _fact(
    found: Object, spec: dict[str, Any], name: str, generated: _Generated, where: Path, at: Location,
    kind: str = "Application", patched: bool = False,
) -> GitOpsSource:  # fmt: skip
    sources = _sources(spec)
    main = next((s for key in ("path", "chart", "repoURL") for s in sources if text(s, key)), {})
    chart = next((text(s, "chart") for s in sources if text(s, "chart")), "")
    automated, self_heal = (None, None) if patched else _policy(found, spec, where)
    automated = automated if automated is not False else _promoted(found, where)
    local = any(text(s, "repoURL").startswith(_LOCAL) for s in sources)
    return GitOpsSource(
        at=at, tool="argocd", path=found.file.path, object_kind=kind, name=_star(name), automated=automated,
        self_heal=self_heal, source="" if local else _repository(text(main, "repoURL"), generated),
        delivers=_delivers(found.file.directory, sources, generated),
        chart=_star(_told(chart, generated)), revision=_star(text(main, "targetRevision")),
    )  # fmt: skip


_VALUE = re.compile(r"\{\{-?\s*\.?([\w.-]{1,200})\s*-?\}\}")


def _told(written: str, generated: _Generated) -> str:
    """What an expression stands for where the generators say one thing only; else as written."""
    if not (name := _VALUE.fullmatch(written.strip())):
        return written
    found = {value for element in generated.elements if isinstance(value := dig(element, *name[1].split(".")), str)}
    return found.pop() if len(found) == 1 else written


def _sources(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources that deliver: one, several, or the dry source of a hydrator; a `ref` without a path only lends values."""
    several = [s for s in items(spec, "sources") if isinstance(s, dict)]
    dry = mapping(spec, "sourceHydrator", "drySource")
    given = several or [s for s in (mapping(spec, "source"), dry) if s]
    return [s for s in given if text(s, "path") or text(s, "chart") or not text(s, "ref")]


def _policy(found: Object, spec: dict[str, Any], where: Path) -> tuple[bool | None, bool | None]:
    """Whether it syncs by itself and repairs drift; None where a template decides.

    `enabled: false` and a null `automated` switch it off, `{}` switches it on.
    Source: https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/
    """
    policy = spec.get("syncPolicy")
    if found.templated and (not spec or isinstance(policy, str) or ("syncPolicy" in spec and policy is None)):
        return None, None
    if not isinstance(policy, dict):
        return (None, None) if isinstance(policy, str) else (False, False)
    automated = policy.get("automated")
    if isinstance(automated, str) or ("automated" in policy and found.templated and automated is None):
        return None, None
    if not isinstance(automated, dict):
        return False, False
    if found.conditional(*where, "syncPolicy", "automated"):
        return None, None
    enabled, heal = _switch(automated.get("enabled"), True), _switch(automated.get("selfHeal"), False)
    return enabled, heal if enabled else enabled


def _promoted(found: Object, where: Path) -> bool:
    """Whether a stage of Kargo may sync it: what the stage has put into Git is then synced by it, not by a person.

    Source: https://docs.kargo.io/user-guide/reference-docs/promotion-steps/argocd-update
    """
    return bool(text(found.value, *where[:-1], "metadata", "annotations", "kargo.akuity.io/authorized-stage"))


def _switch(value: Any, absent: bool) -> bool | None:
    if value is None:
        return absent
    return value if isinstance(value, bool) else None


def _star(value: str) -> str:
    return _EXPRESSION.sub(STAR, value)


def _repository(url: str, generated: _Generated) -> str:
    url = clean_url(url)
    if _star(url) == STAR and generated.repository:
        url = clean_url(generated.repository)
    return _star(url)


def _delivers(directory: str, sources: list[dict[str, Any]], generated: _Generated) -> tuple[str, ...]:
    """The paths that the sources name, with what generators put in; a path of which nothing is known is left out.

    `cnoe://DIRECTORY` is relative to the file itself. Source: https://cnoe.io/docs/idpbuilder/overview
    """
    found: dict[str, None] = {}
    for source in sources:
        path, url = dig(source, "path"), text(source, "repoURL")
        base = resolved(directory, url.removeprefix(_LOCAL)) if url.startswith(_LOCAL) else "."
        if isinstance(path, str):
            for one in _expand(path, generated):
                found[resolved(base, one)] = None
        elif not text(source, "chart") and url:
            found[base] = None
    return tuple(found)


def _expand(path: str, generated: _Generated) -> Iterator[str]:
    expressions = _EXPRESSION.findall(path)
    if not expressions:
        yield resolved(".", starred(path))
        return
    globs = [*generated.directories, *(dirname(f) or "." for f in generated.files)] or [""]
    elements = generated.elements or [{}]
    for glob, element in islice(product(globs, elements), _MAX_PATHS):
        known = False
        written = path
        for expression in expressions:
            value = _value(expression, glob, element, path == expression)
            known = known or value not in ("", STAR) or (value == STAR == glob)
            written = written.replace(expression, value or STAR)
        if known or not unresolved(written):
            yield resolved(".", written)


def _value(expression: str, glob: str, element: dict[str, Any], alone: bool) -> str:
    """What an expression stands for; empty where that is not known."""
    if expression == PLACEHOLDER:  # a template in a template: what else than the generator's path would it be
        return glob if alone else ""
    inner = expression.strip("{} -").removeprefix(".")
    if inner in ("path", "path.path"):
        return glob
    if glob and inner.startswith(("path.basename", "path.filename")):
        return glob.rpartition("/")[2]
    if glob and (at := re.search(r"^path\.segments\[(\d{1,3})\]|^path\[(\d{1,3})\]|^index \.path\.segments (\d{1,3})$", inner)):
        segments = glob.split("/")
        position = int(at[1] or at[2] or at[3])
        return segments[position] if position < len(segments) else STAR
    return text(element, inner) or text(element, *inner.split(".")) or text(element, "values", *inner.split(".")[1:])


# --- applications in Helm values ---------------------------------------------------------------------------------

_HOLDERS = {"applications": "Application", "applicationsets": "ApplicationSet", "applicationSets": "ApplicationSet",
            "additionalApplications": "Application", "additionalApplicationSets": "ApplicationSet"}  # fmt: skip


def values(file: File) -> Iterator[Fact | Gap | Part]:
    """The applications that Helm values hand to the argocd-apps chart, or a chart like it.

    Source: https://github.com/argoproj/argo-helm/tree/main/charts/argocd-apps
    """
    try:
        documents = file.documents()
    except DocumentError:
        return
    for document in documents:
        if isinstance(document.value, dict) and not ("apiVersion" in document.value and "kind" in document.value):
            yield from _nested(file, document, document.value, ())


def _nested(file: File, document: Document, value: Any, where: Path) -> Iterator[Fact]:
    if not isinstance(value, dict) or len(where) > _MAX_NESTING:
        return
    for key, child in value.items():
        if key in _HOLDERS:
            for name, spec, index in _named(child):
                yield from _nested_one(file, document, spec, name, (*where, key, index), _HOLDERS[key])
        else:
            yield from _nested(file, document, child, (*where, key))


def _named(holder: Any) -> Iterator[tuple[str, dict[str, Any], str | int]]:
    """Name, specification and key of each entry, whether they are written as a mapping or as a list."""
    if isinstance(holder, dict):
        yield from ((text(v, "name") or str(k), v, k) for k, v in holder.items() if isinstance(v, dict))
    elif isinstance(holder, list):
        yield from ((text(v, "name") or text(v, "metadata", "name"), v, i) for i, v in enumerate(holder) if isinstance(v, dict))


def _nested_one(file: File, document: Document, spec: dict[str, Any], name: str, where: Path, kind: str) -> Iterator[Fact]:
    if isinstance(spec.get("spec"), dict):
        spec, where = spec["spec"], (*where, "spec")
    found = Object(file, document, spec)
    if kind == "ApplicationSet" and items(spec, "generators") and mapping(spec, "template"):
        yield _application_set(found, spec, name, where, file.at(document.line(*where)))
    elif kind == "Application" and any(text(s, "repoURL") for s in _sources(spec)):
        yield _fact(found, spec, name, _Generated(), where, file.at(document.line(*where)))


ARGO_VALUES = Extractor(
    name="argo-values", run=values, suffixes=(".yaml", ".yml"),
    words=(b"applications:", b"applicationsets:", b"applicationSets:", b"additionalApplication"),
    marks=re.compile(rb"(?m)^[ \t]*(?:applications|application[sS]ets|additionalApplications|additionalApplicationSets):"), by_line=True,
)  # fmt: skip
