"""A request as a caller of the library builds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.errors import UsageError
from assess.request import Request
from assess.run import scan
from tests.worlds import commit

FILES = {"infra/main.tf": 'resource "aws_s3_bucket" "logs" {}\n'}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory with the repository `work/shop`."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "work").mkdir()
    commit(tmp_path / "work" / "shop", FILES)
    return tmp_path


def test_a_target_is_text_or_a_path_one_or_many_and_home_is_expanded(home: Path) -> None:
    shop = home / "work" / "shop"
    for targets in (str(shop), shop, (shop,), [str(shop)], "~/work/shop", Path("~/work/shop"), ("~/work/shop",)):
        assert Request.build(targets).targets == (str(shop),)
    assert [t.label for t in scan(Request.build("~/work/shop")).targets] == ["shop"]


def test_files_are_named_as_freely(home: Path) -> None:
    (home / "org.yaml").write_text("organization: Acme\ntargets: ['~/work/shop']\n")
    (home / "list.txt").write_text("~/work/shop\n")
    assert Request.build(estate_file="~/org.yaml").targets == (str(home / "work" / "shop"),)
    assert Request.build(targets_file="~/list.txt").targets == (str(home / "work" / "shop"),)
    assert Request.build(facts_from="~/facts.zst").facts_from == home / "facts.zst"


def test_a_user_that_there_is_not_is_a_folder(home: Path) -> None:
    assert Request.build("~nobody-of-this-name/shop").targets == ("~nobody-of-this-name/shop",)


def test_an_option_that_there_is_not_is_refused(home: Path) -> None:
    with pytest.raises(TypeError):
        Request.build("~/work/shop", job=2)  # type: ignore[call-arg]


def test_an_estate_without_targets_is_about_the_directory_it_lies_in(home: Path) -> None:
    (home / "work" / "idp-assess.yaml").write_text("organization: Acme\n")
    request = Request.build(home / "work")
    assert request.estate.organization == "Acme"
    assert request.targets == (str(home / "work"),)


@pytest.mark.parametrize(
    ("option", "value"),
    [("tau", 5), ("tau", -1), ("tau", 0), ("tau", 0.5), ("tau", float("nan")), ("jobs", -3), ("jobs", 0), ("window_days", 0)],
)
def test_a_number_out_of_its_bounds_is_refused(home: Path, option: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"{option} is {value}"):
        Request.build("~/work/shop", **{option: value})  # type: ignore[arg-type]


def test_numbers_at_their_bounds_are_taken(home: Path) -> None:
    request = Request.build("~/work/shop", tau=1, jobs=1, window_days=1)
    assert (request.tau, request.jobs, request.window_days) == (1, 1, 1)
    assert scan(Request.build("~/work/shop", tau=0.51)).tau == 0.51
