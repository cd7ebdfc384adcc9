"""Shell text as commands: what each line does, with which tool, and on which path."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.collect.git.commands import analyse
from assess.collect.git.paths import join


@pytest.mark.parametrize(
    ("line", "does", "tool", "path"),
    [
        ("terraform apply -auto-approve", "apply", "terraform", "."),
        ("terraform -chdir=infra/prod apply", "apply", "terraform", "infra/prod"),
        ("tofu -chdir=infra apply", "apply", "terraform", "infra"),
        ("terraform plan -out x", "plan", "terraform", "."),
        ("terraform plan -detailed-exitcode", "drift", "terraform", "."),
        ("terraform fmt -check", "lint", "terraform", "."),
        ("terraform validate", "lint", "terraform", "."),
        ("terragrunt run-all apply --terragrunt-working-dir live", "apply", "terragrunt", "live"),
        ("kubectl apply -f k8s/", "deploy", "kubectl", "k8s"),
        ("kubectl -n shop apply -k overlays/prod", "deploy", "kubectl", "overlays/prod"),
        ("kubectl apply --dry-run=server -f k8s", "lint", "kubectl", "k8s"),
        ("kubectl scale deploy/shop --replicas 3", "operate", "kubectl", "."),
        ("oc new-app shop", "operate", "kubectl", "."),
        ("helm upgrade --install shop ./charts/shop", "deploy", "helm", "charts/shop"),
        ("helm template x charts/shop", "lint", "helm", "charts/shop"),
        ("helmfile sync", "deploy", "helmfile", "."),
        ("ansible-playbook -i hosts site.yml", "configure", "ansible-playbook", "site.yml"),
        ("ansible-playbook site.yml --check", "lint", "ansible-playbook", "site.yml"),
        ("pulumi up --yes", "apply", "pulumi", "."),
        ("cdk deploy", "apply", "cdk", "."),
        ("aws cloudformation deploy --template-file stacks/a.yaml", "apply", "aws", "stacks/a.yaml"),
        ("aws ec2 run-instances", "operate", "aws", "."),
        ("aws s3 sync dist s3://x", "upload", "aws", "."),
        ("az deployment group create -f main.bicep", "apply", "az", "main.bicep"),
        ("docker build -t x .", "build", "docker", "."),
        ("docker push x", "publish", "docker", "."),
        ("sudo apt-get install -y nginx", "host", "apt-get", "."),
        ("ssh web@host 'restart'", "operate", "ssh", "."),
        ("conftest test x", "policy", "conftest", "."),
        ("A=1 B='x y' terraform apply", "apply", "terraform", "."),
        ("if terraform apply; then", "apply", "terraform", "."),
        ("time sudo -E terraform apply", "apply", "terraform", "."),
        ("aws-vault exec prod -- terraform apply", "apply", "terraform", "."),
        ("/usr/local/bin/terraform apply", "apply", "terraform", "."),
        ("terraform.exe apply", "apply", "terraform", "."),
    ],
)
def test_one_line(line: str, does: str, tool: str, path: str) -> None:
    (command, *more), _ = analyse(line)
    assert not more
    assert (command.does, command.tool, command.path, command.line) == (does, tool, path, 1)


@pytest.mark.parametrize(
    "text",
    [
        "echo terraform apply", "# terraform apply", "printf 'kubectl apply -f x'", "cat <<EOF\nterraform apply\nEOF", "grep -r 'terraform apply' .",
        "export X='terraform apply'", "terraform version", "kubectl get pods", "helm list", "aws s3 ls", "terraform-docs .", "myterraform apply", "",
        "cat <<'E' > run.sh\nkubectl apply -f x\nE\n", "cat > x <<-END\n\tterraform apply\n\tEND",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_command(text: str) -> None:
    assert analyse(text)[0] == []


def test_lines_directories_and_continuations() -> None:
    text = "set -e\ncd infra\n\nterraform init && terraform apply \\\n  -auto-approve\ncd ../k8s; kubectl apply -f .\n"
    commands, _ = analyse(text, first_line=10)
    assert [(c.does, c.path, c.line) for c in commands] == [("apply", "infra", 13), ("deploy", "k8s", 15)]


def test_it_starts_where_it_is_told() -> None:
    ((command,), _) = analyse("terraform apply", "live/prod")
    assert command.path == "live/prod"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("make deploy", "make:.#deploy"), ("make -C infra deploy ENV=prod", "make:infra#deploy"), ("make", "make:.#"), ("just up", "just:.#up"),
        ("task apply", "task:.#apply"), ("npm run deploy", "npm:.#deploy"), ("./deploy.sh prod", "deploy.sh"), ("bash scripts/deploy.sh", "scripts/deploy.sh"),
        ("source ./lib.sh", "lib.sh"), ("python3 tools/x.py", "tools/x.py"), ("cd a && ./b.sh", "a/b.sh"), ("./run-$ENV.sh", "run-*.sh"),
        ("make deploy-${ENV}", "make:.#deploy-*"), ("bash scripts/${{ inputs.name }}.sh", "scripts/*.sh"),
    ],
)  # fmt: skip
def test_calls(line: str, name: str) -> None:
    assert name in [call.name for call in analyse(line)[1]]


@pytest.mark.parametrize(
    ("line", "resolved"),
    [("terraform -chdir=$DIR apply", False), ("terraform -chdir=a/${X} apply", False), ("terraform -chdir=a apply", True)],
)
def test_a_path_that_is_an_expression_is_not_resolved(line: str, resolved: bool) -> None:
    ((command,), _) = analyse(line)
    assert command.resolved is resolved


@pytest.mark.parametrize(
    ("where", "path", "joined"),
    [
        (".", "a/b", "a/b"), ("a", "../b", "b"), ("a", "../../../b", "b"), (".", "./", "."), ("a", ".", "a"), ("a", "..", "."),
        ("a", "/etc", "/etc"), ("a", "~/x", "~/x"), ("a", "$X/b", "$X/b"), ("a", "$GITHUB_WORKSPACE/b", "b"), ("a", "$(pwd)/b", "a/b"),
        ("a", "'b'", "a/b"), (".", "../..", "."),
    ],
)  # fmt: skip
def test_joining_stays_inside(where: str, path: str, joined: str) -> None:
    assert join(where, path) == joined


@pytest.mark.parametrize(
    "line",
    [
        "terraform apply -var password=hunter2", "terraform apply -var 'db_password=hunter2'", "helm upgrade x y --set token=hunter2",
        "terraform apply -var api_key=hunter2", "kubectl create secret generic x --from-literal=password=hunter2",
        "docker push https://robin:hunter2@registry.example.org/x", "ansible-playbook site.yml -e secret=hunter2",
        "terraform apply -var x=ghp_hunter2hunter2hunter2hunter2", "aws ec2 run-instances --secret-access-key hunter2", "PASSWORD=hunter2 terraform apply",
    ],
)  # fmt: skip
def test_credentials_do_not_stay_in_a_command(line: str) -> None:
    commands, calls = analyse(line)
    assert commands
    assert "hunter2" not in repr((commands, calls))


@settings(deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "terraform",
                "kubectl",
                "helm",
                "make",
                "sudo",
                "docker",
                "aws",
                "apply",
                "-f",
                "&&",
                "|",
                ";",
                "$(",
                "`",
                "'",
                '"',
                "<<E",
                "\n",
                "\\\n",
                "cd",
                "=",
                "$X",
            ]
        )
    ).map(" ".join)
)
def test_any_text(text: str) -> None:
    commands, calls = analyse(text, "a/b", 5)
    for one in (*commands, *calls):
        assert 5 <= one.line <= 5 + text.count("\n")
    for command in commands:
        assert len(command.text) <= 160
        assert not command.path.startswith("../")
        assert "\n" not in command.text


@pytest.mark.parametrize(
    "unit", ["a=b ", "sudo ", "terraform ", "a && ", "((((", "$(", "'", "cd a; ", "\\\n", "- ", "-x y ", "if ", "<<E\n"]
)
def test_time_is_linear(unit: str) -> None:
    start = time.process_time()
    analyse(unit * (100_000 // len(unit)) + " apply")
    assert time.process_time() - start < 10
