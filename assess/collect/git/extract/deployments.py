"""How applications are deployed without Kubernetes: Swarm stacks, ECS tasks, Copilot, SST; and files that only their platform reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assess.collect.git.extract.objects import dig, items, mapping, text
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Definition, Fact, ToolMarker
from assess.model.gap import Gap


def swarm(file: File) -> Iterator[Fact | Gap | Part]:
    """The stack of a Compose file that says how a swarm runs it: where, how many, and how it is updated.

    Limits of memory or processors alone say nothing: Compose obeys them, too, on one machine.
    Source: https://docs.docker.com/reference/compose-file/deploy/
    """
    for document in file.parsed()[:1]:
        services = mapping(document.value, "services")
        stacked = [name for name, service in services.items() if _SWARM & mapping(service, "deploy").keys()]
        if stacked and not any(dig(service, "build") for service in services.values()):
            yield Definition(
                at=file.at(document.line("services", stacked[0])), tool="compose", path=file.path, form="infrastructure",
                objects=len(services),
            )  # fmt: skip


_SWARM = {"placement", "update_config", "rollback_config", "endpoint_mode", "mode"}


def ecs(file: File) -> Iterator[Fact | Gap | Part]:
    """A task definition of ECS. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"""
    for document in file.parsed()[:1]:
        containers = items(document.value, "containerDefinitions")
        if text(document.value, "family") and any(text(container, "image") for container in containers):
            if dig(document.value, "taskDefinitionArn") or dig(document.value, "registeredAt"):
                continue  # written by `describe-task-definition`: a dump
            line = document.line("containerDefinitions")
            yield Definition(at=file.at(line), tool="ecs", path=file.path, form="infrastructure", objects=len(containers))


def copilot(file: File) -> Iterator[Fact | Gap | Part]:
    """A service, job or environment of AWS Copilot. Source: https://aws.github.io/copilot-cli/docs/manifest/overview/"""
    for document in file.parsed()[:1]:
        if text(document.value, "name") and text(document.value, "type"):
            yield Definition(at=file.at(document.line("type")), tool="copilot", path=file.directory, form="infrastructure")


def cdk8s(file: File) -> Iterator[Fact | Gap | Part]:
    """Charts of cdk8s, written in a program. Source: https://cdk8s.io/docs/latest/cli/synth/"""
    for document in file.parsed()[:1]:
        if text(document.value, "app") and text(document.value, "language"):
            yield Definition(at=file.at(document.line("app")), tool="cdk8s", path=file.directory, form="infrastructure")


def sst(file: File) -> Iterator[Fact | Gap | Part]:
    """An application of SST. Source: https://sst.dev/docs/reference/config/"""
    if found := _SST.search(file.content):
        line = file.line_of(found.start())
        yield Definition(at=file.at(line), tool="sst", path=file.directory, form="infrastructure")


_SST = re.compile(rb"\$config\(|\bSSTConfig\b")


def platforms(file: File) -> Iterator[Fact | Gap | Part]:
    """A marker for a file that an application platform reads. Whether anybody deploys with it, the file cannot say.

    Many projects hold one for a button by which others deploy a copy.
    """
    for path, tool, content, _ in _PLATFORMS:
        if path.search(file.path) and (found := content.search(file.content)):
            yield ToolMarker(at=file.at(file.line_of(found.start())), tool=tool, category="iac")
            return


_PLATFORMS = tuple(
    (re.compile(path), tool, re.compile(content.encode()), source)
    for path, tool, content, source in (
        (r"(^|/)fly(\.[\w-]+)?\.toml$", "flyctl", r"(?m)^app[ \t]*=|^\[(?:http_service|build|\[services)", "https://fly.io/docs/reference/configuration/"),
        (r"(^|/)render\.ya?ml$", "render", r"(?m)^(?:services|databases|envVarGroups):", "https://render.com/docs/blueprint-spec"),
        (r"(^|/)netlify\.toml$", "netlify", r"(?m)^[ \t]*\[\[?(?:build|context|redirects|headers)\b", "https://docs.netlify.com/configure-builds/file-based-configuration/"),
        (r"(^|/)vercel\.json$", "vercel", r"\"(?:builds|rewrites|redirects|headers|functions|crons|framework|buildCommand)\"", "https://vercel.com/docs/project-configuration"),
        (r"(^|/)azure\.ya?ml$", "azd", r"(?m)^(?:services|infra):|azure\.yaml\.json", "https://learn.microsoft.com/azure/developer/azure-developer-cli/azd-schema"),
        (r"(^|/)apprunner\.ya?ml$", "apprunner", r"(?m)^runtime:", "https://docs.aws.amazon.com/apprunner/latest/dg/config-file-ref.html"),
        (r"(^|/)samconfig\.(?:toml|ya?ml)$", "sam", r"(?m)\bdeploy\b", "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html"),
        (r"(^|/)heroku\.ya?ml$", "heroku", r"(?m)^(?:build|run|setup|release):", "https://devcenter.heroku.com/articles/build-docker-images-heroku-yml"),
        (r"(^|/)vendir\.ya?ml$", "vendir", r"vendir\.k14s\.io/", "https://carvel.dev/vendir/docs/latest/vendir-spec/"),
        (r"(^|/)Kptfile$", "kpt", r"kpt\.dev/", "https://kpt.dev/reference/schema/kptfile/"),
    )
)  # fmt: skip


_YAML = (".yaml", ".yml")
SWARM = Extractor(
    name="swarm", run=swarm, suffixes=_YAML, by_line=True, words=(b"placement", b"update_config", b"rollback_config", b"endpoint_mode", b"mode"),
    marks=re.compile(rb"[ \t{,](?:placement|update_config|rollback_config|endpoint_mode|mode:[ \t]*[\"']?(?:global|replicated))\b"),
)  # fmt: skip
ECS = Extractor(name="ecs", run=ecs, suffixes=(".json",), words=(b'"containerDefinitions"',))
COPILOT = Extractor(
    name="copilot", run=copilot, names=frozenset({"manifest.yml"}), places=("/copilot/",), within=re.compile(r"(^|/)copilot/(?:[^/]+|environments/[^/]+)/manifest\.yml$"),
    words=(b"type:",),
)  # fmt: skip
CDK8S = Extractor(name="cdk8s", run=cdk8s, names=frozenset({"cdk8s.yaml", "cdk8s.yml"}))
SST = Extractor(name="sst", run=sst, names=frozenset({"sst.config.ts", "sst.config.js", "sst.config.mjs"}))
PLATFORMS = Extractor(
    name="platforms", run=platforms, prefixes=("fly.",),
    names=frozenset({"render.yaml", "render.yml", "netlify.toml", "vercel.json", "azure.yaml", "azure.yml", "apprunner.yaml", "samconfig.toml", "samconfig.yaml",
                     "samconfig.yml", "heroku.yml", "vendir.yml", "vendir.yaml", "kptfile"}),
)  # fmt: skip
DEPLOYMENTS = (SWARM, ECS, COPILOT, CDK8S, SST)
