"""A small assessment built by hand that says something in every section."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assess.model.activity import Activity
from assess.model.assessment import Assessment, Attestation, Exclusion, Flow, Leak, RuleText
from assess.model.fact import Repository, SetAside
from assess.model.finding import Finding, Severity, Verdict
from assess.model.gap import Gap, GapReason
from assess.model.graph import Edge, EdgeType, Graph, Node, NodeKind, Resolved
from assess.model.outcome import Outcome, Reading, Result
from assess.model.placement import Counterexample, Gate, Placement, Scope, UnitPlace
from assess.model.standing import Standing, State, StatementText
from assess.model.target import Location, Source, Target
from assess.model.unit import Question

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def at(path: str, line: int = 0, target: str = "shop-infra") -> Location:
    """A location in the sample."""
    return Location(target=target, path=path, line=line)


def outcome(rule: str, unit: str, result: Result, question: Question, **more: Any) -> Outcome:
    """A declared outcome."""
    return Outcome(rule=rule, unit=unit, reading=Reading.DECLARED, result=result, question=question, **more)


def placement(
    subject: str, scope: Scope, span: tuple[int, int], gate: Gate | None, reading: Reading = Reading.DECLARED, **more: Any
) -> Placement:
    """A placement whose gate says why."""
    low, high = span
    return Placement(subject=subject, scope=scope, reading=reading, low=low, high=high, units=gate.total if gate else 0, gate=gate, **more)


def gate(level: int, certain: int, possible: int, total: int) -> Gate:
    """A gate at τ 0.8."""
    return Gate(level=level, certain=certain, possible=possible, total=total, threshold=0.8)


TARGETS = (
    Target(source=Source.GIT, label="shop-infra", commit=COMMIT, branch="main", web="https://github.com/acme/shop-infra"),
    Target(source=Source.GIT, label="charts", commit=COMMIT, branch="main", web="https://gitlab.com/acme/charts"),
    Target(source=Source.GIT, label="handbook", commit=COMMIT, branch="main"),
    Target(source=Source.GIT, label="lost", read=False),
    Target(source=Source.AWS, label="aws:prod"),
)
UNITS = (
    UnitPlace(
        unit="shop-infra:envs/prod#terraform-root", kind="terraform-root", target="shop-infra", path="envs/prod",
        at=at("envs/prod/main.tf", 1), declared=(2, 2), confirmed=(0, 5), owner="payments",
        answers={
            "definition": ("declarative",), "executor": ("cli", "console"), "packaged": ("no",), "reconciled": ("no",),
            "requester": ("platform",),
        },
    ),
    UnitPlace(
        unit="shop-infra:envs/dev#terraform-root", kind="terraform-root", target="shop-infra", path="envs/dev",
        at=at("envs/dev/main.tf", 1), declared=(2, 3), confirmed=(0, 5), owner="payments",
        answers={
            "definition": ("declarative",), "executor": ("cli", "console", "pipeline"), "packaged": ("no",),
            "reconciled": ("no",), "requester": ("platform",),
        },
    ),
    UnitPlace(
        unit="charts:web#chart", kind="chart", target="charts", path="web", at=at("web/Chart.yaml", 1, "charts"),
        declared=(4, 4), confirmed=(4, 4), owner="platform",
        answers={
            "definition": ("declarative",), "executor": ("pipeline",), "packaged": ("yes",), "reconciled": ("n/a",),
            "requester": ("platform",),
        },
    ),
)  # fmt: skip
OUTCOMES = (
    outcome(
        "DEF-901",
        UNITS[0].unit,
        Result.MET,
        Question.DEFINITION,
        keeps=("declarative",),
        evidence=(at("envs/prod/main.tf", 1),),
    ),
    outcome(
        "EXE-901",
        UNITS[0].unit,
        Result.UNMET,
        Question.EXECUTOR,
        keeps=("console", "cli"),
        evidence=(at(".github/workflows/check.yml", 11),),
        chain=(".github/workflows/check.yml:11 job check", "envs/prod:1 validate"),
    ),
    outcome("PKG-901", UNITS[0].unit, Result.UNMET, Question.PACKAGED, keeps=("no",)),
    outcome("DEF-901", UNITS[1].unit, Result.MET, Question.DEFINITION, keeps=("declarative",), evidence=(at("envs/dev/main.tf", 1),)),
    outcome(
        "EXE-901",
        UNITS[1].unit,
        Result.UNKNOWN,
        Question.EXECUTOR,
        reason="shop-infra:ci/deploy.yml: includes a file that is not here",
    ),
    outcome("PKG-901", UNITS[2].unit, Result.MET, Question.PACKAGED, keeps=("yes",), evidence=(at("web/Chart.yaml", 1, "charts"),)),
    Outcome(
        rule="PKG-901",
        unit=UNITS[2].unit,
        reading=Reading.CONFIRMED,
        result=Result.MET,
        question=Question.PACKAGED,
        keeps=("yes",),
        evidence=(at("web/Chart.yaml", 1, "charts"),),
    ),
    outcome("REC-901", UNITS[2].unit, Result.NOT_APPLICABLE, Question.RECONCILED),
)
AGAINST = (
    Counterexample(unit=UNITS[0].unit, at=UNITS[0].at, levels=(2, 2), why="EXE-901 root-is-applied-by-a-pipeline: unmet"),
    Counterexample(unit=UNITS[1].unit, at=UNITS[1].at, levels=(2, 3), why="EXE-901 root-is-applied-by-a-pipeline: unknown"),
)
ROBUST = {"0.7": (2, 3), "0.8": (2, 3), "0.9": (2, 3)}


def _placements() -> tuple[Placement, ...]:
    pair = (UNITS[1].unit,)
    settle = ("shop-infra:ci/deploy.yml: includes a file that is not here. Name the repository that holds it as a target.",)
    shop: dict[str, Any] = {
        "histogram": (0, 0, 1, 0, 0, 0, 1),
        "counterexamples": AGAINST,
        "settle": settle,
        "robustness": ROBUST,
        "raise_units": pair,
    }
    found = [
        placement("shop-infra", Scope.REPOSITORY, (2, 2), gate(3, 0, 1, 2), **shop),
        placement("charts", Scope.REPOSITORY, (4, 4), gate(5, 0, 0, 1), histogram=(0, 0, 0, 0, 1, 0, 0), robustness={"0.8": (4, 4)}),
        placement("handbook", Scope.REPOSITORY, (0, 5), None, not_applicable="9 of 10 files are text"),
        placement("lost", Scope.REPOSITORY, (0, 5), None, settle=("lost: cannot be opened. Give the path of a clone.",)),
        placement("aws:prod", Scope.ACCOUNT, (0, 5), None, not_applicable="only its recent changes were read"),
        placement("payments", Scope.TEAM, (2, 2), gate(3, 0, 1, 2), **shop),
        placement("platform", Scope.TEAM, (4, 4), gate(5, 0, 0, 1), histogram=(0, 0, 0, 0, 1, 0, 0)),
        placement(
            "Acme",
            Scope.ORGANIZATION,
            (2, 4),
            gate(3, 1, 3, 4),
            histogram=(0, 0, 1, 0, 1, 0, 2),
            counterexamples=AGAINST,
            settle=settle,
            raise_units=tuple(u.unit for u in UNITS[:2]),
            robustness={"0.7": (2, 4), "0.8": (2, 4), "0.9": (0, 2)},
            inversion="portal at portal stands in front of 2 of 3 units at level 2 or lower",
        ),
    ]
    confirmed = [
        replace(
            p,
            reading=Reading.CONFIRMED,
            low=0,
            high=5,
            counterexamples=(),
            settle=(),
            raise_units=(),
            robustness={},
            inversion="",
            gate=p.gate and replace(p.gate, level=1, certain=0, possible=p.gate.total),
        )
        for p in found
    ]
    return (
        *found,
        *(replace(p, low=4, high=4, gate=gate(5, 0, 0, 1)) if p.subject in ("charts", "platform") else p for p in confirmed),
    )


GRAPH = Graph(
    nodes=(
        *(Node(id=target.label, kind=NodeKind.TARGET, name=target.label, target=target.label) for target in TARGETS),
        *(Node(id=unit.unit, kind=NodeKind.UNIT, name=unit.path, target=unit.target) for unit in UNITS),
        Node(id="external:git.example.org/else/modules", kind=NodeKind.EXTERNAL, name="git.example.org/else/modules"),
    ),
    edges=(
        Edge(
            source=UNITS[0].unit, type=EdgeType.CALLS_MODULE, target="external:git.example.org/else/modules", path="net",
            at=at("envs/prod/main.tf", 9), resolved=Resolved.OUTSIDE, written="git::https://git.example.org/else/modules.git//net",
        ),
        Edge(source=UNITS[1].unit, type=EdgeType.USES_CHART, target=UNITS[2].unit, at=at("envs/dev/main.tf", 4), resolved=Resolved.INSIDE),
    ),
)  # fmt: skip


def sample() -> Assessment:
    """Acme: two teams, five targets (one without units, one not read, one account), something in every section."""
    return Assessment(
        version="9.9.9",
        organization="Acme",
        made_at="2026-01-02T03:04:05+00:00",
        tau=0.8,
        window_days=90,
        ruleset="feedfacecafebeef",
        targets=TARGETS,
        units=UNITS,
        outcomes=OUTCOMES,
        placements=_placements(),
        graph=GRAPH,
        facts_digest="0" * 64,
        facts=(
            Repository(at=at(""), files=12, purpose="operations", reason="10 of 12 files are infrastructure", last_commit="2025-12-24"),
            SetAside(at=at("docs"), role="documentation", path="docs", files=7, reason="named as documentation"),
            SetAside(at=at("tests/fixtures"), role="test", path="tests/fixtures", files=3, reason="named as tests"),
        ),
        gaps=(
            Gap(
                at=at("ci/deploy.yml", 3),
                reason=GapReason.UNRESOLVED,
                what="includes a file that is not here",
                settle="Name the repository that holds it as a target.",
                blinds=("PipelineJob",),
            ),
            Gap(at=at("big.json"), reason=GapReason.TOO_LARGE, what="12 MB, over 5 MB"),
            Gap(
                at=Location(target="lost"),
                reason=GapReason.NOT_READ,
                what="cannot be opened",
                settle="Give the path of a clone.",
            ),
        ),
        findings=(
            Finding(
                policy="iac/bucket-is-private",
                engine="rego",
                verdict=Verdict.FAIL,
                severity=Severity.HIGH,
                at=at("envs/prod/s3.tf", 4),
                address="aws_s3_bucket.logs",
                message="The bucket is public",
                fix="Set the public access block",
            ),
            Finding(
                policy="iac/bucket-is-private",
                engine="rego",
                verdict=Verdict.PASS,
                severity=Severity.HIGH,
                at=at("envs/dev/s3.tf", 4),
                address="aws_s3_bucket.logs",
                message="",
            ),
        ),
        findings_note="Rego ran.",
        standings=(
            Standing(
                subject="shop-infra",
                statement="success.owners-known",
                state=State.DECLARED,
                rules=("SUC-002",),
                evidence=(at("CODEOWNERS", 1),),
            ),
            Standing(subject="shop-infra", statement="success.dependencies-updated", state=State.ABSENT, rules=("SUC-001",)),
        ),
        statements=(
            StatementText(id="success.dependencies-updated", axis="Success criteria", text="A bot proposes updates of dependencies"),
            StatementText(id="success.owners-known", axis="Success criteria", text="Owners are declared"),
        ),
        flows=(
            Flow(
                subject="aws:prod",
                window_days=90,
                changes=120,
                by_channel={"terraform": 100, "console": 20},
                leaks=20,
                unattributed=0,
                by_executor={"pipeline": 100, "human": 20},
                by_level={"0": 20, "3": 100},
                set_aside={"read-only": 3},
                oldest="2025-12-01T00:00:00Z",
                newest="2026-01-01T00:00:00Z",
                truncated=True,
                leak=(
                    Leak(
                        at=Location(target="aws:prod", path="ec2 RunInstances", uid="e-1"),
                        time="2026-01-01T10:00:00Z",
                        service="ec2",
                        action="RunInstances",
                        region="eu-west-1",
                        account="111122223333",
                        resource="i-1",
                        row="console",
                        link="https://console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/e-1",
                    ),
                ),
            ),
        ),
        activity=(
            Activity(
                subject="shop-infra",
                since="2025-10-03T00:00:00Z",
                until="2026-01-01T00:00:00Z",
                window_days=90,
                changes=40,
                by_maker={"person": 30, "controller": 8, "assistant": 2},
                by_tool={"flux": 8},
                by_way={"squash": 20, "direct": 12, "merge": 5, "unknown": 3},
                operations=24,
                operations_by_maker={"person": 16, "controller": 8},
                operations_by_way={"squash": 16, "direct": 8},
                automated=8,
                unopened=10,
                people=4,
                last_change="2025-12-30",
                oldest="2025-10-20",
                dormant=False,
                cut="shallow",
            ),
            Activity(
                subject="charts",
                since="2025-10-03T00:00:00Z",
                until="2026-01-01T00:00:00Z",
                window_days=90,
                changes=0,
                last_change="2025-02-03",
                dormant=True,
            ),
        ),
        rules=tuple(
            RuleText(
                id=rule,
                name=f"rule-{rule.lower()}",
                question=question,
                why="Because it matters.",
                sources=("https://example.org/why",),
            )
            for rule, question in (
                ("DEF-901", "Is it declared?"),
                ("EXE-901", "Is the root applied by a pipeline?"),
                ("PKG-901", "Is it packaged?"),
            )
        ),
        attestations=(Attestation(subject="payments", statement="reviewed by two", by="jane", on="2025-06-01", expires="2025-12-01"),),
        exclusions=(Exclusion(path="shop-infra/old/**", owner="sam", reason="retired", expires="2026-06-01"),),
        tools={"shop-infra": {"terraform": 5, "github-actions": 2}, "charts": {"helm": 1}},
    )
