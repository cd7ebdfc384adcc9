"""Task runners, scripts, documents and markers."""

from __future__ import annotations

import time

import pytest

from assess.collect.git.extract import docker, documents, jenkins, markers, runners, scripts, task_runners
from assess.collect.git.file import Extractor, File
from assess.model.fact import Dockerfile, Fact, Ownership, Procedure, Runbook, ToolMarker


def facts(extractor: Extractor, path: str, text: str) -> list[Fact]:
    return [fact for fact in extractor.run(File("t", path, text.encode())) if isinstance(fact, Fact)]


def procedures(extractor: Extractor, path: str, text: str) -> dict[str, Procedure]:
    return {fact.name: fact for fact in facts(extractor, path, text) if isinstance(fact, Procedure)}


def test_make_targets_with_constants_prerequisites_and_patterns() -> None:
    text = (
        "TF_DIR := infra\n\nall: plan\n\nplan: fmt\n\t@cd $(TF_DIR) && terraform plan\n\ndeploy-%: plan\n"
        "\thelm upgrade x \\\n\t--install \\\n\t./chart\n\t$(MAKE) -C sub apply\n"
    )
    found = procedures(runners.MAKE, "ops/Makefile", text)
    plan = found["make:ops#plan"]
    assert [(c.does, c.path, c.line) for c in plan.commands] == [("plan", "ops/infra", 6)]
    assert [c.name for c in plan.calls] == ["make:ops#fmt"]
    deploy = found["make:ops#deploy-%"]
    assert [(c.does, c.path) for c in deploy.commands] == [("deploy", "ops/chart")]
    assert "make:ops/sub#apply" in [c.name for c in deploy.calls]
    assert [c.name for c in found["make:ops#"].calls] == ["make:ops#all"]


def test_a_value_that_looks_like_a_secret_is_not_put_into_a_command() -> None:
    found = procedures(runners.MAKE, "Makefile", "DB_PASSWORD = hunter2\ngo:\n\taws rds modify --x $(DB_PASSWORD)\n")
    assert "hunter2" not in repr(found)


def test_just_recipes_in_one_shell_or_line_by_line() -> None:
    text = "dir := 'infra'\n\nup env='dev': fmt\n    cd {{dir}} && terraform apply\n    terraform plan\n\nfmt:\n    echo\n"
    found = procedures(runners.JUST, "justfile", text)
    assert [(c.does, c.path) for c in found["just:.#up"].commands] == [("apply", "infra"), ("plan", ".")]
    assert [c.name for c in found["just:.#up"].calls] == ["just:.#fmt"]


def test_taskfile_package_json_and_invoke() -> None:
    task = procedures(task_runners.TASK, "Taskfile.yml", "tasks:\n  up:\n    dir: infra\n    deps: [f]\n    cmds:\n    - terraform apply\n")
    assert [(c.does, c.path, c.line) for c in task["task:.#up"].commands] == [("apply", "infra", 6)]
    npm = procedures(task_runners.PACKAGE, "app/package.json", '{"scripts": {"up": "cdk deploy", "say": "echo hi"}}')
    assert set(npm) == {"npm:app#up", "yarn:app#up", "pnpm:app#up"}
    fab = procedures(
        task_runners.PYTHON_TASKS,
        "tasks.py",
        'from invoke import task\n@task\ndef roll_out(c):\n    c.run("helm upgrade x ./x")\n',
    )
    assert [(c.does, c.line) for c in fab["invoke:.#roll-out"].commands] == [("deploy", 4)]


def test_a_shell_script_knows_its_own_place() -> None:
    text = '#!/bin/bash\nDIR="$(cd "$(dirname "$0")" && pwd)"\ncd "$DIR/../infra"\nterraform apply\n'
    found = procedures(scripts.SHELL, "bin/deploy", text)["bin/deploy"]
    assert [(c.does, c.path, c.line) for c in found.commands] == [("apply", "infra", 4)]
    assert facts(scripts.SHELL, "hello.sh", "#!/bin/sh\necho hi\n") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("import boto3\nec2 = boto3.client('ec2')\nec2.delete_volume(VolumeId='x')\n", 1),
        ("import subprocess\nif __name__ == '__main__':\n    subprocess.run(['terraform', 'apply'])\n", 1),
        ("import boto3\n\nclass Store:\n    def save(self):\n        self.s3.create_bucket(Bucket='x')\n", 0),
        ("from django.db import models\nimport boto3\nboto3.client('ec2').run_instances()\n", 0),
    ],
)
def test_python_counts_only_where_it_operates(text: str, count: int) -> None:
    assert len(facts(scripts.PYTHON, "ops.py", text)) == count


def test_powershell_deployments_and_cmdlets() -> None:
    text = "<# New-AzVM #>\nNew-AzResourceGroupDeployment `\n  -TemplateFile x.json\nRemove-AzVM -Name x\n"
    found = procedures(scripts.POWERSHELL, "x.ps1", text)["x.ps1"]
    assert [(c.does, c.line) for c in found.commands] == [("apply", 2), ("operate", 4)]


def test_a_runbook_needs_three_steps_in_a_console() -> None:
    steps = "1. Open the AWS Management Console and click **EC2**\n2. Click **Launch**\n3. Click **Create**\n"
    found = facts(documents.DOCUMENTS, "docs/vm.md", "# VM\n\n" + steps)
    assert [(f.console_steps, f.at.line) for f in found if isinstance(f, Runbook)] == [(3, 3)]
    assert facts(documents.DOCUMENTS, "docs/vm.md", "Click here for the AWS console.\n\n* `kubectl get pods`\n") == []
    typed = "1. `kubectl apply -f a.yaml`\n2. `helm upgrade x ./x`\n3. `terraform apply`\n"
    assert [f.command_steps for f in facts(documents.DOCUMENTS, "a.md", typed) if isinstance(f, Runbook)] == [3]


def test_images_markers_and_owners() -> None:
    image = facts(docker.DOCKERFILE, "Dockerfile", "ARG V=3.12\nFROM python:$V AS build\nFROM build\nFROM scratch\n")[0]
    assert isinstance(image, Dockerfile)
    assert (image.base, image.at.line) == (("python:3.12",), 2)
    assert facts(docker.COMPOSE, "compose.yml", "a: 1\n") == []
    marker = facts(markers.MARKERS, ".tflint.hcl", "{}")[0]
    assert isinstance(marker, ToolMarker)
    assert (marker.tool, marker.category) == ("tflint", "policy")
    owners = facts(markers.CODEOWNERS, "CODEOWNERS", "# all\n* @org/a\n/infra/ @org/b ops@example.org # x\nfree\n")
    pairs = [(o.path, o.owner, o.at.line) for o in owners if isinstance(o, Ownership)]
    assert pairs == [("**", "@org/a", 2), ("infra/**", "@org/b", 3), ("infra/**", "ops@example.org", 3), ("**/free", "", 4)]


@pytest.mark.parametrize("unit", ["\n", " ", "a ", "'''", "/*", "{", "(", "\\\n", "a:\n", "\t$(", '"', "click ", "1. ", "`", "#"])
def test_hostile_text_takes_no_time(unit: str) -> None:
    text = (unit * 200_000)[:300_000]
    every = [e for m in (docker, documents, jenkins, markers, runners, scripts, task_runners) for e in vars(m).values()
             if isinstance(e, Extractor)]  # fmt: skip
    for extractor in every:
        path = "Makefile" if extractor.name == "make" else "x.sh" if extractor.name == "shell" else "x.py"
        file = File("t", path, text.encode())
        started = time.process_time()
        if not extractor.marks or extractor.marks.search(file.content):
            list(extractor.run(file))
        assert time.process_time() - started < 5, extractor.name
