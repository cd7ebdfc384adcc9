"""Developer portals: Backstage apps and what is in their catalogs, and the files of other portals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname
from typing import Any

from assess.collect.git.extract.objects import Object, clean_url, dig, items, mapping, text, words
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import CatalogEntity, Fact, Portal, SoftwareTemplate, ToolMarker
from assess.model.gap import Gap
from assess.model.target import Location
from assess.spec.document import DocumentError

_ENTITIES = {"Component", "System", "API", "Resource", "Location", "Group", "User", "Domain"}
_NOBODY = {"guest", "guests", "development/guest", "unknown", "todo", "tbd", "nobody", "none"}
_ONLY_PREPARES = re.compile(r"(fetch|debug|fs):|catalog:(fetch|write)|roadiehq:utils:|.*:(fetch|parse|wait)\b")


@dataclass(frozen=True, slots=True)
class AppPart(Part):
    """One sign of a Backstage app. root: the app's directory. has: config, code, scaffolder, or deployed, which needs no other."""

    root: str
    has: str
    at: Location


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """The Backstage apps, one for each directory that has both configuration and code of one, or manifests that deploy one."""
    seen = [part for part in parts if isinstance(part, AppPart)]
    code = {part.root for part in seen if part.has == "code"}
    scaffolders = {part.root for part in seen if part.has == "scaffolder"}
    done: set[str] = set()
    for part in sorted(seen, key=lambda part: part.path):
        ready = part.has == "deployed" or (part.has == "config" and part.root in code)
        if ready and part.root not in done:
            done.add(part.root)
            yield Portal(at=part.at, tool="backstage", path=part.root, product="backstage", scaffolder=part.root in scaffolders)


def app(file: File) -> Iterator[Fact | Gap | Part]:
    """The signs of a Backstage app. Source: https://backstage.io/docs/conf/"""
    if file.name == "package.json":
        if re.search(rb'"@backstage/[\w-]+"[ \t]*:', file.content):
            root = dirname(dirname(file.directory)) or "."
            yield AppPart(file.path, root, "code", file.at(1))
            if re.search(rb'"@backstage/plugin-scaffolder(?:-backend)?"[ \t]*:', file.content):
                yield AppPart(file.path, root, "scaffolder", file.at(1))
        return
    if file.name == "backstage.json":
        yield AppPart(file.path, file.directory, "code", file.at(1))
        return
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "Portal", under=file.directory)
        return
    for document in documents[:1]:
        if key := next((k for k in ("app", "backend", "catalog") if mapping(document.value, k)), ""):
            yield AppPart(file.path, file.directory, "config", file.at(document.line(key)))


def workload_portal(found: Object) -> Iterator[Part]:
    """A Backstage that is deployed by plain manifests: its configuration in a ConfigMap, or its image."""
    if found.kind in ("ConfigMap", "Secret"):
        data = {**mapping(found.value, "data"), **mapping(found.value, "stringData")}
        if any(re.fullmatch(r"app-config[\w.-]*\.yaml", str(key)) for key in data):
            yield _portal(found)
    elif found.kind in ("Deployment", "StatefulSet"):
        containers = items(found.value, "spec", "template", "spec", "containers")
        if any(re.search(r"(^|[/-])(backstage|rhdh|red-hat-developer-hub)[\w-]{0,200}(:|@|$)", text(c, "image")) for c in containers):
            yield _portal(found)


def deployed_portal(found: Object) -> Iterator[Part]:
    """A Backstage that an operator runs. Source: https://github.com/redhat-developer/rhdh-operator"""
    if found.kind == "Backstage":
        yield _portal(found)


def _portal(found: Object) -> AppPart:
    return AppPart(found.file.path, found.file.directory, "deployed", found.at())


def entity(found: Object) -> Iterator[Fact]:
    """A template or an entry of a Backstage catalog.

    Source: https://backstage.io/docs/features/software-catalog/descriptor-format
    """
    if found.kind == "Template":
        yield _template(found)
    elif found.kind in _ENTITIES and found.group == "backstage.io":
        yield CatalogEntity(
            at=found.at(), tool="backstage-catalog", path=found.file.path, entity_kind=found.kind, name=found.name,
            owner=_owner(text(found.value, "spec", "owner")),
            from_template=text(found.value, "metadata", "annotations", "backstage.io/source-template"),
            namespace=text(found.value, "metadata", "namespace") or "default", source=_source(found),
            depends_on=tuple(dict.fromkeys(one for key in _NEEDS for one in words(found.value, "spec", key))),
        )  # fmt: skip


_NEEDS = ("dependsOn", "consumesApis", "subcomponentOf")
_SLUGS = (("github.com/project-slug", "https://github.com/"), ("gitlab.com/project-slug", "https://gitlab.com/"),
          ("bitbucket.org/project-slug", "https://bitbucket.org/"))  # fmt: skip


def _source(found: Object) -> str:
    """The place that an entity's annotations name: an address, with the directory in it where one is written.

    Source: https://backstage.io/docs/features/software-catalog/well-known-annotations
    """
    annotations = mapping(found.value, "metadata", "annotations")
    if located := text(annotations, "backstage.io/source-location"):
        return clean_url(located.removeprefix("url:")) if "://" in located else ""
    return next((clean_url(host + slug) for key, host in _SLUGS if (slug := text(annotations, key).strip("/"))), "")


def _template(found: Object) -> SoftwareTemplate:
    """A template; it acts where one of its steps does more than prepare files.

    Source: https://backstage.io/docs/features/software-templates/builtin-actions
    """
    actions = [text(step, "action") for step in items(found.value, "spec", "steps")]
    actions = list(dict.fromkeys(action for action in actions if action))
    return SoftwareTemplate(
        at=found.at(), tool="backstage-templates", path=found.file.directory, name=found.name, actions=tuple(actions),
        acts=any(not _ONLY_PREPARES.match(action) for action in actions),
    )  # fmt: skip


def _owner(written: str) -> str:
    """An owner without kind and default namespace: `group:default/team-a` is `team-a`; empty for guests and the unknown."""
    owner = re.sub(r"^(?:(?:group|user):)?(?:default/)?", "", written)
    return "" if owner.lower() in _NOBODY else owner


def other(file: File) -> Iterator[Fact | Gap | Part]:
    """An entry of another portal's catalog: Port, Cortex, OpsLevel, Compass, by the shape that each asks for."""
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "CatalogEntity", under=file.directory)
        return
    for document in documents:
        values = document.value if isinstance(document.value, list) else [document.value]
        for index, value in enumerate(values):
            if (found := _other(value)) and isinstance(value, dict):
                tool, kind, name, owner = found
                line = document.line(index) if isinstance(document.value, list) else document.start
                yield CatalogEntity(at=file.at(line), tool=tool, path=file.path, entity_kind=kind, name=name, owner=owner)


def _other(value: Any) -> tuple[str, str, str, str] | None:
    """Tool, kind, name and owner of an entry."""
    if text(value, "identifier") and text(value, "blueprint"):
        return "port", text(value, "blueprint"), text(value, "identifier"), text(value, "team")
    if text(value, "info", "x-cortex-tag"):
        owners = items(value, "info", "x-cortex-owners")
        return "cortex", text(value, "info", "x-cortex-type") or "service", text(value, "info", "x-cortex-tag"), \
            text(owners, 0, "name")  # fmt: skip
    for kind in ("service", "component", "repository"):
        if mapping(value, kind) and dig(value, "version") is not None:
            return "opslevel", kind, text(value, kind, "name"), text(value, kind, "owner")
    if text(value, "typeId") and text(value, "name"):
        return "compass", text(value, "typeId").lower(), text(value, "name"), text(value, "ownerId")
    return None


def port_folder(file: File) -> Iterator[Fact | Gap | Part]:
    """What Port reads from `.port/`: its actions, and a marker for the rest.

    Source: https://docs.port.io/actions-and-automations/create-self-service-experiences/
    """
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "SoftwareTemplate", under=file.directory)
        return
    values = [v for d in documents for v in (d.value if isinstance(d.value, list) else [d.value])]
    for value in values:
        method = dig(value, "invocationMethod")
        kinds = [text(m, "type") for m in (method if isinstance(method, list) else [method]) if text(m, "type")]
        asked = text(value, "trigger", "type") == "self-service" or text(value, "trigger") in ("CREATE", "DAY-2", "DELETE")
        if text(value, "identifier") and kinds and asked:
            yield SoftwareTemplate(
                at=file.at(1), tool="port", path=file.directory, name=text(value, "identifier"), actions=tuple(kinds),
                acts=any(kind != "UPSERT_ENTITY" for kind in kinds) and dig(value, "publish") is not False,
            )  # fmt: skip
    yield ToolMarker(at=file.at(1), tool="port", category="portal")


BACKSTAGE = Extractor(
    name="backstage", run=app, suffixes=(".yaml", ".json"),
    places=("/app-config", "/backstage.json", "/packages/app/"), within=re.compile(r"(^|/)(app-config[\w.-]*\.yaml|backstage\.json|packages/app/package\.json)$"),
)  # fmt: skip
OTHER_PORTALS = Extractor(
    name="portals", run=other, suffixes=(".yaml", ".yml"), places=("/port.y", "/cortex.y", "/opslevel.y", "/compass.y", "/.cortex/"), within=re.compile(r"(^|/)(port|cortex|opslevel|compass)\.ya?ml$|(^|/)\.cortex/"),
)  # fmt: skip
PORT_FOLDER = Extractor(
    name="port", run=port_folder, suffixes=(".yml", ".yaml", ".json"), places=("/.port/",), within=re.compile(r"(^|/)\.port/"),
)  # fmt: skip
