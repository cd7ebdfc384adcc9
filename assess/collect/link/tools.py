"""The tools of a target: those that some fact uses, and those that nothing but a marker speaks of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname

from assess.collect.git.extract.groups import installed
from assess.collect.link.places import above
from assess.model.fact import (
    Definition,
    Fact,
    GitOpsSource,
    HelmChart,
    HelmRelease,
    Manifest,
    PipelineJob,
    SecretSource,
    TerraformModule,
    ToolMarker,
)


def tools(facts: Sequence[Fact]) -> Mapping[str, int]:
    """Each tool with the number of places that use it, by name."""
    return dict(sorted(Counter(_used(facts)).items()))


def _used(facts: Sequence[Fact]) -> Iterator[str]:
    published = {f"{f.path}/templates" for f in facts if isinstance(f, HelmChart) and f.published}
    for fact in facts:
        if isinstance(fact, Manifest | SecretSource) and not published.isdisjoint(above(dirname(fact.at.path))):
            continue  # what a published chart offers to those who install it
        if fact.tool and not isinstance(fact, PipelineJob):  # its procedure has told it
            yield fact.tool
        if isinstance(fact, TerraformModule) or (isinstance(fact, Definition) and fact.tool == "terragrunt"):
            yield "terraform"
        if isinstance(fact, GitOpsSource | HelmRelease) and fact.chart:
            yield "helm"
            if brought := installed(fact.chart):
                yield brought


def recognized(facts: Sequence[Fact]) -> tuple[str, ...]:
    """The tools that nothing but a marker speaks of, by name."""
    marked = {fact.tool for fact in facts if isinstance(fact, ToolMarker)}
    return tuple(sorted(marked - {fact.tool for fact in facts if not isinstance(fact, ToolMarker)}))
