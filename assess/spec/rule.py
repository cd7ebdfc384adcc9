"""One rule: a question answered from facts, that removes answers about a unit or settles a statement about a repository."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, HttpUrl, StringConstraints, Tag, model_validator

from assess.model.fact import FACT_KINDS
from assess.model.unit import ANSWERS, UNIT_KINDS, WHOLE, Question
from assess.spec.axis import StatementId
from assess.spec.condition import Condition
from assess.spec.strict import Strict, near_miss

RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}-[0-9]{3}$")]
Text = Annotated[str, StringConstraints(min_length=10, strip_whitespace=True)]
World = dict[str, str]
"""An example: path -> content of a small repository."""


class Share(Strict):
    """At least this share of the facts."""

    share: Annotated[float, Field(gt=0, le=1)]


class Reads(Strict):
    """Which facts the rule looks at: those of each item, of the whole unit, or of the unit's repository."""

    fact: str
    scope: Literal["item", "unit", "subject"] = "unit"


class Effect(Strict):
    """The answers of one question that stay possible when the rule is met, and when it is not."""

    question: Question
    met: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


class Settles(Strict):
    """The statement of an axis that is so when the rule is met, and absent when it is not.

    concerns: fact kinds; a repository with none of them is not asked.
    """

    statement: StatementId
    concerns: Annotated[tuple[str, ...], Field(min_length=1)]


def _sort_of_effect(value: Any) -> str:
    named = value if isinstance(value, dict) else vars(value)
    return "statement" if "statement" in named else "question"


class Examples(Strict):
    """Small repositories that the rule must judge so: met, unmet, not applicable."""

    good: Annotated[tuple[World, ...], Field(min_length=1)]
    bad: tuple[World, ...] = ()
    """May be empty only where being unmet keeps every answer: then there is nothing to get wrong."""
    silent: Annotated[tuple[World, ...], Field(min_length=1)]


class Rule(Strict):
    """One rule file, `rules/<area>/<ID>-<name>.yaml`."""

    id: RuleId
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    lifecycle: Literal["experimental", "stable", "deprecated", "removed"] = "stable"
    question: Text
    why: Text
    sources: Annotated[tuple[HttpUrl, ...], Field(min_length=1)]
    units: Annotated[tuple[str, ...], Field(min_length=1)]
    """The unit kinds that the rule asks about, others are not applicable; `repository` for a rule that settles a statement."""
    reads: Reads
    when: str
    quantifier: Literal["any", "all", "none"] | Share = "any"
    effect: Annotated[Annotated[Effect, Tag("question")] | Annotated[Settles, Tag("statement")], Discriminator(_sort_of_effect)]
    readings: tuple[Literal["declared", "confirmed"], ...] = ("declared", "confirmed")
    """The readings that it takes part in: a rule about live state says nothing of what is declared."""
    strength: Literal["strong", "weak"] = "strong"
    remedy: str = ""
    unless: tuple[RuleId, ...] = ()
    """Rules that answer the same question another way: where one of them is met, being unmet removes nothing."""
    examples: Examples

    @cached_property
    def condition(self) -> Condition:
        """The compiled condition."""
        return Condition(self.when, self.reads.fact)

    @model_validator(mode="after")
    def _check(self) -> Self:
        problems = [*self._unknown_words(), *self._bad_effect()]
        if (isinstance(self.effect, Settles) or self.effect.unmet) and not self.examples.bad:
            problems.append("examples.bad: is required, for being unmet says something")
        if not problems:
            try:
                self.condition  # noqa: B018  compiled once, at load
            except ValueError as error:
                problems.append(f"when: {error}")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_words(self) -> list[str]:
        kinds: list[tuple[str, Any, str]] = [("reads.fact", FACT_KINDS, self.reads.fact)]
        kinds += [("units", {**UNIT_KINDS, WHOLE: ""}, unit) for unit in self.units]
        kinds += [("effect.concerns", FACT_KINDS, kind) for kind in getattr(self.effect, "concerns", ())]
        return [f"{key}: no such kind '{word}'{near_miss(word, known)}" for key, known, word in kinds if word not in known]

    def _bad_effect(self) -> list[str]:
        if isinstance(self.effect, Settles) or WHOLE in self.units:
            fits = isinstance(self.effect, Settles) and self.units == (WHOLE,) and self.reads.scope == "subject"
            return [] if fits else [f"effect: a statement is settled about `units: [{WHOLE}]`, with `reads.scope: subject`"]
        known = ANSWERS[self.effect.question]
        named = [("met", answer) for answer in self.effect.met] + [("unmet", answer) for answer in self.effect.unmet]
        wrong = [
            f"effect.{key}: '{answer}' is no answer to {self.effect.question}{near_miss(answer, known)}"
            for key, answer in named
            if answer not in known
        ]
        return wrong or ([] if named else ["effect: neither met nor unmet keeps any answer"])
