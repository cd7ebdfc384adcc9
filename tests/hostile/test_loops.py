"""Things that call themselves, or each other: the chain ends, and what it does is still told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.hostile.conftest import HEALTHY, Beside
from tests.hostile.raw import Raw

Scanned = Callable[..., Beside]
ROOT = HEALTHY["infra/main.tf"]


def start(step: str) -> str:
    """A workflow of one step."""
    return f"on: {{push: {{branches: [main]}}}}\njobs:\n  apply:\n    steps:\n      - {step}\n"


def test_loops_of_every_sort(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    raw.commit(raw.files({
        "infra/main.tf": ROOT,
        ".github/workflows/a.yml": "on: push\njobs:\n  x: {uses: ./.github/workflows/b.yml}\n  y: {uses: ./.github/workflows/a.yml}\n",
        ".github/workflows/b.yml": "on: workflow_call\njobs:\n  x: {uses: ./.github/workflows/a.yml}\n",
        ".github/workflows/c.yml": start("uses: ./.github/actions/one"),
        ".github/actions/one/action.yml": "runs: {using: composite, steps: [{uses: ./.github/actions/two}, {run: terraform -chdir=infra apply}]}\n",
        ".github/actions/two/action.yml": "runs: {using: composite, steps: [{uses: ./.github/actions/one}, {uses: ./.github/actions/two}]}\n",
        "Makefile": "a: b\n\tmake b\nb: a\n\t$(MAKE) a\n\t./go.sh\nself: self\ninclude Makefile\n", "go.sh": "#!/bin/sh\n. ./go.sh\nmake a\n./back.sh\n",
        "back.sh": "#!/bin/sh\n./go.sh\n", "Taskfile.yml": "version: '3'\nincludes: {x: ./Taskfile.yml}\ntasks: {a: [{task: b}], b: [{task: a}], c: {deps: [c]}}\n",
        "justfile": "a: b\n\tjust b\nb: a\n\tjust a\n", "package.json": '{"scripts": {"a": "npm run b", "b": "npm run a"}}',
        ".gitlab-ci.yml": "include: [{local: /.gitlab-ci.yml}]\n.a: {extends: .b}\n.b: {extends: .a}\njob: {extends: [.a, job], script: [!reference [job, script]]}\n",
        "azure-pipelines.yml": "steps: [{template: azure-pipelines.yml}]\n", "kustomization.yaml": "resources: [., k, ../, ./k/../k]\n",
        "k/kustomization.yaml": "resources: [../, ., ../k]\n", "helmfile.yaml": "helmfiles: [{path: helmfile.yaml}]\nreleases: [{name: x, chart: ./}]\n",
        "tf/a/main.tf": 'module "b" {\n  source = "../b"\n}\n', "tf/b/main.tf": 'module "a" {\n  source = "../a"\n}\nmodule "self" {\n  source = "."\n}\n',
        "argo/app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: self}\nspec: {source: {repoURL: '', path: argo}}\n",
        "argo/set.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n  generators: [{git: {files: [{path: '**/*.yaml'}]}}]\n"
        "  template: {metadata: {name: '{{name}}'}, spec: {source: {repoURL: '', path: '{{path}}'}}}\n",
        "tg/a/terragrunt.hcl": 'include "root" {\n  path = "../b/terragrunt.hcl"\n}\ninclude "self" {\n  path = "terragrunt.hcl"\n}\ndependency "b" {\n  config_path = "../b"\n}\n',
        "tg/b/terragrunt.hcl": 'include "root" {\n  path = find_in_parent_folders("terragrunt.hcl")\n}\ndependency "a" {\n  config_path = "../a"\n}\nterraform {\n  source = "."\n}\n',
        "ci/jobs.yml": "jobs: [{template: steps.yml}]\n", "ci/steps.yml": "steps: [{template: jobs.yml}, {template: ../ci/steps.yml}, {template: /azure-pipelines.yml}]\n",
        "gl/a.yml": "include: [{local: gl/b.yml}]\na: {extends: b}\n", "gl/b.yml": "include: [{local: /gl/a.yml}, {local: '**.yml'}]\nb: {extends: a}\n",
        "inc/x.mk": "include x.mk\ninclude ../Makefile\nx: y\ny: x\n\tmake -C . x\n", "inc/Makefile": "include *.mk\nall:\n\t$(MAKE) -C ../inc all\n",
        "sub/helmfile.yaml": "bases: [helmfile.yaml, ../helmfile.yaml]\nhelmfiles: [../helmfile.yaml, ./*.yaml]\n", "sub/skaffold.yaml": "apiVersion: skaffold/v2beta1\nkind: Config\nrequires: [{path: .}]\n",
        "play/site.yml": "- import_playbook: site.yml\n- hosts: all\n  tasks: [{include_tasks: site.yml}]\n",
        "comp/kustomization.yaml": "components: [../comp]\nbases: [.]\ncomponents: [../comp/./]\n",
        "flux/ks.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: self}\nspec: {path: ./flux, dependsOn: [{name: self}]}\n",
    }))  # fmt: skip
    sick = scanned(raw.path)
    (unit,) = [unit for unit in sick.units if unit.path == "infra"]
    assert unit.declared == (3, 3)


def test_a_chain_longer_than_the_cap(tmp_path: Path, scanned: Scanned) -> None:
    """Where following ends, what lies beyond is unknown: not a certain *nobody runs it*."""
    raw = Raw(tmp_path / "sick")
    scripts = {f"s{n}.sh": f"#!/bin/sh\n./s{n + 1}.sh\n" for n in range(60)}
    raw.commit(raw.files({
        "infra/main.tf": ROOT, ".github/workflows/c.yml": start("run: ./s0.sh"), **scripts, "s60.sh": "#!/bin/sh\nterraform -chdir=infra apply\n",
    }))  # fmt: skip
    (unit,) = [unit for unit in scanned(raw.path).units if unit.path == "infra"]
    assert unit.declared[1] >= 3


def test_a_fan_of_calls_is_bounded(tmp_path: Path, scanned: Scanned) -> None:
    """Twelve layers of twelve targets, each calling all of the next: 12^12 paths, walked once each."""
    raw = Raw(tmp_path / "sick")
    rules = [
        f"t{layer}_{n}: " + " ".join(f"t{layer + 1}_{m}" for m in range(12)) + "\n\tterraform apply\n"
        for layer in range(12)
        for n in range(12)
    ]
    jobs = "".join(f"  j{n}: {{steps: [{{run: make t0_{n % 12}}}]}}\n" for n in range(100))
    raw.commit(raw.files({"infra/main.tf": ROOT, "Makefile": "".join(rules), ".github/workflows/c.yml": f"on: push\njobs:\n{jobs}"}))
    assert "infra" in [unit.path for unit in scanned(raw.path).units]


def test_stars_that_match_everything(tmp_path: Path, scanned: Scanned) -> None:
    raw = Raw(tmp_path / "sick")
    scripts = {f"bin/{'a' * n}.sh": "#!/bin/sh\nbash bin/$X$Y$Z$X$Y$Z$X$Y$Z.sh\n" for n in range(1, 120)}
    raw.commit(raw.files({"infra/main.tf": ROOT, **scripts, ".github/workflows/c.yml": start("run: bash bin/$A$B$C$D$E$F$G.sh")}))
    assert "infra" in [unit.path for unit in scanned(raw.path).units]


def test_many_of_everything_links_in_time(tmp_path: Path, scanned: Scanned) -> None:
    """Linking is not quadratic in what matters: 400 roots, 400 jobs, 400 objects."""
    raw = Raw(tmp_path / "sick")
    files = {f"r{n}/main.tf": ROOT for n in range(400)}
    files |= {f".github/workflows/w{n}.yml": start(f"run: terraform -chdir=r{n} apply") for n in range(400)}
    files |= {
        f"a/app{n}.yaml": f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a{n}}}\nspec: {{source: {{repoURL: '', path: k{n}}}}}\n"
        for n in range(400)
    }
    files |= {f"k{n}/x.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x{n}}}\n" for n in range(400)}
    raw.commit(raw.files(files))
    assert len(scanned(raw.path).units) >= 400
