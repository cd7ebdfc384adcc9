"""GitLab CI: jobs with what they inherit inside their file, and the files that they include or trigger.

Source: https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from posixpath import normpath
from typing import Any

from assess.collect.git.expressions import MAX_ROWS, Row, is_plain, rows_of
from assess.collect.git.extract.gitlab_rules import default_events, trigger_of
from assess.collect.git.extract.sign_in import by_variables
from assess.collect.git.extract.steps import Chunk, Steps, chunks, constants, fill, given, jobs_of, mapping, sequence, texts
from assess.collect.git.file import Extractor, File, Part
from assess.model.credentials import without_credentials
from assess.model.fact import Call, Fact, Procedure, Trigger
from assess.model.gap import Gap, GapReason
from assess.spec.document import Document, DocumentError

TOOL = "gitlab-ci"
MAX_JOBS = 1_000
MAX_CHUNKS = 40_000
MAX_DEPTH = 30
Path = tuple[str | int, ...]
_NAMED = re.compile(r"(^|/)[\w.-]*\.?gitlab-ci\.ya?ml$|(^|/)\.gitlab(-ci|/ci)/", re.I)
_NO_JOBS = {"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script",
            "after_script", "spec", "types"}  # fmt: skip
_KNOWN = (
    (re.compile(r"(?i)^\.?(terraform|opentofu|tofu)[:-](destroy|deploy|apply)"), "apply"),
    (re.compile(r"(?i)^\.?(terraform|opentofu|tofu)[:-](build|plan)"), "plan"),
    (re.compile(r"(?i)^\.?(terraform|opentofu|tofu)[:-](fmt|validate)"), "lint"),
)
_OFFERED = (
    (re.compile(r"(?i)components/opentofu/(full-pipeline|validate-plan-(apply|destroy)|apply|destroy)@"), "apply", "terraform"),
    (re.compile(r"(?i)components/opentofu/(validate-plan|plan)@"), "plan", "terraform"),
    (re.compile(r"(?i)^(Terraform|OpenTofu)(\.latest)?\.gitlab-ci\.yml$"), "apply", "terraform"),
    (re.compile(r"(?i)^Auto-DevOps\.gitlab-ci\.yml$"), "deploy", "helm"),
)
"""Components and templates of GitLab's own that apply.
Source: https://gitlab.com/components/opentofu, https://gitlab.com/gitlab-org/gitlab/-/tree/master/lib/gitlab/ci/templates"""

_HARMLESS = re.compile(
    r"(?i)^(security|workflows|verify)/|^jobs/(sast|secret|dependency|container|code|license|test|browser|api|dast|build)|^[\w-]*(sast|dast|scan)"
)
"""Templates of GitLab's own that only build, test or scan."""

Merged = dict[str, tuple[Any, Path]]
"""The keys of a job, each with its value and the path in the document that it comes from."""


def extract(file: File) -> Iterator[Fact | Gap | Part]:
    """A procedure for each job and template, and one for the file, which calls its jobs and what it includes."""
    named = bool(_NAMED.search(file.path))
    try:
        documents = file.documents()
    except DocumentError as error:
        if named:
            yield file.unreadable(error, "PipelineJob")
        return
    document = next((d for d in reversed(documents) if isinstance(d.value, dict)), None)
    if document is None or not (named or _looks(document.value) or mapping(documents[0].value).keys() == {"spec"}):
        return
    pipeline = _Pipeline(document)
    names = [name for name, body in pipeline.value.items() if name not in _NO_JOBS and isinstance(body, dict)]
    base = default_events(pipeline.value.get("workflow"), file.path == ".gitlab-ci.yml")
    jobs = [job for name in names[:MAX_JOBS] if (job := _job(file, pipeline, name, base))]
    if len(names) > MAX_JOBS or pipeline.left < 0:
        why = f"{len(names)} jobs, read up to {MAX_JOBS} and {MAX_CHUNKS} lines of script"
        yield Gap(at=file.at(document.start), reason=GapReason.TOO_LARGE, what=why, blinds=("PipelineJob",))
    yield from jobs
    yield from (_shared(job) for job in jobs if job.form == "template")
    included = Steps()
    _include(document, pipeline.value.get("include"), ("include",), included)
    if included:
        reach = Trigger(events=base)
        jobs.append(included.procedure(file, document.line("include"), TOOL, f"{file.path}#include", "job", reach))
        yield jobs[-1]
    offered = mapping(mapping(mapping(documents[0].value).get("spec")).get("inputs"))
    set_ = given("inputs", {name: mapping(spec).get("default") for name, spec in offered.items()})
    yield jobs_of(file, document.start, TOOL, [job for job in jobs if job.form == "job"], defaults=set_)


def _looks(value: Any) -> bool:
    """Whether a YAML file of another name is made to be included: jobs at the top, with a script and a stage."""
    for name, job in mapping(value).items():
        if isinstance(job, dict) and name not in _NO_JOBS and isinstance(job.get("script"), list | str) and (
            {"stage", "rules", "only", "extends"} & job.keys()
        ):  # fmt: skip
            return True
    return False


def _job(file: File, pipeline: _Pipeline, name: str, base: tuple[str, ...]) -> Procedure | None:
    steps = Steps()
    job = pipeline.merged(name, set(), steps)
    if not ({"script", "trigger", "run", "extends"} & job.keys() or steps):
        return None
    read = _reader(pipeline.variables(job))
    set_ = {
        name: text for name, text in pipeline.written(job).items() if isinstance(text, str) and text.startswith("$[[") and len(text) < 200
    }
    rows = [{**set_, **row} for row in _matrix(job) or ([{}] if set_ else [])]
    steps.shell([c for key in ("before_script", "script") for c in pipeline.script(job, key)], ".", read, rows)
    steps.shell(pipeline.script(job, "after_script"), ".", read, rows)
    steps.signs_in += [*(["oidc"] if "id_tokens" in job else []), *by_variables(pipeline.written(job))]
    _trigger(pipeline.document, job, steps)
    form = "template" if name.startswith(".") else "job"
    plain = {key: item for key, (item, _) in job.items()}
    trigger = trigger_of(plain, base) if form == "job" else None
    if trigger and trigger.why_not:
        trigger = replace(
            trigger, stop=pipeline.document.line(name, "rules" if "rules" in job and "rules" in pipeline.value[name] else "when")
        )
    known = tuple(pipeline.variables(job).items()) if steps.calls else ()
    return steps.procedure(file, pipeline.document.line(name), TOOL, f"{file.path}#{name}", form, trigger, known)


def _matrix(job: Merged) -> list[Row]:
    """The variables of each run of a job that `parallel: matrix` multiplies.

    Source: https://docs.gitlab.com/ci/yaml/#parallelmatrix
    """
    entries = mapping(job["parallel"][0]).get("matrix") if "parallel" in job else None
    found: list[Row] = []
    for entry in map(mapping, sequence(entries)[:MAX_ROWS]):
        values = {name: [str(value) for value in sequence(items) if is_plain(str(value))] for name, items in entry.items()}
        found += rows_of({name: items for name, items in values.items() if items})
    return found[:MAX_ROWS]


def _shared(template: Procedure) -> Procedure:
    """A hidden job under the name by which jobs of other files extend it."""
    call = Call(name=template.name, line=template.at.line)
    return Procedure(
        at=template.at, tool=TOOL, name=f"gitlab:#{template.name.rpartition('#')[2]}", form="template", calls=(call,)
    )  # fmt: skip


class _Pipeline:
    """One file, with what its jobs inherit from each other and from its defaults."""

    def __init__(self, document: Document) -> None:
        self.document, self.value = document, mapping(document.value)
        self._default = mapping(self.value.get("default"))
        self._variables = constants(self.value.get("variables"))
        self.left = MAX_CHUNKS

    def variables(self, job: Merged) -> Mapping[str, str]:
        """The constant variables that a job sees."""
        own = job["variables"][0] if "variables" in job else None
        return ChainMap(constants(own), self._variables) if own else self._variables

    def written(self, job: Merged) -> dict[str, Any]:
        """The variables that a job and its file set, whatever their values."""
        return mapping(self.value.get("variables")) | mapping(job["variables"][0] if "variables" in job else None)

    def merged(self, name: str, seen: set[str], steps: Steps) -> Merged:
        """A job with what it extends in this file; what it extends elsewhere is called by its name in any file."""
        seen.add(name)
        merged: Merged = {}
        body = mapping(self.value.get(name))
        own: Merged = {key: (item, (name, key)) for key, item in body.items()}
        for parent in texts(body.get("extends"))[:MAX_DEPTH]:
            line = self.document.line(name, "extends")
            if parent not in self.value:
                steps.call(f"gitlab:#{parent}", line)
                _known_parent(parent, line, self.variables(own), steps)
            elif parent not in seen and len(seen) < MAX_DEPTH:
                merged = _over(merged, self.merged(parent, seen, steps))
        return _over(merged, own)

    def script(self, job: Merged, key: str) -> list[Chunk]:
        """The texts of one of a job's scripts, its own or the default one."""
        if key in job:
            value, path = job[key]
        elif key == "script" or mapping(job["inherit"][0] if "inherit" in job else None).get("default") is False:
            return []
        else:
            value, path = (self._default[key], ("default", key)) if key in self._default else (self.value.get(key), (key,))
        return list(self._chunks(value, path, 0))

    def _chunks(self, item: Any, path: Path, depth: int) -> Iterator[Chunk]:
        """The texts; a nested list that names a job of this file is a `!reference [job, key]`."""
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return
        if not isinstance(item, list):
            yield from chunks(self.document, item, *path)
        elif depth and len(item) == 2 and isinstance(item[0], str) and isinstance(self.value.get(item[0]), dict):
            target = mapping(self.value[item[0]]).get(str(item[1]))
            yield from self._chunks(target, (item[0], str(item[1])), depth + 1)
        else:
            for index, child in enumerate(item):
                yield from self._chunks(child, (*path, index), depth + 1)


def _over(below: Merged, above: Merged) -> Merged:
    """Two levels of a job: keys of the upper one win, variables are joined."""
    joined = below | above
    if "variables" in below and "variables" in above:
        joined["variables"] = ({**mapping(below["variables"][0]), **mapping(above["variables"][0])}, above["variables"][1])
    return joined


def _known_parent(parent: str, line: int, known: Mapping[str, str], steps: Steps) -> None:
    for pattern, does in _KNOWN:
        if pattern.search(parent):
            steps.command(does, "terraform", _inside(known.get("TF_ROOT", ".")), line, f"extends: {parent}")
            return


def _reader(known: Mapping[str, str]) -> Callable[[str], str]:
    """Puts in variables, and Terraform for the wrapper of GitLab's images, which works in `TF_ROOT`.

    Source: https://gitlab.com/gitlab-org/terraform-images, https://gitlab.com/components/opentofu
    """
    root = known.get("TF_ROOT", "")
    wrapper = f"terraform -chdir={root}" if root else "terraform"
    return lambda text: re.sub(r"\bgitlab-(?:terraform|tofu)\b", lambda _: wrapper, fill(text, known))


def _trigger(document: Document, job: Merged, steps: Steps) -> None:
    if "trigger" not in job:
        return
    value, path = job["trigger"]
    if isinstance(value, str):
        steps.unresolved.append(f"trigger: {value}")
    elif isinstance(value, dict):
        _include(document, value.get("include"), (*path, "include"), steps)
        if isinstance(value.get("project"), str):
            steps.unresolved.append(f"trigger: {value['project']}")


def _include(document: Document, value: Any, path: tuple[str | int, ...], steps: Steps) -> None:
    for index, item in enumerate(sequence(value)):
        line = document.line(*path, index) if isinstance(value, list) else document.line(*path)
        entry = {"remote" if "://" in item else "local": item} if isinstance(item, str) else mapping(item)
        if isinstance(local := entry.get("local"), str):
            steps.call(re.sub(r"\*+|\$\{?\w+\}?", "*", _inside(local)), line, repository=".", given=given("inputs", entry.get("inputs")))
            continue
        for kind in ("template", "component", "project", "remote", "artifact"):
            if isinstance(name := entry.get(kind), str):
                _outside(kind, name, entry, line, steps)


def _outside(kind: str, name: str, entry: dict[str, Any], line: int, steps: Steps) -> None:
    inputs = mapping(entry.get("inputs"))
    for pattern, does, tool in _OFFERED:
        if kind in ("template", "component") and pattern.search(name):
            root = inputs.get("root_dir")
            steps.command(does, tool, _inside(root) if isinstance(root, str) else ".", line, f"include: {kind}: {name}")
            return
    if kind == "template" and _HARMLESS.search(name):
        return
    shown = without_credentials(name) if kind == "remote" else name
    for file in texts(entry.get("file")) or ("",):
        missing = f"include: {kind}: {shown}{':' if file else ''}{file}"
        repository, path, ref = _elsewhere(kind, name, file)
        if path and "$" not in f"{repository}{path}":
            ref = str(entry.get("ref") or ref)
            call = Call(name=path, line=line, repository=repository, ref=ref, otherwise=missing, given=given("inputs", inputs))
            steps.calls.append(call)
        else:
            steps.unresolved.append(missing)


def _elsewhere(kind: str, name: str, file: str) -> tuple[str, str, str]:
    """The project, file and version that an include names; empty where it names none.

    Source: https://docs.gitlab.com/ci/components/#use-a-component, https://docs.gitlab.com/ci/yaml/#includeproject
    """
    if kind == "project":
        return name, file.lstrip("/"), ""
    place, _, ref = name.partition("@")
    host, _, path = place.partition("/")
    project, _, component = path.rpartition("/")
    if kind != "component" or not component:
        return "", "", ""
    return project if host.startswith("$CI_SERVER") else f"https://{host}/{project}", f"templates/{component}.yml", ref


def _inside(path: str) -> str:
    cleaned = re.sub(r"^\$\{?CI_PROJECT_DIR\}?/?", "", path).lstrip("/")
    return normpath(cleaned) if cleaned else "."


GITLAB = Extractor(
    name="gitlab-ci",
    run=extract,
    suffixes=(".yml", ".yaml"),
    words=(b"script", b"trigger", b"extends", b"run", b"include"),
    marks=re.compile(rb"(?m)^[ \t]+(script|trigger|extends|run)[ \t]*:|^include[ \t]*:"),
    by_line=True,
)
