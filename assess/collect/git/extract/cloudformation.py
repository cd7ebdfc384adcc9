"""Templates and projects of the clouds' own tools: CloudFormation, SAM, CDK, ARM, Bicep, Serverless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assess.collect.git.extract.objects import dig, items, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Definition, Fact
from assess.model.gap import Gap
from assess.spec.document import DocumentError


def cloudformation(file: File) -> Iterator[Fact | Gap | Part]:
    """A stack for each template: a template is deployed on its own, so its path is the file.

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
            yield Definition(
                at=file.at(document.line("Resources")), tool="cloudformation", path=file.path, form="infrastructure",
                objects=len(types),
            )  # fmt: skip


_TYPE = re.compile(r"(AWS|Alexa|Custom)::\w+")
_STARTS = re.compile(rb"(?m)^[\"' {]*AWSTemplateFormatVersion")


def arm(file: File) -> Iterator[Fact | Gap | Part]:
    """A deployment for each ARM template.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
    """
    try:
        documents = file.documents()
    except DocumentError as error:
        yield file.unreadable(error, "Definition", under=file.path)
        return
    for document in documents[:1]:
        value = document.value
        resources = dig(value, "resources")
        if _ARM_SCHEMA.search(text(value, "$schema")) and isinstance(resources, list | dict):
            yield Definition(
                at=file.at(document.line("resources")), tool="arm", path=file.path, form="infrastructure",
                objects=max(1, len(resources)),
            )  # fmt: skip


_ARM_SCHEMA = re.compile(r"(?i)/(subscription|managementGroup|tenant)?deploymentTemplate\.json")


def bicep(file: File) -> Iterator[Fact | Gap | Part]:
    """A deployment for each Bicep file that is not kept among modules.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/file
    """
    code = re.sub(r"(?m)//.*$", "", file.text)
    objects = re.findall(r"(?m)^[ \t]*(?:resource|module)[ \t]+\w+[ \t]+'", code)
    if objects and not re.search(r"(?i)(^|/)modules?/", file.path):
        yield Definition(at=file.at(1), tool="bicep", path=file.path, form="infrastructure", objects=len(objects))


def cdk(file: File) -> Iterator[Fact | Gap | Part]:
    """A project of CDK, or of CDK for Terraform, which makes Terraform. Source: https://docs.aws.amazon.com/cdk/v2/guide/cli.html"""
    for value, line in _values(file, "app"):
        if text(value, "app"):
            tool = "terraform" if file.name.startswith("cdktf") else "aws-cdk"
            yield Definition(at=file.at(line), tool=tool, path=file.directory, form="infrastructure")


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
ARM = Extractor(name="arm", run=arm, suffixes=(".json",), marks=re.compile(rb"eploymentTemplate\.json"))
BICEP = Extractor(name="bicep", run=bicep, suffixes=(".bicep",))
CDK = Extractor(name="cdk", run=cdk, names=frozenset({"cdk.json", "cdktf.json"}))
SERVERLESS = Extractor(name="serverless", run=serverless, names=frozenset({"serverless.yml", "serverless.yaml"}))
PULUMI = Extractor(name="pulumi", run=pulumi, names=frozenset({"pulumi.yaml", "pulumi.yml"}))
BOSH = Extractor(name="bosh", run=bosh, suffixes=_YAML, words=(b"instance_groups:",), marks=re.compile(rb"(?m)^instance_groups:"))
CLOUD_TEMPLATES = (CLOUDFORMATION, ARM, BICEP, CDK, SERVERLESS, PULUMI, BOSH)
