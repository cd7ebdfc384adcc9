"""What definitions of other tools are recognised by, and what only looks like them."""

from __future__ import annotations

import pytest

from assess.collect.git.extract import cloudformation, configuration, definitions, infrastructure
from assess.collect.git.file import File, Part
from assess.model.fact import Definition

EXTRACTORS = (*cloudformation.CLOUD_TEMPLATES, *infrastructure.INFRASTRUCTURE, *configuration.CONFIGURATION)


def world(files: dict[str, str]) -> list[tuple[str, str]]:
    """Tool and path of each definition in a repository of these files."""
    found = []
    for path, content in files.items():
        file = File("here", path, content.encode())
        name = path.lower().rpartition("/")[2]
        for extractor in EXTRACTORS:
            offered = name in extractor.names or name[name.rfind(".") :] in extractor.suffixes
            here = not extractor.within or extractor.within.search(path)
            if offered and here and (not extractor.marks or extractor.marks.search(file.content)):
                found += list(extractor.run(file))
    facts = [*found, *definitions.assemble(part for part in found if isinstance(part, Part))]
    return sorted((fact.tool, fact.path) for fact in facts if isinstance(fact, Definition))


STACK = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !Ref N}\n"


@pytest.mark.parametrize(
    ("path", "content", "tool", "covers"),
    [
        ("cfn/bucket.yaml", STACK, "cloudformation", "cfn/bucket.yaml"),
        ("infra/cdk.json", '{"app": "npx ts-node bin/x.ts"}', "aws-cdk", "infra"),
        ("a/Pulumi.yaml", "name: x\nruntime: nodejs\n", "pulumi", "a"),
        ("main.bicep", "resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {}\n", "bicep", "main.bicep"),
        ("svc/serverless.yml", "service: x\nprovider: {name: aws}\nfunctions: {a: {}}\n", "serverless", "svc"),
        ("live/app/terragrunt.hcl", 'include "root" {\n  path = find_in_parent_folders()\n}\n', "terragrunt", "live/app"),
        ("img/x.pkr.hcl", 'source "amazon-ebs" "x" {}\nbuild {}\n', "packer", "img"),
        ("jobs/web.nomad", 'job "web" {\n  group "a" {}\n}\n', "nomad", "jobs/web.nomad"),
        ("site.yml", "- hosts: all\n  roles: [web]\n", "ansible", "."),
        ("salt/top.sls", "base: {}\n", "salt", "salt"),
        ("boot/web.yaml", "#cloud-config\npackages: [nginx]\n", "cloud-init", "boot"),
        ("flake.nix", "{ outputs = _: { nixosConfigurations.a = 1; }; }\n", "nix", "."),
        ("talos/patches/net.yaml", "machine:\n  network: {hostname: a}\n", "talos", "talos"),
    ],
)
def test_a_definition_is_known_by_its_content(path: str, content: str, tool: str, covers: str) -> None:
    assert world({path: content}) == [(tool, covers)]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("ingress.yaml", "- hosts: [a.example]\n  secretName: x\n"),
        ("roles/a/tasks/main.yml", "- include: other.yml\n"),
        ("terragrunt.hcl", 'remote_state {\n  backend = "s3"\n}\n# include "x" {\n'),
        ("flake.nix", "{ outputs = _: { devShells.x = 1; }; }\n"),
        ("config.yaml", "Type: AWS::S3::Bucket\n"),
        ("serverless.yml", "title: about serverless\n"),
        ("modules/storage.bicep", "resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {}\n"),
    ],
)
def test_what_only_looks_like_one_is_none(path: str, content: str) -> None:
    assert world({path: content}) == []


def test_files_of_one_project_are_one_definition() -> None:
    nix = "{ nixosConfigurations.a = 1; }\n"
    assert world({"flake.nix": "{ outputs = x; }", "hosts/a.nix": nix, "hosts/b.nix": nix}) == [("nix", ".")]
    assert world({"salt/top.sls": "base: {}", "salt/web/init.sls": "{% if x %}\n"}) == [("salt", "salt")]


@pytest.mark.parametrize("content", ["Resources: 3\n", "Resources: {a: 3, b: {Type: [AWS::X]}}\n", "[]\n", "- 1\n", "x: y\n"])
def test_templates_of_any_shape_do_no_harm(content: str) -> None:
    assert world({"a.template": content + "# AWSTemplateFormatVersion\n"}) == []
