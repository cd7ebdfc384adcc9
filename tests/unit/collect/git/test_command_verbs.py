"""What a command line does: by its verb, whatever its files, environments and stacks are called."""

from __future__ import annotations

import pytest

from assess.collect.git.commands import analyse


def done(text: str) -> list[tuple[str, str, str]]:
    return [(command.does, command.tool, command.path) for command in analyse(text)[0]]


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("terraform apply plan.tfplan", "apply"),
        ("terraform apply plan", "apply"),
        ("terraform -chdir=envs/test apply -auto-approve", "apply"),
        ("terraform apply -var-file=env/test/x.tfvars", "apply"),
        ("terraform apply -var-file env/plan/x.tfvars", "apply"),
        ("terraform workspace select test", ""),
        ("terraform output -raw plan", ""),
        ("terraform state rm module.apply", ""),
        ("terraform test", "test"),
        ("terraform plan -out plan.tfplan", "plan"),
        ("terraform plan -detailed-exitcode -out=x", "drift"),
        ("terragrunt run-all apply --terragrunt-working-dir live/plan", "apply"),
        ("terragrunt --terragrunt-working-dir live/test run-all plan", "plan"),
        ("terragrunt run --all -- apply", "apply"),
        ("terragrunt --working-dir envs/validate apply", "apply"),
        ("pulumi up --stack preview", "apply"),
        ("pulumi -C infra -s preview up --yes", "apply"),
        ("pulumi preview --expect-no-changes", "drift"),
        ("kubectl apply -k overlays/diff", "deploy"),
        ("kubectl -n diff --context test apply -f x.yaml", "deploy"),
        ("kubectl apply --dry-run=server -f x.yaml", "lint"),
        ("kubectl apply --dry-run=none -f x.yaml", "deploy"),
        ("kubectl create -f x.yaml", "deploy"),
        ("kubectl create ns apply", "operate"),
        ("kubectl get pods -l app=delete", ""),
        ("helmfile --environment lint apply", "deploy"),
        ("helmfile -e template -f infra.yaml sync", "deploy"),
        ("helmfile -e prod diff", "plan"),
        ("helm -n lint upgrade --install shop ./chart", "deploy"),
        ("helm upgrade shop ./chart --dry-run", "lint"),
        ("helm repo index . --url https://charts.example", "publish"),
        ("helm repo add push https://charts.example", ""),
        ("ansible-playbook -i inventory/check site.yml", "configure"),
        ("ansible-playbook site.yml --check", "lint"),
        ("packer build validate.pkr.hcl", "apply"),
        ("aws s3 ls s3://create-delete", ""),
        ("aws ec2 run-instances --image-id x", "operate"),
        ("aws --region eu-west-1 cloudformation deploy --template-file t.yaml --stack-name validate-template", "apply"),
        ("gcloud config set project x", ""),
        ("npm run build -- test.js", "build"),
    ],
)
def test_the_verb_decides_not_the_names(text: str, does: str) -> None:
    assert [found[0] for found in done(text)] == ([does] if does else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flyctl deploy --remote-only", ("deploy", "flyctl", ".")),
        ("fly -a shop deploy", ("deploy", "flyctl", ".")),
        ("wrangler deploy", ("deploy", "wrangler", ".")),
        ("npx wrangler@3 pages publish dist", ("deploy", "wrangler", ".")),
        ("vercel --prod --token x", ("deploy", "vercel", ".")),
        ("netlify deploy --prod", ("deploy", "netlify", ".")),
        ("firebase deploy --only hosting", ("deploy", "firebase", ".")),
        ("eb deploy shop-prod", ("deploy", "eb", ".")),
        ("cf push shop -f manifest.yml", ("deploy", "cf", ".")),
        ("kapp deploy -a shop -f config/ -y", ("deploy", "kapp", "config")),
        ("werf converge --env prod", ("deploy", "werf", ".")),
        ("ko apply -f config/", ("deploy", "ko", "config")),
        ("ko resolve -f config/", ("publish", "ko", "config")),
        ("bosh -e prod -d delete deploy manifest.yml -n", ("apply", "bosh", ".")),
        ("rain deploy stack.yaml", ("apply", "cloudformation", ".")),
        ("New-AzResourceGroupDeployment -TemplateFile infra/main.bicep", ("apply", "arm", "infra/main.bicep")),
        ("New-AzSubscriptionDeployment -WhatIf -TemplateFile main.bicep", ("plan", "arm", "main.bicep")),
        ("$result = New-AzResourceGroupDeployment -TemplateFile main.bicep", ("apply", "arm", "main.bicep")),
        ("yarn cdk deploy --all", ("apply", "cdk", ".")),
        ("pnpm exec cdk deploy", ("apply", "cdk", ".")),
        ("nix run nixpkgs#opentofu -- apply", ("apply", "terraform", ".")),
        ("nix develop --command terraform -chdir=infra apply", ("apply", "terraform", "infra")),
        ("bash -c 'terraform apply'", ("apply", "terraform", ".")),
        ("ansible-galaxy collection publish x.tar.gz", ("publish", "ansible", ".")),
        ("ansible-galaxy role import me role", ("publish", "ansible", ".")),
        ("pdk release publish --force", ("publish", "puppet", ".")),
        ("knife supermarket share apache2", ("publish", "chef", ".")),
        ("stove --no-git", ("publish", "chef", ".")),
        ("pnpm -r publish", ("publish", "pnpm", ".")),
        ("helmfile -f infra/shop.yaml -e prod apply", ("deploy", "helmfile", "infra/shop.yaml")),
        ("docker run --rm -v $PWD/infra:/work -w /work hashicorp/terraform:1.9 apply", ("apply", "terraform", "infra")),
        ("docker run --rm -e A=b image:1 terraform -chdir=infra apply", ("apply", "terraform", "infra")),
        ("docker run --entrypoint terraform image:1 apply", ("apply", "terraform", ".")),
        ("docker run -it alpine/helm upgrade x ./chart", ("deploy", "helm", "chart")),
        ("docker compose -f ci.yml run --rm terraform apply", ("apply", "terraform", ".")),
        ("docker-compose run --rm tools terraform apply", ("apply", "terraform", ".")),
    ],
)  # fmt: skip
def test_tools_and_what_they_are_run_through(text: str, expected: tuple[str, str, str]) -> None:
    assert done(text) == [expected]


@pytest.mark.parametrize(
    "text", ["docker run --rm img", "docker compose run", "nix run .#deploy", "yarn run helm-docs", 'terraform "', "docker run -v"]
)
def test_nothing_is_made_of_what_says_nothing(text: str) -> None:
    assert done(text) == []
