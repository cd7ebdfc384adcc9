"""Riff-Raff: what its service deploys of a build, by the file that is handed over with it.

Source: https://github.com/guardian/riff-raff/blob/main/contrib/riff-raff-yaml-schema.json
"""

from __future__ import annotations

from collections.abc import Iterator

from assess.collect.git.extract.steps import Steps, first_document, mapping
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, Trigger
from assess.model.gap import Gap

_DEPLOYS = {
    "cloud-formation": (("apply", "cloudformation"), ("apply", "cdk")), "update-ecs-service": (("deploy", "ecs"),),
}  # fmt: skip
"""What a type of deployment changes that is declared here: a template as written, or as a CDK program makes it."""


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each deployment; the service starts it for a new build, or a person there. Templates lie anywhere in the build."""
    document = first_document(file)
    value = mapping(document.value) if document else {}
    if document is None or not {"stacks", "deployments"} <= value.keys():
        return
    templates, deployments = mapping(value.get("templates")), mapping(value.get("deployments"))
    for name, raw in deployments.items():
        deployment = mapping(raw)
        kind = deployment.get("type") or mapping(templates.get(str(deployment.get("template")))).get("type")
        steps, line = Steps(), document.line("deployments", name)
        for does, tool in _DEPLOYS.get(str(kind), ()):
            steps.command(does, tool, file.directory, line, f"type: {kind}")
        if steps:
            yield steps.procedure(file, line, "riff-raff", f"{file.path}#{name}", "job", Trigger(events=("push", "manual")))


RIFF_RAFF = Extractor(name="riff-raff", run=extract, names=frozenset({"riff-raff.yaml", "riff-raff.yml"}))
