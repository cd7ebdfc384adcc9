"""The estate file has the last word on what counts as use: of paths, and of what a repository is for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.link.estate import link
from assess.collect.seen import Seen
from assess.errors import UsageError
from assess.model.fact import Repository, SetAside
from assess.report.render import RENDERERS, render
from assess.request import Request
from assess.run import scan
from assess.spec.estate import Estate, Exclude
from tests.worlds import commit

MANIFEST = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"
TREES = ("docs", "tests", "examples", "vendor", "generated", "skeleton", "archive", "deploy")
FILES = {f"{tree}/app.yaml": MANIFEST for tree in TREES}
TEXTS = {f"text/{number}.md": "# A text\n" for number in range(30)}


def seen(tmp_path: Path, files: dict[str, str], estate: Estate) -> Seen:
    """What a repository of the label `shop` shows under an estate file."""
    return collect_repository(commit(tmp_path / "shop", files), "shop", estate=estate)


def places(one: Seen) -> set[str]:
    """The directories that count as use."""
    return {unit.path for unit in link([one]).units}


def purpose(one: Seen) -> tuple[str, str]:
    """What the repository is for, and why."""
    (found,) = [fact for fact in one.facts if isinstance(fact, Repository)]
    return found.purpose, found.reason


@pytest.mark.parametrize("pattern", ["{}", "{}/", "{}/*", "{}/**", "{}/app.yaml"])
@pytest.mark.parametrize("tree", TREES)
def test_a_tree_that_is_used_counts_whatever_it_is_called(tmp_path: Path, tree: str, pattern: str) -> None:
    one = seen(tmp_path, FILES, Estate(use=(f"shop/{pattern.format(tree)}",)))
    assert places(one) == {"deploy", tree}
    assert tree not in {fact.path for fact in one.facts if isinstance(fact, SetAside)}


@pytest.mark.parametrize("pattern", ["deploy", "deploy/*", "deploy/**"])
def test_what_is_left_out_is_told_with_the_reason_and_outranks_use(tmp_path: Path, pattern: str) -> None:
    out = Exclude(path=f"shop/{pattern}", owner="robin", reason="goes away", expires=date(2030, 1, 1))
    one = seen(tmp_path, FILES, Estate(exclude=(out,), use=("shop/deploy/**",)))
    assert "deploy" not in places(one)
    (aside,) = [fact for fact in one.facts if isinstance(fact, SetAside) and fact.role == "excluded"]
    assert "goes away" in aside.reason


def test_a_repository_is_for_what_the_estate_file_says(tmp_path: Path) -> None:
    files = {"deploy/app.yaml": MANIFEST} | TEXTS
    plain = seen(tmp_path / "plain", files, Estate())
    said = seen(tmp_path / "said", files, Estate(purpose={"sh*": "operations"}))
    assert (purpose(plain)[0], places(plain)) == ("documentation", set())
    assert (purpose(said), places(said)) == (("operations", "the estate file says so"), {"deploy"})


def test_a_repository_that_operates_can_be_said_to_document(tmp_path: Path) -> None:
    one = seen(tmp_path, {"deploy/app.yaml": MANIFEST}, Estate(purpose={"shop": "documentation"}))
    assert places(one) == set()
    assert any("the estate file says so" in fact.reason for fact in one.facts if isinstance(fact, SetAside))


def test_a_path_that_is_used_counts_in_a_repository_of_texts(tmp_path: Path) -> None:
    one = seen(tmp_path, {"deploy/app.yaml": MANIFEST, "other/app.yaml": MANIFEST} | TEXTS, Estate(use=("shop/deploy",)))
    assert (purpose(one)[0], places(one)) == ("documentation", {"deploy"})


def test_the_longest_pattern_says_the_purpose() -> None:
    estate = Estate(purpose={"*": "software", "shop-*": "operations", "shop-docs": "documentation"})
    assert [estate.purpose_of(label) for label in ("x", "shop-a", "shop-docs")] == ["software", "operations", "documentation"]


def test_every_report_says_what_the_estate_file_decided(tmp_path: Path) -> None:
    commit(tmp_path / "shop", FILES)
    request = Request(
        targets=(str(tmp_path / "shop"),),
        estate=Estate(purpose={"shop": "operations"}, use=("shop/docs",)),
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assessment = scan(request)
    for format in RENDERERS:
        text = " ".join(render(assessment, format).split())
        assert "purpose is operations" in text, format
        assert "counts as use" in text, format


def test_a_purpose_of_no_target_is_refused(tmp_path: Path) -> None:
    commit(tmp_path / "shop", FILES)
    with pytest.raises(UsageError, match="'shpo' names no target; did you mean 'shop'"):
        scan(Request(targets=(str(tmp_path / "shop"),), estate=Estate(purpose={"shpo": "operations"})))
