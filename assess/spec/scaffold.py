"""One scaffold: what it stands up, what must be there first, what it asks, and the files it writes; and the pins."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, HttpUrl, StringConstraints, model_validator

from assess.model.fact import FACT_KINDS
from assess.model.unit import UNIT_KINDS
from assess.spec.condition import Condition
from assess.spec.rule import Reads, RuleId, Text
from assess.spec.strict import Strict, near_miss

ScaffoldId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Value = str | bool | int | tuple[Any, ...] | dict[str, Any]


class Predicate(Strict):
    """A condition over the facts of a unit, as in a rule."""

    reads: Reads
    when: str
    quantifier: Literal["any", "all", "none"] = "any"

    @cached_property
    def condition(self) -> Condition:
        """The compiled condition."""
        return Condition(self.when, self.reads.fact)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.reads.fact not in FACT_KINDS:
            raise ValueError(f"reads.fact: no such kind '{self.reads.fact}'{near_miss(self.reads.fact, FACT_KINDS)}")
        self.condition  # noqa: B018  compiled once, at load
        return self


class Requirement(Predicate):
    """What must hold before the scaffold can work; `otherwise` says what comes first."""

    otherwise: Text


class Adoption(Predicate):
    """Something that exists and stays in use; `says` tells how."""

    says: Text


class Default(Strict):
    """What a parameter is where no evidence says otherwise, and who says so."""

    value: Value
    source: Text


class Param(Strict):
    """One value that the files need: filled from evidence, from a default, or asked once in `.idp/params.yaml`."""

    name: Name
    says: Text
    form: Literal["text", "flag", "texts", "records"] = "text"
    evidence: str = ""
    """The reader that fills it, by its name in `assess.remedy.readers.READERS`."""
    default: Default | None = None
    pattern: str = ""
    """What every text in the value must match as a whole."""


class FileTemplate(Strict):
    """One file: a template below `files/`, and the path it gets, a template itself."""

    template: str
    path: str
    validators: Annotated[tuple[str, ...], Field(min_length=1)]


class Variant(Strict):
    """The same scaffold for one forge."""

    forge: Literal["github", "gitlab", "azure-devops", "jenkins"]
    files: Annotated[tuple[FileTemplate, ...], Field(min_length=1)]
    before: str
    """A template below `files/`; each line of it is one thing a person sets up before the first run."""
    confirms: str
    """The run that turns the declared level into a confirmed one; a template."""


class Raises(Strict):
    """The levels of a unit before and after."""

    low: Annotated[int, Field(ge=0, le=4, alias="from")]
    high: Annotated[int, Field(ge=1, le=5, alias="to")]


class Scaffold(Strict):
    """`remediation/<area>/<name>/scaffold.yaml`."""

    id: ScaffoldId
    version: Annotated[int, Field(ge=1)]
    title: Text
    why: Text
    sources: Annotated[tuple[HttpUrl, ...], Field(min_length=1)]
    units: Annotated[tuple[str, ...], Field(min_length=1)]
    raises: Raises
    fixes: Annotated[tuple[RuleId, ...], Field(min_length=1)]
    requires: tuple[Requirement, ...] = ()
    provides: Annotated[tuple[Predicate, ...], Field(min_length=1)]
    adopts: tuple[Adoption, ...] = ()
    params: tuple[Param, ...]
    variants: Annotated[tuple[Variant, ...], Field(min_length=1)]
    cost: Annotated[int, Field(ge=1, le=10)]
    """Effort of a person, 1 (an hour) to 10 (a quarter): what the plan keeps low."""
    risk: Annotated[tuple[Text, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for unit in self.units:
            if unit not in UNIT_KINDS:
                raise ValueError(f"units: no such kind '{unit}'{near_miss(unit, UNIT_KINDS)}")
        for what, names in (("params", [p.name for p in self.params]), ("variants", [v.forge for v in self.variants])):
            if len(set(names)) != len(names):
                raise ValueError(f"{what}: named twice")
        return self


class Answer(Strict):
    """One parameter in `.idp/params.yaml`: what it is and who says so. With `source: user` the value stands."""

    value: Value
    source: Literal["evidence", "default", "user"]
    at: tuple[str, ...] = ()
    note: str = ""


class ParamsFile(Strict):
    """`.idp/params.yaml`: the parameters of every node, `scaffold@path`."""

    nodes: dict[str, dict[str, Answer]] = Field(default_factory=dict)


class ManagedFile(Strict):
    """One file of ours in `.idp/manifest.json`: what wrote it, and the sha256 of what was written."""

    node: str
    scaffold: str
    version: int
    base: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    mode: Literal["100644", "100755"] = "100644"
    fixes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    """The places that the fixed rules named when it was written, `path:line`."""


class Manifest(Strict):
    """`.idp/manifest.json`: whose files ours are; a file is ours only if it stands here."""

    schema_: Annotated[Literal["idp-assess/manifest/v1"], Field(alias="schema")] = "idp-assess/manifest/v1"
    files: dict[str, ManagedFile] = Field(default_factory=dict)


class ActionPin(Strict):
    """A GitHub Action at one commit."""

    version: Annotated[str, StringConstraints(pattern=r"^v\d+\.\d+\.\d+$")]
    commit: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
    seen: date
    """When the tag was seen to be this commit."""
    review_by: date


class ToolPin(Strict):
    """A tool at one version."""

    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    seen: date
    review_by: date


class Pins(Strict):
    """`remediation/pins.yaml`: every version that a generated file names, with the dates between which it holds."""

    source: Text
    actions: dict[str, ActionPin]
    tools: dict[str, ToolPin]
