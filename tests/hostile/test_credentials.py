"""Credentials planted wherever people leave them: none of them reaches a fact, an assessment or a report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assess.model.credentials import clean, redact, without_credentials
from assess.report import html, markdown, terminal
from assess.request import Request
from assess.run import assess, check, facts_of, observe
from assess.spec.wire import assessment_json
from tests.worlds import commit

WORD = "Planted{}Zq7"
"""A credential that nothing but its place gives away; each place gets its own number."""
FOUND = re.compile(r"Planted\d+Zq7")
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJQbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ"
SHAPES = ("glpat-" + "A1b2C3d4E5f6G7h8I9j0", "ghp_" + "a" * 36, "AKIA" + "ABCDEFGHIJKLMNOP", "xoxb-" + "123456789012-abcdef", JWT)
COMMANDS = (
    "sshpass -p X ssh deploy@shop.example uptime",
    "sshpass -pX scp shop.tgz deploy@shop.example:/srv",
    'rsync -e "sshpass -p X ssh" site deploy@shop.example:/srv',
    "kubectl create secret generic db --from-literal=user=X --from-literal=password=X",
    "kubectl create secret generic db --from-literal k=X -n shop",
    "kubectl create secret docker-registry r --docker-server=reg.example --docker-password X",
    "aws ssm put-parameter --name /shop/db --value X --type SecureString",
    'aws secretsmanager create-secret --name db --secret-string \'{"pin": "X"}\'',
    "kubectl apply -f https://X@git.example/shop/deploy.yaml",
    "kubectl apply -f https://me:X@git.example/shop/deploy.yaml",
    "kubectl apply -f 'https://git.example/shop/deploy.yaml?private_token=X&ref=main'",
    "helm upgrade --install shop oci://reg.example/shop --set db.password=X --namespace shop",
    'helm upgrade --install shop ./chart --set "db.password=X y" --namespace shop',
    "helm registry login reg.example -u me -p X && helm push shop.tgz oci://reg.example",
    "DB_PASSWORD=X terraform apply -auto-approve -var db_token=X",
    "terraform apply -var='token=X'",
    'ansible-playbook site.yml -e \'{"db_password": "X"}\'',
    'ansible-playbook site.yml -e "{\\"db_password\\": \\"X\\"}"',
    "ansible-playbook site.yml -i me:X@shop.example:22,",
    'curl -u me:X -H "PRIVATE-TOKEN: X" https://git.example/api | kubectl apply -f -',
    'az containerapp update -n shop --registry-password X --set-env-vars "API_KEY=X"',
    "az deployment group create -g shop --parameters adminPassword=X",
    "docker push me:X@reg.example/shop:1",
    "mysql -uroot -pX -e 'drop table t' | aws ec2 terminate-instances --instance-ids 'https://s3.example/a?X-Amz-Signature=X'",
    "gcloud compute instances create shop --metadata='api-key=X'",
    f"kubectl set env deploy/shop HEADER={JWT}",
    f"helm upgrade shop ./chart --set a={SHAPES[0]} --set b={SHAPES[1]} --set c={SHAPES[2]} --set d={SHAPES[3]}",
)
INNOCENT = (
    "kubectl create secret generic regcred",
    "kubectl apply -f k8s -n prod",
    "docker pull alpine:3@sha256:0123456789abcdef",
    "npm install shop@npm:shop-fork@1.2.3 --save",
    "ssh deploy@shop.example uptime",
    "docker login reg.example --username me --password-stdin && docker run -p 8080:80 shop",
    "terraform plan -var-file=prod.tfvars -lock=false",
    "aws secretsmanager get-secret-value --secret-id prod/db --region eu-west-1",
    "ansible-playbook --vault-password-file .vault site.yml",
    "git clone git@git.example:shop/infra.git",
    "helm upgrade --install shop oci://reg.example/shop --version 1.2.3",
    "sshpass -e ssh -p 2222 deploy@shop.example uptime",
)


def planted(text: str, numbers: Iterator[int]) -> str:
    """A text with a word of its own for each X that stands alone."""
    return re.sub(r"(?<![A-Za-z])X(?![\w-])|(?<= -p)X\b", lambda _: WORD.format(next(numbers)), text)


def world(numbers: Iterator[int]) -> dict[str, str]:
    """A repository with a credential in everything that we read."""
    runs = "".join(f"      - run: |\n          {line}\n" for line in COMMANDS)
    files = {
        ".github/workflows/deploy.yml": f"on: {{push: {{branches: [main]}}}}\njobs:\n  deploy:\n    steps:\n{runs}",
        ".gitlab-ci.yml": (
            "include:\n  - remote: https://oauth2:X@git.example/ci/deploy.yml?private_token=X\n  - https://X@git.example/ci/other.yml\n"
            "  - project: https://me:X@git.example/g/p\n    file: a.yml\n"
            "deploy:\n  script:\n    - sshpass -p X ssh me@shop.example\n    - kubectl --token X apply -f k8s\n"
            "other:\n  trigger: https://me:X@git.example/shop/other\n"
        ),
        "Dockerfile": "ARG REG=me:X@reg.example\nFROM --platform=linux/amd64 me:X@reg.example/base:1 AS a\nFROM X@reg.example/other\nFROM $REG/third\nRUN make\n",
        "infra/main.tf": (
            'terraform {\n  backend "s3" {}\n}\nmodule "a" {\n  source = "git::https://me:X@git.example/mods.git//a?ref=v1"\n}\n'
            'module "b" {\n  source = "git::https://git.example/mods.git//b?ref=v1&token=X"\n}\nprovider "aws" {\n  secret_key = "X"\n}\n'
            'resource "aws_db_instance" "db" {\n  password = "X"\n}\n'
        ),
        "k8s/kustomization.yaml": "resources:\n  - https://me:X@git.example/base//app?ref=v1\n  - app.yaml\n",
        "k8s/app.yaml": (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      containers:\n"
            "        - name: shop\n          image: me:X@reg.example/shop:1\n          env: [{name: DB_PASSWORD, value: X}]\n"
        ),
        "argo/app.yaml": (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  source: {repoURL: 'https://me:X@git.example/shop/deploy.git', "
            "path: apps, targetRevision: main}\n  syncPolicy: {automated: {selfHeal: true}}\n"
        ),
        "argo/scp.yaml": (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: scp}\nspec:\n  source: {repoURL: 'oauth2:X@git.example:shop/deploy.git', "
            "path: apps, targetRevision: main}\n"
        ),
        "flux/source.yaml": (
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: shop}\nspec: {url: 'https://me:X@git.example/shop.git'}\n---\n"
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop}\n"
            "spec: {path: ./apps, sourceRef: {kind: GitRepository, name: shop}}\n"
        ),
        "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n  - {name: db, version: 1.0.0, repository: 'https://me:X@charts.example'}\n",
        "chart/values.yaml": "password: X\n",
        "chart/templates/app.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {token: X}\n",
        "helmfile.yaml": "repositories:\n  - {name: a, url: 'https://me:X@charts.example'}\nreleases:\n  - {name: shop, chart: 'oci://me:X@reg.example/shop', version: 1.0.0}\n",
        "Makefile": "deploy:\n\tsshpass -p X ssh me@shop.example\n\tcurl -u me:X https://git.example/x | kubectl apply -f -\n",
        "deploy.sh": "#!/bin/sh\nexport TOKEN=X\naws ssm put-parameter --name a --value X --type SecureString\nkubectl apply -f https://X@git.example/a.yaml\n",
        "Jenkinsfile": "pipeline { agent any\n stages { stage('Deploy') { steps { sh 'sshpass -p X ssh me@shop.example && kubectl apply -f k8s --token=X' } } } }\n",
        "azure-pipelines.yml": "trigger: [main]\nsteps:\n  - script: az login -u me -p X && az webapp deploy --name shop\n  - template: deploy.yml@https://X@git.example\n",
        "README.md": "# Deploy\n\n1. Open the console and click Create.\n2. Run `kubectl apply -f https://me:X@git.example/a.yaml`.\n3. Click Save.\n4. Click Done.\n",
        "broken.yaml": "apiVersion: v1\nkind: Secret\nstringData: {password: X\n  : [}\n",
        ".github/workflows/broken.yml": "on: push\njobs: {a: {steps: [{run: 'deploy --token X'}]\n",
        ".github/workflows/uses.yml": "on: push\njobs:\n  a:\n    uses: https://me:X@git.example/ci/.github/workflows/a.yml@v1\n    secrets: {token: X}\n",
        "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop, annotations: {a: 'https://me:X@git.example'}}\nspec: {owner: 'me:X@shop.example', type: service}\n",
        "ansible/site.yml": "- hosts: all\n  vars: {ansible_password: X}\n  tasks:\n    - shell: sshpass -p X ssh a@b\n",
        "ansible/requirements.yml": "roles:\n  - src: https://me:X@git.example/role.git\n    name: role\n",
        "docker-compose.yml": "services:\n  db:\n    image: me:X@reg.example/db:1\n    environment: {POSTGRES_PASSWORD: X}\n",
    }  # fmt: skip
    return {path: planted(text, numbers) for path, text in files.items()}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that a run of the planted repository leaves, by name."""
    folder = tmp_path_factory.mktemp("planted")
    numbers = iter(range(1, 10_000))
    files = world(numbers)
    path = commit(folder / "shop", files, remote=planted("oauth2:X@gitlab.example:shop/infra.git", numbers))
    assert len(FOUND.findall("".join(files.values()))) > 70
    request = Request(targets=(str(path),))
    seen = observe(request)
    assessment = assess(request, seen, checked=check(request, seen))
    assert assessment.targets[0].read
    assert len(assessment.units) > 3
    assert assessment.findings
    facts = facts_of(seen).decode()
    assert "sshpass -p ***" in facts
    assert "sshpass -p***" in facts
    return {
        "facts": facts, "assessment.json": assessment_json(assessment).decode(), "terminal": terminal.render(assessment),
        "markdown": markdown.render(assessment), "html": html.render(assessment),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["facts", "assessment.json", "terminal", "markdown", "html"])
def test_no_planted_credential_is_shown(shown: dict[str, str], name: str) -> None:
    text = shown[name]
    leaks = {
        token: text[max(0, text.index(token) - 120) : text.index(token) + 30] for token in (*FOUND.findall(text), *SHAPES) if token in text
    }
    assert not leaks


def test_the_remote_keeps_its_address(shown: dict[str, str]) -> None:
    assert '"remote":"gitlab.example:shop/infra.git"' in shown["facts"]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_keeps_its_credential(command: str) -> None:
    written = planted(command, iter(range(1, 100)))
    told = redact(written)
    assert "***" in told
    assert not FOUND.search(told)
    assert not any(shape in told for shape in SHAPES)


@pytest.mark.parametrize("command", INNOCENT)
def test_what_is_no_credential_stays_as_it_is(command: str) -> None:
    assert redact(command) == command
    assert clean(command) == command


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "aws ssm put-parameter --name /a --value X --type SecureString",
            "aws ssm put-parameter --name /a --value *** --type SecureString",
        ),
        ("kubectl create secret generic x --from-literal=k=X -n a", "kubectl create secret generic x --from-literal=k=*** -n a"),
        ('rsync -e "sshpass -p X ssh -p 22" a me@b:c', 'rsync -e "sshpass -p *** ssh -p 22" a me@b:c'),
        ("helm upgrade a b --set 'db.password=X y' -n c", "helm upgrade a b --set 'db.password=***' -n c"),
        ('helm upgrade a b --set db.password="X y" -n c', "helm upgrade a b --set db.password=*** -n c"),
        ("docker login -u me -p X r && docker run -p 80:80 a", "docker login -u me -p *** r && docker run -p 80:80 a"),
    ],
)
def test_only_the_credential_is_masked(command: str, told: str) -> None:
    assert redact(command) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("oauth2:TOKEN@gitlab.com:g/r.git", "gitlab.com:g/r.git"),
        ("TOKEN@gitlab.com:g/r.git", "gitlab.com:g/r.git"),
        ("git@gitlab.com:g/r.git", "git@gitlab.com:g/r.git"),
        ("git:TOKEN@gitlab.com:g/r.git", "gitlab.com:g/r.git"),
        ("https://TOKEN@gitlab.com/g/r.git", "https://gitlab.com/g/r.git"),
        ("https://me:TO@KEN@gitlab.com/g/r.git?private_token=TOKEN#TOKEN", "https://gitlab.com/g/r.git"),
        ("ssh://git@gitlab.com/g/r.git", "ssh://git@gitlab.com/g/r.git"),
        ("ssh://git:TOKEN@gitlab.com/g/r.git", "ssh://gitlab.com/g/r.git"),
        ("ext::sh -c TOKEN", ""),
        ("/srv/git/a@b/shop.git", "/srv/git/a@b/shop.git"),
        ("../shop", "../shop"),
    ],
)
def test_an_address_without_its_credentials(written: str, told: str) -> None:
    assert without_credentials(written) == told


def test_a_failure_of_a_collector_does_not_tell_either(repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from assess.collect.git import located

    def fails(*_: object) -> None:
        raise ValueError("no answer from https://me:TOKEN@git.example/x?private_token=TOKEN")

    monkeypatch.setattr(located, "collect_repository", fails)
    (seen,) = observe(Request(targets=(str(repository({"a": "b"})),)))
    assert "TOKEN" not in seen.gaps[0].what
    assert "git.example" in seen.gaps[0].what


def test_redacting_takes_no_longer_for_hostile_text() -> None:
    for text in ("curl -u a:b --password x token=y " * 100_000, "token" * 100_000, "-" * 500_000, "a@" * 200_000, '"' * 200_000):
        assert len(redact(text)) <= 160
        clean(text)
