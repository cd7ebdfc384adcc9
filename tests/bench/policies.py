"""The gate and its policies: beside `conftest` and checkov on every file, beside `opa eval` on a batch, and judged before."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pygit2

from assess.policy.rego.catalogue import AGGREGATE, aggregate, load
from tests.bench.measure import Ratio, interleaved
from tests.bench.world import WORKFLOW

TOOLS = Path(__file__).parents[2] / ".tools" / "bin"
TOUCHED = 5
BATCH = 1_000


def ratios(directory: Path) -> Iterator[Ratio]:
    opa, conftest = TOOLS / "opa", TOOLS / "conftest"
    nothing = partial(_run, sys.executable, "-c", "pass")
    small, large = (_change(directory / f"gate-{count}", count) for count in (1_000, 10_000))
    cold, warm = partial(_gate, small, "--no-cache"), partial(_gate, small, "--cache", str(directory / "kept"))
    warm()
    one, ten, again, floor = interleaved(cold, partial(_gate, large, "--no-cache"), warm, nothing)
    yield Ratio("gate: 10,000 files to 1,000, 5 touched", ten / one, f"{ten:.2f} s and {one:.2f} s CPU", most=1.3)
    yield Ratio("gate: judged before, to `python -c pass`", again / floor, f"{again * 1000:.0f} ms and {floor * 1000:.0f} ms", most=40)
    if conftest.exists():
        ours, theirs = interleaved(cold, partial(_conftest, conftest, small, directory))
        yield Ratio("gate to `conftest test` on every file", ours / theirs, f"{ours:.2f} s and {theirs:.2f} s CPU", most=1 / 3)
    ours, theirs = interleaved(cold, partial(_checkov, small), rounds=5)
    yield Ratio("gate to `checkov -d` on the head", ours / theirs, f"{ours:.2f} s and {theirs:.2f} s CPU", most=1 / 8)
    if opa.exists():
        yield _batch(opa, directory)


def _batch(opa: Path, directory: Path) -> Ratio:
    """Our policies on as many manifests as one evaluation of OPA's gets, each in a process of its own."""
    catalogue = load()
    text = json.dumps({"documents": [{"kind": "kubernetes", "content": _manifest(number)} for number in range(BATCH)]})
    (directory / "batch.json").write_text(text)
    (directory / "aggregate.rego").write_text(aggregate(catalogue.policies))
    sources = [part for name in catalogue.sources() for part in ("-d", str(catalogue.root / name))]
    command = [str(opa), "eval", "-f", "raw", "-i", str(directory / "batch.json"), "-d", str(directory / "aggregate.rego"), *sources]
    theirs = partial(_run, *command, f"data.{AGGREGATE}.answers")
    (directory / "kept").mkdir(exist_ok=True)
    ours = partial(_run, sys.executable, "-c", _HERE, str(directory / "batch.json"), str(directory / "kept"))
    ours()
    here, there = interleaved(ours, theirs)
    return Ratio(f"Rego on {BATCH} manifests, to `opa eval`", here / there, f"{here:.2f} s and {there:.2f} s CPU", most=0.7)


_HERE = """
import sys
from pathlib import Path
from assess.policy.rego.catalogue import load
from assess.policy.rego.wasm import evaluator
from assess.store.content import ContentCache
answers = evaluator(load(), cache=ContentCache(Path(sys.argv[2])))(Path(sys.argv[1]).read_bytes())
assert len(answers) == 1000
"""


def _manifest(number: int) -> object:
    """A Deployment with some of what the policies ask for, and some not."""
    container = {
        "name": "shop", "image": f"registry.example.org/shop:{number % 7 or 'latest'}", "ports": [{"containerPort": 8080}],
        "env": [{"name": f"KEY_{n}", "value": "x" * 20} for n in range(5)],
        "securityContext": {"runAsNonRoot": number % 2 == 0}, "resources": {"limits": {"memory": "128Mi"}} if number % 3 else {},
    }  # fmt: skip
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": f"shop-{number}", "namespace": f"team-{number % 9}"},
        "spec": {"replicas": number % 4, "selector": {"matchLabels": {"app": "shop"}},
                 "template": {"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [container]}}},
    }  # fmt: skip


def platform(count: int) -> Iterator[tuple[str, str]]:
    """Paths and contents of a platform's repository: manifests, Terraform, workflows, charts."""
    import yaml

    for number in range(count):
        team, service = f"team-{number // 10 % 17}", f"service-{number // 20}"
        if number % 10 < 6:
            yield f"apps/{team}/{service}/object-{number}.yaml", yaml.safe_dump(_manifest(number), sort_keys=False)
        elif number % 10 < 8:
            yield f"infra/{team}/{service}/module-{number}/main.tf", _TERRAFORM.replace("NUMBER", str(number))
        elif number % 10 == 8:
            yield f".github/workflows/apply-{number}.yml", WORKFLOW % f"infra/{team}/{service}"
        else:
            yield f"charts/chart-{number}/Chart.yaml", f"apiVersion: v2\nname: chart-{number}\nversion: 1.0.{number}\n"


_TERRAFORM = """\
terraform {
  required_version = ">= 1.9"
  backend "s3" {
    bucket = "state"
    key    = "NUMBER"
  }
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs-NUMBER"
  tags   = { owner = "team", number = "NUMBER" }
}

module "network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.8.NUMBER"
}
"""


def _change(path: Path, count: int) -> Path:
    """A repository with a work tree and two commits; the second touches five files, each of another kind."""
    made = pygit2.init_repository(str(path), initial_head="main")
    every = list(platform(count))
    touched = {every[number][0] for number in (0, 1, 6, 8, 9)}
    assert len(touched) == TOUCHED
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    for addition in ("", "# changed\n"):
        for name, text in every:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text + (addition if name in touched else ""))
        made.index.add_all()
        parents = [] if made.head_is_unborn else [made.head.target]
        made.create_commit("refs/heads/main", author, author, "a change", made.index.write_tree(), parents)
    made.index.write()
    return path


def _gate(path: Path, *arguments: str) -> float:
    code = "import sys; from assess.cli import main; main()"
    return _run(sys.executable, "-c", code, "gate", "--repo", str(path), "--base", "HEAD~1", "--engine", "rego", *arguments, may=(0, 1))


def _conftest(conftest: Path, path: Path, directory: Path) -> float:
    """The same policies on every file that one of them may judge, each asked by its own package."""
    catalogue = load()
    folder = directory / "conftest"
    for name, text in catalogue.sources().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    read = [str(p) for p in sorted(path.rglob("*")) if p.suffix in (".yml", ".yaml", ".tf") and ".git/" not in str(p)]
    packages = [part for policy in catalogue.policies for part in ("--namespace", policy.package)]
    return _run(str(conftest), "test", "--policy", str(folder), *packages, "--output", "json", *read, may=(0, 1, 2))


def _checkov(path: Path) -> float:
    place = str(Path(sys.executable).with_name("checkov"))
    return _run(
        place, "-d", str(path), "--quiet", "--compact", "-o", "json", "--framework", "terraform", "kubernetes", "github_actions", may=(0, 1)
    )


def _run(*command: str, may: tuple[int, ...] = (0,)) -> float:
    """The CPU seconds of a process and of those that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    env = {**{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}, "CHECKOV_RUN_SCA_PACKAGE_SCAN_V2": "false"}
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, check=False)
    assert done.returncode in may, done.stderr.decode()[-2000:]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
