"""Images that run in operation: of Kubernetes objects, values of charts, kustomizations, Compose, ECS and Terraform."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assess.collect.git.extract.image_names import image_name, is_expression, pin_of, registry_of
from assess.collect.git.extract.objects import Object, dig, items, mapping, text
from assess.collect.git.extract.terraform import TerraformFile
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.hcl import IMAGE, RUNS_IMAGES
from assess.model.fact import BuildImage, Fact, WorkloadImage
from assess.model.gap import Gap
from assess.model.target import Location

MAX_NODES = 20_000
"""Values that are looked at in one document; a larger one is data."""


@dataclass(frozen=True, slots=True)
class NamedImage(Part):
    """An image that a file names. bare: its tag may be given elsewhere."""

    fact: WorkloadImage
    bare: bool = False


@dataclass(frozen=True, slots=True)
class GivenTag(Part):
    """The name of an image that a kustomization or a builder puts a tag to, wherever a manifest names it."""

    name: str


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """Each image once a file; one that a kustomization or a builder gives its tag to is told there, not where it is bare."""
    parts = list(parts)
    given = {part.name for part in parts if isinstance(part, GivenTag)}
    seen: set[tuple[str, str | None, str | None]] = set()
    for part in parts:
        if isinstance(part, NamedImage):
            fact = part.fact
            key = (fact.path, fact.image, fact.pin)
            if key not in seen and not (part.bare and fact.image in given):
                seen.add(key)
                yield fact
        elif isinstance(part, TerraformFile):
            yield from _terraform(part)


# --- objects of a cluster -----------------------------------------------------------------------------------------

_LISTS = ("containers", "initContainers", "ephemeralContainers")
_STEPS = ("steps", "sidecars")
_SINGLE = ("container", "script", "stepTemplate")
_HOLDERS = frozenset((*_LISTS, *_STEPS, *_SINGLE))


def object_images(found: Object) -> Iterator[Part | Fact]:
    """The images of the containers of an object, and of the steps of a pipeline; of values that it hands to a chart."""
    if b"image" not in found.file.content or found.kind in ("CustomResourceDefinition", "Kustomization"):
        return
    pipeline = found.group.endswith("tekton.dev") or found.group == "argoproj.io"
    for key, reference in _references(found.value):
        parts = image_name(reference)
        if parts is None or (found.templated and not parts.image and not parts.pin):  # the chart's values name it
            continue
        at = _line(found.file, reference, found.at)
        if pipeline and key not in _LISTS:
            yield BuildImage(at=at, path=found.file.path, use="pipeline", image=parts.image, registry=parts.registry, pin=parts.pin)
        else:
            yield _named(found.file, at, parts.image, parts.registry, parts.pin)
    yield from _values(found.file, found.value, found.at())


def _line(file: File, reference: str, at: Any) -> Location:
    """The line that names an image; where its object starts, where the text does not stand there as it is."""
    offset = file.content.find(reference.encode())
    return file.at(file.line_of(offset)) if offset >= 0 else at()


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """The images of all containers and steps below a value, each with the key that its list stands under."""
    stack, count = [value], 0
    while stack and count < MAX_NODES:
        node = stack.pop()
        count += 1
        if isinstance(node, list):
            stack += reversed(node)
        elif isinstance(node, dict):
            if not _HOLDERS.isdisjoint(node):
                yield from _held(node)
            stack += [item for item in reversed(node.values()) if isinstance(item, dict | list)]


def _held(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The images of the containers and steps that a mapping lists."""
    for key in (*_LISTS, *_STEPS):
        for container in items(node, key):
            if reference := text(container, "image"):
                yield key, reference
    for key in _SINGLE:
        if reference := text(node, key, "image"):
            yield key, reference


def _named(file: File, at: Location, image: str | None, registry: str | None, pin: str | None, tool: str = "") -> NamedImage:
    fact = WorkloadImage(at=at, tool=tool, path=file.path, image=image, registry=registry, pin=pin)
    return NamedImage(file.path, fact, bare=pin in ("none", "latest", None) or not registry or registry == "docker.io")


# --- values, kustomizations, Compose, ECS -------------------------------------------------------------------------


def values(file: File) -> Iterator[Fact | Gap | Part]:
    """The images of a file of values: `image: {repository, tag, digest}`.

    Source: https://helm.sh/docs/chart_best_practices/values/, https://github.com/helm/helm/blob/main/pkg/chart/v2/util/create.go
    """
    for document in file.parsed():
        if isinstance(document.value, dict) and not (text(document.value, "apiVersion") and text(document.value, "kind")):
            yield from _values(file, document.value, file.at(document.start))


def _values(file: File, value: Any, at: Location) -> Iterator[Part]:
    """The images of values below a value. An empty tag is the chart's own version: nothing here says which."""
    stack: list[tuple[str, Any]] = [("", value)]
    count = 0
    while stack and count < MAX_NODES:
        key, node = stack.pop()
        count += 1
        if isinstance(node, list):
            stack += [(key, item) for item in node if isinstance(item, dict | list)]
        elif isinstance(node, dict):
            if key.lower().endswith("image") and ({"tag", "digest", "sha"} & node.keys()) and not mapping(node, "tag"):
                yield _valued(file, node, at)
            else:
                stack += [(str(name), item) for name, item in node.items() if isinstance(item, dict | list)]


def _valued(file: File, node: dict[str, Any], at: Location) -> NamedImage:
    repository, host, tag = text(node, "repository") or text(node, "name"), text(node, "registry"), text(node, "tag")
    digest = text(node, "digest") or text(node, "sha")
    name = f"{host}/{repository}" if host and repository else repository
    known = bool(name) and not is_expression(name)
    line = _line(file, tag, lambda: at) if len(tag) > 3 else _line(file, repository, lambda: at) if repository else at
    pin = pin_of(tag, digest) if tag or digest else None
    return _named(file, line, name if known else None, registry_of(name) if known else None, pin)


def kustomized(file: File) -> Iterator[Fact | Gap | Part]:
    """The images that a kustomization gives a name, tag or digest.

    Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
    """
    for document in file.parsed()[:1]:
        for index, image in enumerate(items(document.value, "images")):
            tag, digest = text(image, "newTag"), text(image, "digest")
            if not (name := text(image, "name")):
                continue
            yield GivenTag(file.path, name.partition("@")[0])
            if tag or digest:
                parts = image_name(text(image, "newName") or name)
                at = file.at(document.line("images", index))
                yield _named(file, at, parts and parts.image, parts and parts.registry, pin_of(tag, digest), "kustomize")


def skaffolded(file: File) -> Iterator[Fact | Gap | Part]:
    """The images that Skaffold builds, and names by what it built. Source: https://skaffold.dev/docs/taggers/"""
    for document in file.parsed():
        for artifact in items(document.value, "build", "artifacts"):
            if name := text(artifact, "image"):
                yield GivenTag(file.path, name)


_DEVELOPMENT = re.compile(r"(?i)[._-](?:override|dev|devel|development|local|test|tests|testing|ci|debug|e2e|build)\b")
_MOUNTED = re.compile(r"\A\.{1,2}/?:")


def composed(file: File) -> Iterator[Fact | Gap | Part]:
    """The images of a Compose file: in operation, or for development where its name says so or it builds and mounts the sources.

    Source: https://docs.docker.com/reference/compose-file/services/#image
    """
    for document in file.parsed()[:1]:
        services = mapping(document.value, "services")
        develops = bool(_DEVELOPMENT.search(file.name)) or any(_develops(service) for service in services.values())
        for name, service in services.items():
            reference = text(service, "image")
            parts = image_name(reference) if reference and dig(service, "build") is None else None
            if parts and develops:
                at = file.at(document.line("services", name, "image"))
                yield BuildImage(at=at, path=file.path, use="development", image=parts.image, registry=parts.registry, pin=parts.pin)
            elif parts:
                yield _named(file, file.at(document.line("services", name, "image")), parts.image, parts.registry, parts.pin, "compose")


def _develops(service: Any) -> bool:
    mounts = (volume for volume in items(service, "volumes") if isinstance(volume, str))
    return dig(service, "build") is not None or any(_MOUNTED.match(volume) for volume in mounts)


def task_definition(file: File) -> Iterator[Fact | Gap | Part]:
    """The images of a task definition of ECS, in JSON or CloudFormation.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
    """
    for found in _CONTAINER_DEFINITIONS.finditer(file.text):
        for image in re.finditer(r"[\"']?\b[Ii]mage[\"']?[ \t]*:[ \t]*[\"']?([\w./:@-]{1,300})[\"']?[ \t]{0,20}(?:[,}\r\n#]|\Z)", found[0]):
            if parts := image_name(image[1]):
                line = file.text.count("\n", 0, found.start() + image.start(1)) + 1
                yield _named(file, file.at(line), parts.image, parts.registry, parts.pin, "ecs")


_CONTAINER_DEFINITIONS = re.compile(r"[cC]ontainerDefinitions[\"']?[ \t]*:[\s\S]{0,20000}")


# --- Terraform ----------------------------------------------------------------------------------------------------


def _terraform(file: TerraformFile) -> Iterator[WorkloadImage]:
    """The images that resources of Terraform run; a reference to another value is unknown."""
    for block in file.blocks:
        if block.kind != "resource" or not block.labels or not RUNS_IMAGES.fullmatch(block.labels[0]):
            continue
        for found in IMAGE.finditer(block.text):
            if parts := image_name(found[1]):
                at = Location(target=file.at.target, path=file.at.path, line=block.line + block.text.count("\n", 0, found.start(1)))
                yield WorkloadImage(at=at, path=file.path, image=parts.image, registry=parts.registry, pin=parts.pin)


_YAML = (".yaml", ".yml")
VALUES = Extractor(
    name="values-images", run=values, suffixes=_YAML, words=(b"mage:",),
    marks=re.compile(rb"mage:(?<=[iI]mage:)[ \t]{0,9}(?:(?:#[^\n]{0,200})?\r?\n(?:[ \t]*(?:#[^\n]*|\w+:[^\n]*)?\r?\n){0,12}?[ \t]*(?:tag|digest|sha):"
                     rb"|\{[^}\n]{0,300}?\b(?:tag|digest):)"),
)  # fmt: skip
KUSTOMIZE_IMAGES = Extractor(
    name="kustomize-images",
    run=kustomized,
    names=frozenset({"kustomization.yaml", "kustomization.yml", "kustomization"}),
    words=(b"images:",),
)
SKAFFOLD_IMAGES = Extractor(
    name="skaffold-images",
    run=skaffolded,
    suffixes=_YAML,
    words=(b"skaffold/",),
    marks=re.compile(rb"(?m)^apiVersion:[ \t]*[\"']?skaffold/"),
)
COMPOSE_IMAGES = Extractor(
    name="compose-images",
    run=composed,
    suffixes=_YAML,
    places=("compose",),
    within=re.compile(r"(^|/)(docker-)?compose([._-][\w.-]+)?\.ya?ml$"),
    words=(b"image",),
)
TASK_DEFINITION = Extractor(
    name="task-definition", run=task_definition, suffixes=(*_YAML, ".json", ".template"), words=(b"ontainerDefinitions",)
)
