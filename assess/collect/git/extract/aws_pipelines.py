"""CodePipeline and CodeBuild as CloudFormation and Terraform define them: stages in turn, each action what it does.

What they build is often another repository than the one that defines them. A template of CloudFormation is taken to lie
beside what it builds where it names no repository; Terraform, which is mostly kept apart from it, is not.
Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html,
https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname
from typing import Any

from assess.collect.git.extract.objects import dig
from assess.collect.git.extract.steps import Steps, chunks, mapping, sequence, texts
from assess.collect.git.extract.travis_like import phases
from assess.collect.git.file import Extractor, File, Part
from assess.collect.git.hcl import Block, attribute, inner_blocks
from assess.model.fact import Fact, Procedure, Trigger
from assess.model.gap import Gap
from assess.model.target import Location
from assess.spec.document import Document, DocumentError, read_yaml

_DEPLOYS = {
    "ECS": "deploy", "CodeDeploy": "deploy", "CodeDeployToECS": "deploy", "ElasticBeanstalk": "deploy", "AppConfig": "deploy",
    "EKS": "deploy", "S3": "upload", "ServiceCatalog": "publish",
}  # fmt: skip
_APPLIES = {"CREATE_UPDATE", "CHANGE_SET_EXECUTE", "REPLACE_ON_FAILURE", "DELETE_ONLY"}
_CONFIGURED = ("ActionMode", "TemplatePath", "FullRepositoryId", "Owner", "Repo", "RepositoryName")
_HEREDOC = re.compile(r"(?ms)^[ \t]*buildspec[ \t]*=[ \t]*<<-?[ \t]*\"?(\w+)\"?[ \t]*\n(.{0,4000}?)\n[ \t]*+\1[ \t]*$")


@dataclass(frozen=True, slots=True)
class _Action:
    """One action of a stage. artifact: it works on what an earlier action built, not on the source."""

    category: str
    provider: str
    configuration: dict[str, str]
    project: str
    line: int
    artifact: bool
    commands: tuple[tuple[str, int], ...] = ()


def _add(actions: Iterable[_Action], projects: Mapping[str, Steps], steps: Steps, events: list[str]) -> None:
    """Add what actions do. projects: what the build projects beside them do, by name."""
    for action in actions:
        told = f"{action.category}: {action.provider}"
        if action.category == "Source":
            events.append("push")
        elif action.category == "Approval":
            events.append("manual")
        elif action.provider == "CodeBuild":
            named = [projects[action.project]] if action.project in projects else projects.values() if not action.project else ()
            for build in named:
                steps.commands += build.commands
                steps.calls += build.calls
        elif action.provider == "CloudFormation":
            template = action.configuration.get("TemplatePath", "").partition("::")[2]
            place = "${artifact}" if action.artifact or not template else template
            mode = action.configuration.get("ActionMode", "")
            steps.command("apply" if mode in _APPLIES else "plan", "cloudformation", place, action.line, f"{told} {mode}".strip())
        elif does := _DEPLOYS.get(action.provider) if action.category == "Deploy" else None:
            steps.command(does, "aws", ".", action.line, told)
        steps.shell(action.commands)


def _repository(actions: Iterable[_Action]) -> str:
    """The repository that the source action names, as it is written."""
    for action in actions:
        if action.category == "Source":
            given = action.configuration
            owned = f"{given['Owner']}/{given['Repo']}" if given.get("Owner") and given.get("Repo") else ""
            return given.get("FullRepositoryId") or owned or given.get("RepositoryName", "")
    return ""


# --- CloudFormation ----------------------------------------------------------------------------------------------


def cloudformation(file: File) -> Iterator[Fact | Gap | Part]:
    """A job for each pipeline of a template, and a procedure for each build project."""
    try:
        documents = file.documents()
    except DocumentError:
        return  # the extractor of templates reports it
    for document in documents[:1]:
        value = mapping(document.value)
        given = set(mapping(value.get("Parameters")))
        found = {name: mapping(resource) for name, resource in mapping(value.get("Resources")).items()}
        projects = {name: body for name, body in found.items() if body.get("Type") == "AWS::CodeBuild::Project"}
        builds = {name: _spec(document, name, mapping(body.get("Properties"))) for name, body in projects.items()}
        for name, body in found.items():
            if body.get("Type") == "AWS::CodePipeline::Pipeline":
                yield _pipeline(file, document, name, mapping(body.get("Properties")), given, builds)
        for name, body in projects.items():
            if mapping(dig(body, "Properties", "Triggers")).get("Webhook") is True:
                location = _text(dig(body, "Properties", "Source", "Location"))
                at = file.at(document.line("Resources", name))
                yield _job(at, "codebuild", name, builds[name], ["push"], location if "://" in location and "${" not in location else "")


def _spec(document: Document, name: str, properties: dict[str, Any]) -> Steps:
    """What a build project does."""
    line = document.line("Resources", name, "Properties", "Source", "BuildSpec")
    return _build(_text(mapping(properties.get("Source")).get("BuildSpec")), line)


def _pipeline(
    file: File, document: Document, name: str, properties: dict[str, Any], given: set[str], builds: Mapping[str, Steps]
) -> Procedure:
    steps, events = Steps(), list[str]()
    actions = list(_actions(document, name, properties))
    _add(actions, builds, steps, events)
    repository = _repository(actions)
    open_ = "${" in repository or given & set(repository.split("/"))
    return _job(file.at(document.line("Resources", name)), "codepipeline", name, steps, events, "" if open_ else repository)


def _actions(document: Document, name: str, properties: dict[str, Any]) -> Iterator[_Action]:
    sources: set[str] = set()
    for number, stage in enumerate(sequence(properties.get("Stages"))):
        for index, item in enumerate(sequence(mapping(stage).get("Actions"))):
            action, path = mapping(item), ("Resources", name, "Properties", "Stages", number, "Actions", index)
            kind, given = mapping(action.get("ActionTypeId")), mapping(action.get("Configuration"))
            category = _text(kind.get("Category"))
            sources |= set(_artifacts(action, "OutputArtifacts")) if category == "Source" else set()
            yield _Action(
                category, _text(kind.get("Provider")), {key: _text(value) for key, value in given.items()},
                _text(given.get("ProjectName")), document.line(*path), not set(_artifacts(action, "InputArtifacts")) <= sources,
                tuple(chunks(document, action.get("Commands"), *path, "Commands")),
            )  # fmt: skip


def _artifacts(action: dict[str, Any], key: str) -> Iterator[str]:
    yield from (_text(mapping(item).get("Name")) for item in sequence(action.get(key)))


def _text(value: Any) -> str:
    """A text; of `{"Ref": x}` and `{"Fn::Sub": x}` what is in it."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("Ref", "Fn::Sub") if key in value), "")
    return value if isinstance(value, str) else next(iter(texts(value)), "")


# --- Terraform ---------------------------------------------------------------------------------------------------


def from_blocks(files: Iterable[tuple[Location, Iterable[Block]]]) -> Iterator[Procedure]:
    """The same of `aws_codepipeline` and `aws_codebuild_project` resources that name the repository they work on."""
    blocks = [(at, block) for at, inside in files for block in inside if block.kind == "resource" and len(block.labels) == 2]
    hooks = [block.text for _, block in blocks if block.labels[0] == "aws_codebuild_webhook"]
    hooked = {name for hook in hooks for name in re.findall(r"aws_codebuild_project\.(\w+)", hook)}
    builds: dict[str, dict[str, Steps]] = defaultdict(dict)
    for at, block in blocks:
        if block.labels[0] == "aws_codebuild_project":
            builds[dirname(at.path)][block.labels[1]] = steps = _project(block)
            location = attribute(block, "location") if block.labels[1] in hooked else ""
            if location and "${" not in location:
                yield _job(_at(at, block), "codebuild", block.labels[1], steps, ["push"], location)
    for at, block in blocks:
        if block.labels[0] == "aws_codepipeline":
            steps, events, actions = Steps(), list[str](), list(_written(block))
            _add(actions, builds[dirname(at.path)], steps, events)
            if (repository := _repository(actions)) and "${" not in repository:
                yield _job(_at(at, block), "codepipeline", block.labels[1], steps, events, repository)


def _at(at: Location, block: Block) -> Location:
    return Location(target=at.target, path=at.path, line=block.line)


def _project(block: Block) -> Steps:
    """What a build project does; nothing where its buildspec is an expression."""
    inline = _HEREDOC.search(block.text)
    spec = inline[2] if inline else attribute(block, "buildspec")
    if not spec and re.search(r"(?m)^[ \t]*buildspec[ \t]*=", block.text):
        return Steps()
    return _build(spec, block.line + (block.text.count("\n", 0, inline.start(2)) if inline else 0))


def _written(block: Block) -> Iterator[_Action]:
    sources: set[str] = set()
    for stage in inner_blocks(block):
        for action in inner_blocks(stage) if stage.kind == "stage" else ():
            category = attribute(action, "category")
            takes, gives = (set(_list(action, key)) for key in ("input_artifacts", "output_artifacts"))
            sources |= gives if category == "Source" else set()
            project = re.search(r"\bProjectName[ \t]*=[ \t]*(?:aws_codebuild_project\.(\w+)|\"([\w-]+)\")", action.text)
            yield _Action(
                category, attribute(action, "provider"), {key: attribute(action, key) for key in _CONFIGURED},
                (project[1] or project[2]) if project else "", action.line, not takes <= sources,
            )  # fmt: skip


def _list(block: Block, name: str) -> list[str]:
    found = re.search(rf"(?m)^[ \t]*{name}[ \t]*=[ \t]*\[([^\]]*)\]", block.text)
    return re.findall(r'"([^"]*)"', found[1]) if found else []


# --- both --------------------------------------------------------------------------------------------------------


def _job(at: Location, tool: str, name: str, steps: Steps, events: list[str], serves: str) -> Procedure:
    trigger = Trigger(events=tuple(dict.fromkeys(events)) or ("manual",))
    return Procedure(
        at=at, tool=tool, name=f"{at.path}#{name}", form="job", commands=tuple(steps.commands), calls=tuple(steps.calls),
        unresolved=tuple(steps.unresolved), trigger=trigger, serves=serves,
    )  # fmt: skip


def _build(spec: str, line: int) -> Steps:
    """What a buildspec says, inline or in a file, `buildspec.yml` where none is named."""
    steps = Steps()
    if "\n" in spec:
        _inline(spec, line, steps)
    elif "$" not in spec:
        steps.call(spec or "buildspec.yml", line)
    return steps


def _inline(spec: str, line: int, steps: Steps) -> None:
    try:
        documents = read_yaml(spec.encode())
    except DocumentError:
        return
    for document in documents[:1]:
        inner = Steps()
        phases(document, inner)
        for command in inner.commands:
            steps.command(command.does, command.tool, command.path, line + command.line, command.text)


CODEPIPELINE = Extractor(
    name="codepipeline", run=cloudformation, suffixes=(".yaml", ".yml", ".json", ".template"),
    words=(b"AWS::Code",), marks=re.compile(rb"AWS::(CodePipeline::Pipeline|CodeBuild::Project)"),
)  # fmt: skip
