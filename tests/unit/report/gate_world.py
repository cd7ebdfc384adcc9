"""A gate's result with a finding of every kind, and the same with hostile text in every field that comes from outside."""

from __future__ import annotations

from dataclasses import replace

from assess.model.finding import Finding, PolicyText, Severity, Verdict
from assess.model.target import Location, Source, Target
from assess.policy.gate.result import Action, EngineRun, GateResult, Judged, State, worst_first
from assess.report.gate.view import Shown
from tests.unit.report.worlds import HOSTILE

WORKFLOW = ".github/workflows/deploy.yml"
FILES = {
    WORKFLOW: b"on: push\njobs:\n  apply:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: terraform apply\n",
    "infra/main.tf": b'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n  acl    = "public-read"\n}\n',
}
TARGET = Target(
    source=Source.GIT, label="shop", commit="5f703971" * 5, branch="main", remote="https://github.com/acme/shop.git",
    web="https://github.com/acme/shop", forge="github",
)  # fmt: skip
POLICIES = (
    PolicyText(
        id="CKV_AWS_20", engine="checkov", title="S3 Bucket has an ACL defined which allows public READ access.", severity=Severity.CRITICAL,
        why="One of checkov's checks for Terraform.", fix="change the resource", sources=("https://www.checkov.io/5.Policy%20Index/terraform.html",),
    ),
    PolicyText(id="CHECK-PARSE", engine="rego", title="Every file that is checked can be parsed", severity=Severity.HIGH),
    PolicyText(
        id="PIPE-001", engine="rego", title="Actions are pinned", severity=Severity.MEDIUM, why="A tag can be moved to other code.",
        fix="pin … to a commit", controls={"slsa": ("build-l2",)}, sources=("https://docs.github.com/en/actions",),
    ),
    PolicyText(
        id="PIPE-004", engine="rego", title="Infrastructure is applied only from a protected environment", severity=Severity.HIGH,
        why="Whoever can push to the branch can change the infrastructure.", fix="add `environment: production` to job …",
        remedy="delivery/protected-environment", controls={"nist-800-53": ("CM-3",), "soc2": ("CC8.1",)},
        sources=("https://docs.github.com/en/actions/managing-workflow-runs-and-deployments",),
    ),
    PolicyText(id="PIPE-006", engine="rego", title="A job has a time limit", severity=Severity.LOW, why="A job that hangs holds a runner."),
    PolicyText(id="PIPE-009", engine="rego", title="Nobody breaks this one", severity=Severity.INFO),
)  # fmt: skip


def finding(policy: str, path: str, line: int = 0, **changed: object) -> Finding:
    """A finding of one of the policies above, as its engine would make it."""
    text = next(text for text in POLICIES if text.id == policy)
    made = Finding(
        policy=policy, engine=text.engine, verdict=Verdict.FAIL, severity=text.severity, at=Location(target="shop", path=path, line=line),
        address="jobs.apply", message=f"job apply breaks {policy}", why=text.why, fix=text.fix.replace("…", "apply"), remedy=text.remedy,
        fingerprint=f"v1:{policy}:{path}:{line}", loose=f"v1:{policy}",
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def result(*judged: Judged, **changed: object) -> GateResult:
    """A result with these findings."""
    made = GateResult(
        target=TARGET, base="c0ffee00" * 5, touched=5, aside=("examples/a.tf",), judged=worst_first(judged), policies=POLICIES,
        engines=(EngineRun("rego", 5, 3), EngineRun("checkov", 1144, 1)),
        settings=("settings: .idp/gate.yaml of the base",),
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def sample() -> Shown:
    """One of every kind."""
    broken = replace(finding("CHECK-PARSE", "k8s/a.yaml", 7), verdict=Verdict.ERROR, address="", message="not readable as YAML")
    made = result(
        Judged(finding("PIPE-004", WORKFLOW, 3, column=3, end_line=3, end_column=8), State.NEW, Action.BLOCK),
        Judged(
            finding("CKV_AWS_20", "infra/main.tf", 1, address="aws_s3_bucket.b", message="aws_s3_bucket.b: not met: no public READ"),
            State.NEW, Action.BLOCK, "rule 2 of .idp/gate.yaml",
        ),
        Judged(finding("PIPE-001", WORKFLOW, 6, column=9, end_line=6, end_column=29), State.NEW, Action.WARN),
        Judged(finding("PIPE-006", WORKFLOW), State.NEW, Action.REPORT, "rule 3 of .idp/gate.yaml"),
        Judged(finding("PIPE-004", "b.yml", 3), State.NEW, Action.REPORT, "waiver W-7 of team-shop until 2027-03-01: moved next month", excused=True),
        Judged(finding("PIPE-001", WORKFLOW, 5), State.UNCHANGED, Action.REPORT),
        Judged(finding("PIPE-001", "old.yml", 5), State.RESOLVED, Action.REPORT),
        Judged(broken, State.INCOMPARABLE, Action.REPORT),
        Judged(replace(broken, at=Location(target="shop", path="k8s/b.yaml")), State.NOTED, Action.REPORT),
    )  # fmt: skip
    return Shown(made, FILES.get)


EVIL = (
    HOSTILE + "\r\n::error::owned\n##[add-mask]a ##vso[task.setvariable]b \r::stop-commands::x ]]> </script> <!-- --> \x00\x0b\ufffe\ud800 "
    "</details>\n\n# owned\n```\n&amp; %0A,title=PWN"
)
"""What a name, a message or an answer of an engine may hold."""


def hostile(text: str = EVIL) -> Shown:
    """The sample with one text in every field that comes from outside; of a long one the message and the path have all."""
    short = text[:5_000]

    def of(judged: Judged) -> Judged:
        at = Location(target=short, path=f"x,title=PWN::y{text}.tf", line=judged.finding.at.line)
        made = replace(
            judged.finding, policy=short, engine=short, at=at, address=short, message=text, why=short, fix=short, remedy=short
        )  # fmt: skip
        return replace(judged, finding=made, because=short)

    made = sample().result
    policies = tuple(
        replace(
            p, id=short, engine=short, title=short, why=short, fix=short, remedy=short, sources=("javascript:alert(1)", short),
            controls={short: (short,)},
        )
        for p in POLICIES[:1]
    )  # fmt: skip
    target = replace(TARGET, label=short, branch=short, remote=short, web=f"https://github.com/{text}")
    engines = (EngineRun(short, 5, 3), EngineRun("rego"))
    changed = replace(
        made, judged=tuple(map(of, made.judged)), policies=policies, target=target, engines=engines, aside=(short,) * 12, settings=(short,)
    )
    return Shown(changed, lambda path: text.encode("utf-8", "surrogatepass"))
