"""Infrastructure in the languages of other tools: Packer, Vagrant, Nomad, KCL, Jsonnet, CUE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.extract.definitions import Anchor, Piece
from assess.collect.git.extract.objects import items, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Definition, Fact, ToolMarker
from assess.model.gap import Gap
from assess.spec.document import DocumentError

_COMMENT = re.compile(rb"(?m)^[ \t]*(?:#|//)[^\n]*$")


def _found(file: File, pattern: str) -> int:
    """The line of the first match outside of comments; 0 where there is none."""
    code = _COMMENT.sub(b"", file.content)
    match = re.search(pattern.encode(), code)
    return code.count(b"\n", 0, match.start()) + 1 if match else 0


def packer(file: File) -> Iterator[Fact | Gap | Part]:
    """The image build that a Packer template is part of. Source: https://developer.hashicorp.com/packer/docs/templates"""
    if file.name.endswith(".json"):
        try:
            value = file.documents()[0].value if file.documents() else None
        except DocumentError:
            return
        if any(text(builder, "type") for builder in items(value, "builders")):
            yield Definition(at=file.at(1), tool="packer", path=file.path, form="infrastructure")
    elif line := _found(file, r"(?m)^(?:build[ \t]*\{|build[ \t]+\"|source[ \t]+\"[^\"\n]+\"[ \t]+\")"):
        yield Piece(file.path, file.at(line), "packer", "infrastructure", file.directory)


def nomad(file: File) -> Iterator[Fact | Gap | Part]:
    """A Nomad job. Source: https://developer.hashicorp.com/nomad/docs/job-specification/job"""
    if (line := _found(file, r"(?m)^job[ \t]+\"")) and _found(file, r"(?m)^[ \t]+group[ \t]+\""):
        yield Definition(at=file.at(line), tool="nomad", path=file.path, form="infrastructure")


def vagrant(file: File) -> Iterator[Fact | Gap | Part]:
    """Virtual machines of Vagrant. Source: https://developer.hashicorp.com/vagrant/docs/vagrantfile"""
    if line := _found(file, r"Vagrant\.configure"):
        yield Definition(at=file.at(line), tool="vagrant", path=file.directory, form="infrastructure")


def kcl(file: File) -> Iterator[Fact | Gap | Part]:
    """A KCL package: `kcl.mod` makes one of the `.k` files beside and below it. Source: https://www.kcl-lang.io/docs/"""
    if file.name == "kcl.mod":
        yield Anchor(file.path, "kcl", file.directory)
    else:
        yield Piece(file.path, file.at(1), "kcl", "infrastructure", file.directory, "kcl")


def tanka(file: File) -> Iterator[Fact | Gap | Part]:
    """An environment of Tanka, which is applied as one. Source: https://tanka.dev/config/"""
    try:
        value = file.documents()[0].value if file.documents() else None
    except DocumentError:
        return
    if text(value, "apiVersion").startswith("tanka.dev/") and text(value, "kind") == "Environment":
        yield ToolMarker(at=file.at(1), tool="tanka", category="packaging")
        yield Anchor(file.path, "jsonnet", file.directory)
        yield Piece(file.path, file.at(1), "jsonnet", "infrastructure", file.directory, "jsonnet")


def jsonnet(file: File) -> Iterator[Fact | Gap | Part]:
    """Kubernetes objects or an environment of Tanka, written in Jsonnet. Source: https://tanka.dev/"""
    if line := _found(file, r"\bapiVersion\b|tanka|\bk\.libsonnet|kube-prometheus|\bkube\.libsonnet|kausal|ksonnet"):
        yield Piece(file.path, file.at(line), "jsonnet", "infrastructure", file.directory, "jsonnet")


def timoni(file: File) -> Iterator[Fact | Gap | Part]:
    """The marker of a Timoni module, and a definition for a bundle. Source: https://timoni.sh/bundle/"""
    if file.name == "timoni.cue":
        yield ToolMarker(at=file.at(1), tool="timoni", category="packaging")
    elif line := _found(file, r"(?m)^bundle:[ \t]*\{"):
        modules = re.findall(r"\burl:[ \t]*\"(?:oci|file)://", file.text)
        fixed = re.findall(r"(?m)\bversion:[ \t]*\"v?\d[\w.+-]*\"|\bdigest:[ \t]*\"sha256:", file.text)
        pinned = min(len(fixed), len(modules))
        yield Definition(
            at=file.at(line), tool="timoni", path=file.path, form="infrastructure", packages_pinned=pinned,
            packages_unpinned=len(modules) - pinned,
        )  # fmt: skip


def cue(file: File) -> Iterator[Fact | Gap | Part]:
    """Kubernetes objects in CUE; not schemas of them, nor what a Timoni module makes of its values.

    Source: https://cuelang.org/docs/concept/how-cue-works-with-kubernetes/
    """
    if not re.search(r"(^|/)templates/", file.path):
        code = re.sub(rb"(?m)^[ \t]*//[^\n]*$", b"", file.content)
        objects = [found for found in _CUE_API.finditer(code) if not _DEFINES.search(code, max(0, found.start() - 200), found.start())]
        if objects and re.search(rb"(?m)\bkind:[ \t]*\"[A-Z]", code):
            line = code.count(b"\n", 0, objects[0].start()) + 1
            yield Piece(file.path, file.at(line), "cue", "infrastructure", file.directory)


_CUE_API = re.compile(rb"\bapiVersion:[ \t]*\"(?:[a-z0-9.-]+/)?v\d\w*\"")
_DEFINES = re.compile(rb"#\w{1,60}:[^{}\n]{0,60}\{[^{}]{0,200}\Z")

PACKER = Extractor(name="packer", run=packer, suffixes=(".hcl",), places=(".pkr.hcl",), within=re.compile(r"\.pkr\.hcl$"))
PACKER_JSON = Extractor(
    name="packer-json", run=packer, suffixes=(".json",), words=(b'"builders"',), marks=re.compile(rb"\"builders\"[ \t]*:[ \t]*\[")
)
NOMAD = Extractor(name="nomad", run=nomad, suffixes=(".nomad", ".hcl", ".job"), marks=re.compile(rb"(?m)^job[ \t]+\""))
VAGRANT = Extractor(name="vagrant", run=vagrant, names=frozenset({"vagrantfile"}))
KCL = Extractor(name="kcl", run=kcl, names=frozenset({"kcl.mod"}), suffixes=(".k",))
JSONNET = Extractor(name="jsonnet", run=jsonnet, suffixes=(".jsonnet",))
TIMONI = Extractor(name="timoni", run=timoni, suffixes=(".cue",), marks=re.compile(rb"(?m)^(?:bundle:|package main)"))
TANKA = Extractor(name="tanka", run=tanka, names=frozenset({"spec.json"}), words=(b"tanka.dev/",))
CUE = Extractor(name="cue", run=cue, suffixes=(".cue",), words=(b"apiVersion:",), marks=_CUE_API)
INFRASTRUCTURE = (TANKA, CUE, PACKER, PACKER_JSON, NOMAD, VAGRANT, KCL, JSONNET, TIMONI)
