"""What a Terraform root says of how it wants to be run, and where it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from assess.model.fact import Fact, Procedure, TerraformRoot
from assess.model.target import Location, Source, Target
from assess.model.unit import Unit
from assess.remedy.evidence import Ask, Evidence, forge_of
from assess.remedy.fill import Stopped, fill
from assess.remedy.library import load_library
from assess.remedy.readers import READERS

BACKEND = 'terraform {\n  backend "s3" {\n    bucket = "state"\n    key = "infra"\n  }\n}\n'


@dataclass
class Files:
    """A tree in memory."""

    files: Mapping[str, str]
    default_branch: str = "main"

    @property
    def paths(self) -> list[str]:
        return sorted(self.files)

    def read(self, path: str) -> bytes | None:
        return self.files[path].encode() if path in self.files else None


def evidence(
    files: Mapping[str, str], path: str = "infra", *, branch: str = "main", facts: tuple[Fact, ...] = (), **target: str
) -> Evidence:
    at = Location(target="shop", path=f"{path}/main.tf", line=1)
    root = TerraformRoot(at=at, path=path, backend="s3")
    unit = Unit(id=f"shop:{path}#terraform-root", kind="terraform-root", target="shop", path=path, at=at, items=(root,))
    return Evidence(Target(source=Source.GIT, label="shop", **target), unit, facts, Files(files, branch), load_library().pins)


def filled(files: Mapping[str, str], path: str = "infra", answers: Mapping[str, Any] | None = None) -> dict[str, tuple[Any, list[str]]]:
    """Every parameter of the scaffold: its value and the places that say so."""
    spec = load_library().scaffolds["delivery/terraform-pipeline"].spec
    params = fill(spec.params, evidence(files, path), answers or {})
    return {p.name: (p.value, [f"{at.path}:{at.line}" for at in p.at]) for p in params}


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        (">= 1.9, < 2.0", "1.15.5"),
        ("~> 1.5", "1.15.5"),
        ("~> 1.5.0", ">=1.5.0 <1.6"),
        ("1.4.6", "1.4.6"),
        ("= 1.4.6", "= 1.4.6"),
        (">= 0.12, < 1.6", ">= 0.12 < 1.6"),
        ("~> 0.14", ">=0.14 <1"),
    ],
)
def test_our_pin_is_taken_where_the_code_allows_it_else_what_the_code_allows(constraint: str, version: str) -> None:
    found = filled({"infra/main.tf": f'terraform {{\n  required_version = "{constraint}"\n}}\n'})
    assert found["engine_version"] == (version, ["infra/main.tf:2"])


def test_a_version_file_wins_over_the_constraint() -> None:
    found = filled({"infra/main.tf": 'terraform { required_version = ">= 1.0" }', ".terraform-version": "1.8.2\n"})
    assert found["engine_version"] == ("1.8.2", [".terraform-version:1"])


def test_open_tofu_is_known_by_its_lock_file() -> None:
    lock = 'provider "a" {}\nprovider "registry.opentofu.org/hashicorp/aws" {}\n'
    found = filled({"infra/main.tf": BACKEND, "infra/.terraform.lock.hcl": lock})
    assert found["engine"] == ("tofu", ["infra/.terraform.lock.hcl:2"])
    assert found["locked"] == (True, ["infra/.terraform.lock.hcl:1"])


def test_the_paths_hold_every_local_module_that_is_called_however_deep_each_with_the_call() -> None:
    found = filled(
        {
            "infra/main.tf": 'module "a" {\n  source = "../modules/a"\n}\nmodule "in" { source = "./inner" }\n',
            "infra/inner/main.tf": "",
            "modules/a/main.tf": '\nmodule "b" { source = "../b" }\n',
            "modules/b/main.tf": 'module "a" { source = "../a" }\nmodule "out" { source = "../../../elsewhere" }\n',
        }
    )
    assert found["paths"] == (
        ["infra/**", "modules/a/**", "modules/b/**"],
        ["infra/main.tf:1", "infra/main.tf:2", "modules/a/main.tf:2"],
    )


def test_a_root_at_the_top_is_touched_by_any_change() -> None:
    assert filled({"main.tf": BACKEND}, ".")["paths"][0] == []


def test_the_clouds_are_those_of_the_backend_the_providers_and_the_modules() -> None:
    found = filled(
        {
            "infra/main.tf": BACKEND + 'provider "azurerm" {}\nmodule "dns" { source = "../dns" }\n',
            "dns/main.tf": 'terraform {\n  required_providers {\n    g = { source = "hashicorp/google-beta" }\n  }\n}\n',
        }
    )
    assert found["clouds"] == (["aws", "azure", "google"], ["infra/main.tf:2", "infra/main.tf:7", "dns/main.tf:3"])


def test_what_no_cloud_gives_credentials_for_is_named() -> None:
    found = filled(
        {
            "infra/main.tf": 'resource "datadog_monitor" "m" {}\nresource "random_id" "r" {}\n'
            'module "m" {\n  source = "git@github.com:example/m.git"\n}\nmodule "n" { source = "hashicorp/n/aws" }\n',
        }
    )
    assert found["other_providers"] == (["datadog"], ["infra/main.tf:1"])
    assert found["private_modules"] == (["git@github.com:example/m.git"], ["infra/main.tf:4"])


def test_the_region_is_the_default_providers_literal_or_else_not_known() -> None:
    aliased = 'provider "aws" {\n  alias = "us"\n  region = "us-east-1"\n}\n'
    assert filled({"infra/main.tf": aliased + 'provider "aws" { region = "eu-west-1" }\n'})["region"] == (
        "eu-west-1",
        ["infra/main.tf:5"],
    )
    assert filled({"infra/main.tf": aliased + 'provider "aws" { region = var.region }\n'})["region"] == ("", [])


def test_settings_that_the_backend_leaves_open_become_variables() -> None:
    found = filled({"infra/main.tf": 'terraform {\n  backend "s3" {\n    bucket = "state"\n  }\n}\n'})
    assert found["backend_settings"] == ([{"key": "key", "variable": "TF_INFRA_BACKEND_KEY"}], ["infra/main.tf:2"])


def test_a_commented_setting_is_open_and_one_in_the_backends_file_is_not() -> None:
    files = {
        "infra/main.tf": 'terraform {\n  backend "s3" {\n    # key = "x"\n  }\n}\n',
        "infra/prod.tfbackend": 'bucket = "state"\n',
    }
    found = filled(files)
    assert found["backend_file"] == ("prod.tfbackend", ["infra/prod.tfbackend:1"])
    assert [setting["key"] for setting in found["backend_settings"][0]] == ["key"]


def test_an_input_variable_without_a_value_is_asked_for_and_a_sensitive_one_as_a_secret() -> None:
    found = filled(
        {
            "infra/main.tf": 'variable "a" {}\nvariable "b" { default = 1 }\nvariable "c" {}\nvariable "d" {\n  sensitive = true\n}\n',
            "infra/x.auto.tfvars": 'c = "here"\n',
            "infra/other.tfvars": 'a = "not loaded"\n',
        }
    )
    assert found["variables"] == (
        [
            {"name": "a", "variable": "TF_INFRA_A", "secret": False},
            {"name": "d", "variable": "TF_INFRA_D", "secret": True},
        ],
        ["infra/main.tf:1", "infra/main.tf:4"],
    )


@pytest.mark.parametrize(
    ("files", "stops", "param", "places"),
    [
        ({"infra/main.tf": "a = terraform.workspace\n"}, "which one does this pipeline", "workspace", ["infra/main.tf:1"]),
        (
            {"infra/main.tf": "", "infra/dev.tfbackend": "", "infra/prod.tfbackend": ""},
            "dev.tfbackend, prod.tfbackend", "backend_file", ["infra/dev.tfbackend:1", "infra/prod.tfbackend:1"],
        ),
        ({"infra/main.tf": "", "terragrunt.hcl": ""}, "Terragrunt runs this root", "", ["terragrunt.hcl:1"]),
        ({"infra/main.tf": 'terraform {\n  backend "s3" {\n    key = var.k\n  }\n}'}, "`key` uses", "", ["infra/main.tf:3"]),
    ],
)  # fmt: skip
def test_what_only_a_person_knows_is_asked_and_what_cannot_work_is_said(
    files: dict[str, str], stops: str, param: str, places: list[str]
) -> None:
    with pytest.raises(Stopped, match=stops) as stopped:
        filled(files)
    assert stopped.value.param == param
    assert [f"{at.path}:{at.line}" for at in stopped.value.at] == places


def test_an_answer_wins_over_evidence() -> None:
    found = filled({"infra/main.tf": "a = terraform.workspace\n"}, answers={"workspace": "live", "runner": "self-hosted"})
    assert (found["workspace"], found["runner"]) == (("live", []), ("self-hosted", []))


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"workspac": "live"}, "no parameter; did you mean 'workspace'?"),
        ({"branch": "main\nrun: curl"}, "safely"),
        ({"environment": "${{ github.head_ref }}"}, "safely"),
        ({"environment": "a b"}, "does not fit"),
        ({"locked": "yes"}, "no flag"),
        ({"paths": "infra/**"}, "no texts"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(answers: dict[str, Any], why: str) -> None:
    with pytest.raises(Stopped, match=why.replace("?", r"\?")):
        filled({"infra/main.tf": BACKEND}, answers=answers)


@pytest.mark.parametrize("path", ["a${{ github.event.pull_request.title }}", "a\nb", "-rf", "a*b", 'a"b'])
def test_a_directory_whose_name_would_mean_something_in_a_workflow_is_refused(path: str) -> None:
    with pytest.raises(Stopped, match="rename the directory"):
        filled({f"{path}/main.tf": BACKEND}, path)


def test_a_branch_that_the_clone_does_not_know_is_asked_for() -> None:
    with pytest.raises(Ask, match="Which branch"):
        READERS["repository.branch"](evidence({}, branch=""))


@pytest.mark.parametrize(
    ("files", "tool", "remote", "forge"),
    [
        ({}, "jenkins", "https://github.com/a/b", "jenkins"),
        ({".gitlab-ci.yml": ""}, "", "https://github.com/a/b", "gitlab"),
        ({".github/workflows/a.yml": ""}, "", "", "github"),
        ({}, "", "https://gitlab.example.org/a/b", "gitlab"),
        ({}, "", "", None),
    ],
)
def test_the_forge_is_where_pipelines_run_already_then_the_host(files: dict[str, str], tool: str, remote: str, forge: str | None) -> None:
    job = Procedure(at=Location(target="shop", path="Jenkinsfile", line=1), tool=tool, name="a", form="job")
    found = forge_of(evidence(files, facts=(job,) if tool else (), remote=remote))
    assert (found.value if found else None) == forge
