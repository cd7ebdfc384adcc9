"""`gate --plan` on plans that a real OpenTofu made: what they add, where it stands, and what nobody knows before the apply."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assess.gate import gate
from assess.policy.gate.result import State
from tests.worlds import commit

PLUGINS = Path(os.environ.get("IDP_TERRAFORM_PLUGINS", "/opt/tf-plugins"))
MAIN = """
terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "unused"
  secret_key                  = "unused"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
resource "aws_db_instance" "main" {
  identifier        = "shop"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  engine            = "postgres"
  username          = "shop"
  password          = aws_sns_topic.orders.arn
  kms_key_id        = aws_kms_key.main.arn
}
resource "aws_kms_key" "main" {}
resource "aws_sns_topic" "orders" {
  name = "orders"
}
"""
STATE = {
    "version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "outputs": {},
    "resources": [{
        "mode": "managed", "type": "aws_kms_key", "name": "old", "provider": 'provider["registry.opentofu.org/hashicorp/aws"]',
        "instances": [{"schema_version": 0, "attributes": {"id": "k", "arn": "arn:aws:kms:eu-west-1:1:key/k", "key_id": "k"}}],
    }],
}  # fmt: skip


@pytest.fixture
def planned(need_tool: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """A function that plans a directory and gives the plan as JSON; no network, no refresh."""
    if not (PLUGINS / "registry.terraform.io/hashicorp/aws").is_dir():
        pytest.skip(f"needs the AWS provider in {PLUGINS} (IDP_TERRAFORM_PLUGINS)")
    tofu = need_tool("tofu")

    def make(main: str, state: Any = None) -> Path:
        root = tmp_path / "tf"
        root.mkdir(exist_ok=True)
        (root / "main.tf").write_text(main.replace('"hashicorp/aws"', '"registry.terraform.io/hashicorp/aws"'))
        if state:
            text = json.dumps(state).replace("registry.opentofu.org", "registry.terraform.io")
            (root / "terraform.tfstate").write_text(text)
        (tmp_path / "rc").write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{PLUGINS}" }}\n}}\n')
        env = {**os.environ, "TF_CLI_CONFIG_FILE": str(tmp_path / "rc"), "CHECKPOINT_DISABLE": "1"}
        for step in (["init"], ["plan", "-refresh=false", "-out=plan"]):
            done = subprocess.run(
                [tofu, f"-chdir={root}", *step, "-no-color"], env=env, capture_output=True, text=True, timeout=300, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
        shown = subprocess.run([tofu, f"-chdir={root}", "show", "-json", "plan"], env=env, capture_output=True, text=True, check=True)
        (tmp_path / "plan.json").write_text(shown.stdout)
        return tmp_path / "plan.json"

    return make


@pytest.mark.tool
def test_a_plan_that_loses_data_fails_and_what_is_not_known_yet_does_not(planned: Callable[..., Path], tmp_path: Path) -> None:
    plan = planned(MAIN, STATE)
    commit(tmp_path / "shop", {"infra/main.tf": MAIN, "README.md": "x"})
    path = commit(tmp_path / "shop", {"infra/main.tf": MAIN, "README.md": "y"})
    result = gate(path, "HEAD~1", engines=("rego",), plan=plan, plan_root="infra")
    assert [(one.finding.policy, one.finding.at.path) for one in result.blocking] == [("PLAN-001", "plan.json")]
    assert "aws_kms_key.old" in result.blocking[0].finding.message
    assert {one.finding.verdict.value for one in result.of(State.NOTED)} <= {"not_observed"}
    assert result.engines[-1].name == "plan"
    assert "unused" not in repr(result)


@pytest.mark.tool
def test_a_plan_that_only_adds_passes(planned: Callable[..., Path], tmp_path: Path) -> None:
    commit(tmp_path / "shop", {"infra/main.tf": MAIN, "README.md": "x"})
    path = commit(tmp_path / "shop", {"infra/main.tf": MAIN, "README.md": "y"})
    result = gate(path, "HEAD~1", engines=("rego",), plan=planned(MAIN), plan_root="infra")
    assert [one.finding.policy for one in result.blocking] == []
