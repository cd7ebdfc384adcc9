"""Outcomes of statements → where each repository stands on the axes beside the ladder. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from assess.model.fact import Assurance
from assess.model.outcome import Outcome, Reading, Result
from assess.model.standing import Standing, State

_STATES = {Assurance.DECLARED: State.DECLARED, Assurance.EXERCISED: State.EXERCISED, Assurance.EFFECTIVE: State.EFFECTIVE}
_UNDECIDED = {Result.UNKNOWN, Result.ERROR}


def standings(outcomes: Iterable[Outcome]) -> list[Standing]:
    """Each statement about each repository that some rule asked, by repository, then statement.

    Several rules may settle one statement: where one is met it is so, as far as the strongest evidence goes; it is absent
    only where all that apply are unmet.
    """
    asked: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.statement:
            asked[outcome.unit, outcome.statement].append(outcome)
    return [_standing(subject, statement, told) for (subject, statement), told in sorted(asked.items())]


def _standing(subject: str, statement: str, outcomes: list[Outcome]) -> Standing:
    met = [o for o in outcomes if o.result is Result.MET]
    declared = [o for o in outcomes if o.reading is Reading.DECLARED]
    undecided = [o for o in declared if o.result in _UNDECIDED]
    unmet = [o for o in declared if o.result is Result.UNMET]
    if met:
        state, told = max((_STATES[o.assurance or Assurance.DECLARED] for o in met), key=list(State).index), met
    elif undecided:
        state, told = State.UNKNOWN, undecided
    else:
        state, told = (State.ABSENT, unmet) if unmet else (State.NOT_APPLICABLE, [])
    return Standing(
        subject=subject, statement=statement, state=state, rules=tuple(dict.fromkeys(o.rule for o in told)),
        evidence=tuple(dict.fromkeys(at for o in told for at in o.evidence))[:5],
        reason=told[0].reason if state is State.UNKNOWN else "",
    )  # fmt: skip
