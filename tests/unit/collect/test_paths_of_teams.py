"""One repository of many teams: each unit belongs to the team of its path, as the estate file, catalogs and CODEOWNERS say."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.git.extract.markers import codeowners
from assess.collect.git.file import File
from assess.collect.link.estate import link
from assess.collect.owners import owned, owners
from assess.collect.seen import Seen
from assess.model.fact import Ownership
from assess.model.target import Location
from assess.model.unit import Unit
from assess.spec.estate import Estate, Owns, Team
from tests.worlds import commit

ROOT = 'terraform {\n  backend "s3" {}\n}\nresource "aws_vpc" "x" {}\n'
DIRECTORIES = ("apps/pay/infra", "apps/pay/legacy", "apps/shop/infra", "platform/net", "sandbox/x")
ENTITY = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: x
  annotations: {%s}
spec: {type: service, owner: %s}
"""


def collected(path: Path, label: str, files: dict[str, str]) -> Seen:
    return collect_repository(commit(path / label, files, remote=f"https://github.com/acme/{label}.git"), label)


def teams(tmp_path: Path, files: dict[str, str], estate: Estate | None = None, **others: dict[str, str]) -> dict[str, str]:
    """The team of each root of the repository `mono`, by its directory."""
    roots = {f"{directory}/main.tf": ROOT for directory in DIRECTORIES}
    seen = [collected(tmp_path, "mono", roots | files), *(collected(tmp_path, label, own) for label, own in others.items())]
    found = link(seen)
    facts = {one.target.label: [f for f in found.facts if f.at.target == one.target.label] for one in seen}
    named = owners(found.units, facts, estate or Estate(), found.targets)
    return {unit.path: named.get(unit.id, "") for unit in found.units if unit.target == "mono"}


def test_the_last_line_that_covers_a_path_names_its_team(tmp_path: Path) -> None:
    lines = "* @acme/platform\n/apps/ @acme/apps\n/apps/pay/ @acme/pay @acme/second\n/apps/*/legacy/ @acme/old\n/sandbox/\n"
    assert teams(tmp_path, {"CODEOWNERS": lines}) == {
        "apps/pay/infra": "pay", "apps/pay/legacy": "old", "apps/shop/infra": "apps", "platform/net": "platform", "sandbox/x": "",
    }  # fmt: skip


def test_a_later_line_for_everything_takes_all_back(tmp_path: Path) -> None:
    assert set(teams(tmp_path, {"CODEOWNERS": "/apps/pay/ @acme/pay\n* @acme/platform\n"}).values()) == {"platform"}


def test_entities_in_directories_name_the_team_of_what_lies_below(tmp_path: Path) -> None:
    files = {"apps/pay/catalog-info.yaml": ENTITY % ("", "pay"), "apps/pay/legacy/catalog-info.yaml": ENTITY % ("", "old")}
    found = teams(tmp_path, files | {"CODEOWNERS": "* @acme/platform\n"})
    assert (found["apps/pay/infra"], found["apps/pay/legacy"], found["apps/shop/infra"]) == ("pay", "old", "platform")


def test_a_catalog_elsewhere_names_the_team_of_a_directory_here(tmp_path: Path) -> None:
    place = '"backstage.io/source-location": "url:https://github.com/acme/mono/tree/main/apps/pay/"'
    catalog = {"all.yaml": ENTITY % (place, "pay") + "---\n" + ENTITY % ('"github.com/project-slug": acme/mono', "platform")}
    found = teams(tmp_path, {"apps/pay/legacy/catalog-info.yaml": ENTITY % ("", "old")}, catalog=catalog)
    assert found == {
        "apps/pay/infra": "pay", "apps/pay/legacy": "old", "apps/shop/infra": "platform", "platform/net": "platform", "sandbox/x": "platform",
    }  # fmt: skip


def test_the_estate_file_has_the_last_word(tmp_path: Path) -> None:
    estate = Estate(
        teams=(
            Team(name="money", aliases=("@acme/pay",)),
            Team(name="roots", owns=(Owns(repository="mono", paths=("**/infra/**", "platform")),)),
            Team(name="shop", owns=(Owns(repository="mo*", paths=("apps/shop/infra/**",)),)),
        )
    )
    assert teams(tmp_path, {"CODEOWNERS": "/apps/pay/ @acme/pay\n"}, estate) == {
        "apps/pay/infra": "roots", "apps/pay/legacy": "money", "apps/shop/infra": "shop", "platform/net": "roots", "sandbox/x": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "file", "covers"),
    [
        ("**", "a/b.tf", True), ("/*", "a.tf", True), ("/*", "a/b.tf", False), ("**/*.tf", "a.tf", True), ("**/*.tf", "a/b/c.tf", True),
        ("**/docs/**", "docs/a.md", True), ("**/docs/**", "a/docs/b/c.md", True), ("**/docs/**", "a/mydocs/b.md", False),
        ("docs/*", "docs/a.md", True), ("docs/*", "docs/a/b.md", False), ("apps/*/infra", "apps/a/infra/x.tf", True),
        ("apps/*/infra", "apps/a/b/infra/x.tf", False), ("apps/**/infra", "apps/a/b/infra/x.tf", True), ("apps/**/infra", "apps/infra/x.tf", True),
        ("a*a*a*a*a*a*a*a*a*b", "a" * 400, False), ("/".join(["**", "a"] * 30), "/".join("a" * 200) + "/b", True),
    ],
)  # fmt: skip
def test_lines_of_codeowners(pattern: str, file: str, covers: bool) -> None:
    assert owned(file, pattern) is covers


def test_sections_of_gitlab_have_owners_of_their_own() -> None:
    text = "* @all\n[Docs][2] @writers\ndocs/\nREADME.md @lead\n^[Optional]\n/free/\n"
    found = codeowners(File("x", "CODEOWNERS", text.encode()))
    assert [(f.path, f.owner) for f in found if isinstance(f, Ownership)] == [
        ("**", "@all"), ("**/docs/**", "@writers"), ("**/README.md", "@lead"), ("free/**", ""),
    ]  # fmt: skip


def test_one_file_counts_where_there_are_several() -> None:
    def line(file: str, owner: str) -> Ownership:
        return Ownership(at=Location(target="x", path=file, line=1), path="**", owner=owner, by="codeowners")

    one = Unit(id="x:a", kind="release", target="x", path="a", at=Location(target="x", path="a/Chart.yaml"))
    files = [line("CODEOWNERS", "@root"), line("docs/CODEOWNERS", "@docs"), line(".github/CODEOWNERS", "@forge")]
    assert owners([one], {"x": files}, Estate()) == {"x:a": "forge"}
    assert owners([one], {"x": files[1::-1]}, Estate()) == {"x:a": "root"}
