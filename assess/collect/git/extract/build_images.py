"""Images that things are built from and checked in: bases of Dockerfiles, containers of pipelines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.docker import DOCKERFILE, dockerfile
from assess.collect.git.extract.image_names import image_name
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import BuildImage, Dockerfile, Fact
from assess.model.gap import Gap
from assess.spec.document import Document, DocumentError

MAX_NODES = 20_000


def bases(file: File) -> Iterator[Fact | Gap | Part]:
    """The bases of a Dockerfile. Source: https://docs.docker.com/reference/dockerfile/#from"""
    for found in dockerfile(file):
        for base in found.base if isinstance(found, Dockerfile) else ():
            offset = file.content.find(base.encode())
            if fact := _image(file, base, file.line_of(offset) if offset >= 0 else found.at.line, "base", "dockerfile"):  # type: ignore[union-attr]
                yield fact


def pipeline(file: File) -> Iterator[Fact | Gap | Part]:
    """The containers that a pipeline's jobs run in, each image once.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontainer,
    https://docs.gitlab.com/ci/yaml/#image, https://circleci.com/docs/configuration-reference/#docker
    """
    try:
        documents = file.documents()
    except DocumentError:
        return
    seen: set[str] = set()
    for document in documents:
        for reference in _named(document):
            offset = file.content.find(reference.encode())
            if reference not in seen and (
                fact := _image(file, reference, file.line_of(offset) if offset >= 0 else document.start, "pipeline")
            ):
                seen.add(reference)
                yield fact


def _named(document: Document) -> Iterator[str]:
    """The images below `image`, `container`, `services` and `uses: docker://`; those of a virtual machine are none."""
    stack: list[tuple[str, Any]] = [("", document.value)]
    count = 0
    while stack and count < MAX_NODES:
        key, node = stack.pop()
        count += 1
        if isinstance(node, str):
            if key in ("image", "container") or (key == "uses" and node.startswith("docker://")):
                yield node
        elif isinstance(node, dict):
            if key == "image" and isinstance(node.get("name"), str):
                yield node["name"]
            stack += [(str(name), item) for name, item in node.items() if name not in _NO_IMAGES]
        elif isinstance(node, list):
            stack += [("image" if key in ("docker", "services") and isinstance(item, str) else "", item) for item in node]


_NO_IMAGES = {"machine", "pool", "env", "variables", "with", "parameters", "inputs", "matrix"}
"""Below these, `image` is a virtual machine's, or a value that is handed on."""


def _image(file: File, reference: str, line: int, use: str, tool: str = "") -> BuildImage | None:
    parts = image_name(reference)
    if parts is None:
        return None
    return BuildImage(at=file.at(line), tool=tool, path=file.path, use=use, image=parts.image, registry=parts.registry, pin=parts.pin)


BASES = Extractor(
    name="dockerfile-bases",
    run=bases,
    suffixes=DOCKERFILE.suffixes,
    prefixes=DOCKERFILE.prefixes,
    places=DOCKERFILE.places,
    within=DOCKERFILE.within,
    marks=DOCKERFILE.marks,
)
PIPELINE_IMAGES = Extractor(
    name="pipeline-images", run=pipeline, suffixes=(".yml", ".yaml"), words=(b"image:", b"container:", b"docker://", b"services:"),
    places=("/workflows/", "/.gitlab", "/.circleci/", "/bitbucket-pipelines", "/azure-pipelines", "/.woodpecker", "/.drone", "/.buildkite/"),
    within=re.compile(
        r"^\.(?:github|gitea|forgejo)/workflows/[^/]+$|(?:^|/)\.gitlab-ci[\w.-]*\.ya?ml$|^\.gitlab/.+|^\.circleci/[^/]+$"
        r"|(?:^|/)bitbucket-pipelines\.ya?ml$|(?:^|/)azure-pipelines[\w.-]*\.ya?ml$|^\.woodpecker|(?:^|/)\.drone\.ya?ml$|^\.buildkite/"
    ),
)  # fmt: skip
