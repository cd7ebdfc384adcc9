"""Templates and projects of the clouds' own tools: CloudFormation, SAM, CDK, Pulumi, Serverless, BOSH."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assess.collect.git.extract.objects import dig, items, mapping, resolved, text
from assess.collect.git.extract.terraform import Called
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Definition, Fact, ToolMarker
from assess.model.gap import Gap
from assess.spec.document import DocumentError


@dataclass(frozen=True, slots=True)
class Template(Part):
    """One template. nested: the templates of the repository that it makes stacks of."""

    definition: Definition
    nested: tuple[str, ...]


def cloudformation(file: File) -> Iterator[Fact | Gap | Part]:
    """A template with the stacks inside it, and the marker of SAM.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
    """
    try:
        documents = file.documents()
    except DocumentError as error:
        if _STARTS.search(file.content) and b"{{" not in file.content and b"{%" not in file.content:
            yield file.unreadable(error, "Definition", under=file.path)
        return
    for document in documents[:1]:
        resources = mapping(document.value, "Resources")
        types = [kind for r in resources.values() if (kind := text(r, "Type"))]
        if any(_TYPE.match(kind) for kind in types):
            pinned = sum(kind.endswith("::MODULE") or bool(text(r, "Properties", "Location", "SemanticVersion"))
                         for r in resources.values() if (kind := text(r, "Type")))  # fmt: skip
            nested = [place for r in resources.values() if (place := _place(r)) and "://" not in place]
            at = file.at(document.line("Resources"))
            yield Template(file.path, Definition(
                at=at, tool="cloudformation", path=file.path, form="infrastructure", objects=len(types), packages_local=len(nested),
                packages_pinned=pinned,
            ), tuple(resolved(file.directory, place) for place in nested))  # fmt: skip
            if _is_sam(dig(document.value, "Transform")):
                yield ToolMarker(at=file.at(document.line("Transform")), tool="sam", category="iac")


def _place(resource: Any) -> str:
    """Where a nested stack's template is, as written."""
    return text(resource, "Properties", "TemplateURL") or text(resource, "Properties", "Location")


def _is_sam(transform: Any) -> bool:
    """Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html"""
    named = transform if isinstance(transform, list) else [transform]
    return any(isinstance(name, str) and name.startswith("AWS::Serverless-") for name in named)


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """A stack for each template that no other one nests: it is deployed on its own, so its path is the file.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
    """
    templates = [part for part in parts if isinstance(part, Template)]
    inside = {path for part in templates for path in part.nested if path != part.path}
    yield from (part.definition for part in templates if part.path not in inside)


_TYPE = re.compile(r"(AWS|Alexa|Custom)::\w+")
_STARTS = re.compile(rb"(?m)^[\"' {]*AWSTemplateFormatVersion")


def cdk(file: File) -> Iterator[Fact | Gap | Part]:
    """A project of CDK. Source: https://docs.aws.amazon.com/cdk/v2/guide/cli.html"""
    for value, line in _values(file, "app"):
        if text(value, "app"):
            yield Definition(at=file.at(line), tool="aws-cdk", path=file.directory, form="infrastructure")


def cdktf(file: File) -> Iterator[Fact | Gap | Part]:
    """A project of CDK for Terraform, with the modules that it draws in: `name`, `name@version` or a mapping.

    Source: https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/configuration-file
    """
    for value, line in _values(file, "app"):
        if text(value, "app") and text(value, "language"):
            modules = items(value, "terraformModules")
            places = [text(module, "source") if isinstance(module, dict) else str(module) for module in modules]
            local = [place for place in places if place.startswith((".", "/"))]
            fixed = [m for m in modules if _FIXED.match(text(m, "version") if isinstance(m, dict) else str(m).rpartition("@")[2])]
            yield Definition(
                at=file.at(line), tool="cdktf", path=file.directory, form="infrastructure", packages_local=len(local),
                packages_pinned=len(fixed), packages_unpinned=len(modules) - len(local) - len(fixed),
            )  # fmt: skip
            yield from (Called(file.path, resolved(file.directory, place)) for place in local)


_FIXED = re.compile(r"(?:~>|=)?[ \t]*v?\d+(?:\.\d+)*$")


def serverless_program(file: File) -> Iterator[Fact | Gap | Part]:
    """A service whose configuration is a program. Source: https://www.serverless.com/framework/docs/providers/aws/guide/intro#alternative-configuration-format"""
    code = re.sub(rb"(?m)^[ \t]*//[^\n]*$", b"", file.content)
    if re.search(rb"\bservice[ \t]*:[ \t]*[\"'`{\w]", code) and re.search(rb"\bprovider[ \t]*:[ \t]*[{\w]", code):
        yield Definition(at=file.at(1), tool="serverless", path=file.directory, form="infrastructure")


def serverless(file: File) -> Iterator[Fact | Gap | Part]:
    """A service of the Serverless framework. Source: https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml"""
    for value, line in _values(file, "provider"):
        if dig(value, "service") and (mapping(value, "provider") or text(value, "provider")):
            yield Definition(
                at=file.at(line), tool="serverless", path=file.directory, form="infrastructure",
                objects=max(1, len(mapping(value, "functions"))),
            )  # fmt: skip


def pulumi(file: File) -> Iterator[Fact | Gap | Part]:
    """A Pulumi project. Source: https://www.pulumi.com/docs/iac/concepts/projects/project-file/"""
    for value, line in _values(file, "runtime"):
        if text(value, "name") and (text(value, "runtime") or text(value, "runtime", "name")):
            yield Definition(
                at=file.at(line), tool="pulumi", path=file.directory, form="infrastructure",
                objects=max(1, len(mapping(value, "resources"))),
            )  # fmt: skip


def bosh(file: File) -> Iterator[Fact | Gap | Part]:
    """A BOSH deployment. Source: https://bosh.io/docs/manifest-v2/"""
    for value, line in _values(file, "instance_groups"):
        groups = items(value, "instance_groups")
        if groups and items(value, "releases") and items(value, "stemcells"):
            yield Definition(at=file.at(line), tool="bosh", path=file.path, form="infrastructure", objects=len(groups))


def _values(file: File, key: str) -> Iterator[tuple[Any, int] | Any]:
    """The first document of a file with the line of a key; nothing where it does not parse."""
    try:
        yield from ((document.value, document.line(key)) for document in file.documents()[:1])
    except DocumentError:
        return


_YAML = (".yaml", ".yml")
CLOUDFORMATION = Extractor(
    name="cloudformation", run=cloudformation, suffixes=(*_YAML, ".json", ".template", ".cfn"),
    words=(b"AWSTemplateFormatVersion", b"AWS::"), marks=re.compile(rb"AWSTemplateFormatVersion|Type[\"']?[ \t]*:[ \t]*[\"']?AWS::"),
)  # fmt: skip
CDK = Extractor(name="cdk", run=cdk, names=frozenset({"cdk.json"}))
CDKTF = Extractor(name="cdktf", run=cdktf, names=frozenset({"cdktf.json"}))
SERVERLESS = Extractor(
    name="serverless", run=serverless, suffixes=(*_YAML, ".json"), words=(b"provider",),
    places=("/serverless",), within=re.compile(r"(?i)(?:^|/)serverless[^/]*\.(?:ya?ml|json)$"), marks=re.compile(rb"(?m)^[ {\"']{0,8}provider[\"']?[ \t]*:"),
)  # fmt: skip
SERVERLESS_PROGRAM = Extractor(name="serverless-program", run=serverless_program, names=frozenset({"serverless.ts", "serverless.js"}))
PULUMI = Extractor(name="pulumi", run=pulumi, names=frozenset({"pulumi.yaml", "pulumi.yml"}))
BOSH = Extractor(name="bosh", run=bosh, suffixes=_YAML, words=(b"instance_groups:",), marks=re.compile(rb"(?m)^instance_groups:"))
CLOUD_TEMPLATES = (CLOUDFORMATION, CDK, CDKTF, SERVERLESS, PULUMI, BOSH, SERVERLESS_PROGRAM)
