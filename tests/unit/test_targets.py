"""What a request's targets are: repositories found, labels that are unique and can be named, an estate file that names them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.collect.collector import collect
from assess.collect.targets import _unique, expand
from assess.errors import UsageError
from assess.model.fact import SetAside
from assess.model.target import Source
from assess.request import Named, Request
from assess.run import scan
from tests.worlds import commit

FILES = {"infra/main.tf": 'resource "aws_s3_bucket" "logs" {}\n'}


def labels(*paths: Path) -> list[str]:
    """The labels of targets, in the order named."""
    return [named.label for named in expand(Request(targets=tuple(map(str, paths)))).named]


def made(*paths: Path) -> tuple[Path, ...]:
    """A repository at each path."""
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        commit(path, FILES)
    return paths


@pytest.mark.parametrize(
    ("folder", "label"),
    [
        ("shop", "shop"), ("shop.git", "shop"), ("c++-tools", "c++-tools"), ("my__repo", "my__repo"), ("work/repo", "repo"),
        ("acme+shop/repo", "acme+shop"), ("acme+shop", "acme+shop"),
    ],
)  # fmt: skip
def test_a_label_is_the_folders_name(tmp_path: Path, folder: str, label: str) -> None:
    assert labels(*made(tmp_path / folder)) == [label]


def test_a_git_directory_is_named_after_its_work_tree(tmp_path: Path) -> None:
    made(tmp_path / "shop" / ".git")
    assert labels(tmp_path / "shop" / ".git") == ["shop"]
    assert labels(tmp_path / "shop") == ["shop"]


def test_labels_that_clash_are_lengthened_until_each_is_the_only_one(tmp_path: Path) -> None:
    found = made(
        tmp_path / "a/shop", tmp_path / "b/shop", tmp_path / "a+shop", tmp_path / "x/a/web", tmp_path / "y/a/web", tmp_path / "b/web"
    )
    for order in permutations(range(len(found))):
        told = dict(zip(order, labels(*(found[i] for i in order)), strict=True))
        assert [told[i] for i in range(len(found))] == ["a/shop", "b/shop", "a+shop", "x/a/web", "y/a/web", "b/web"]


def test_two_repositories_of_one_name_in_one_folder_are_two(tmp_path: Path) -> None:
    found = labels(*made(tmp_path / "shop", tmp_path / "shop.git"))
    assert len(set(found)) == 2


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "a.git", "a+b", "repo", ".git"]), min_size=1, max_size=4), min_size=1, max_size=8))
def test_no_two_targets_share_a_label(folders: list[list[str]]) -> None:
    named = [Named(Source.GIT, "/" + "/".join(parts), parts[-1]) for parts in folders] + [Named(Source.AWS, "a", "aws:a")]
    found = _unique(named)
    assert len({one.label for one in found}) == len(found) == len({one.address for one in found})


def unlisted(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Lets a directory be one that this user may not list; permissions alone do not stop root."""
    path.chmod(0)
    listed = Path.iterdir

    def iterdir(self: Path) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return listed(self)

    if os.access(path, os.R_OK):
        monkeypatch.setattr(Path, "iterdir", iterdir)


def test_a_directory_that_cannot_be_listed_is_an_unread_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    made(home / "shop")
    (home / "closed").mkdir()
    unlisted(monkeypatch, home / "closed")
    assessment = scan(Request(targets=(str(home),)))
    assert {t.label: t.read for t in assessment.targets} == {"closed": False, "shop": True}
    (gap,) = [gap for gap in assessment.gaps if gap.at.target == "closed"]
    assert gap.what == "the directory cannot be read: Permission denied"
    (home / "closed").chmod(0o700)


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        ("{0}/shop/README", "is a file, not a repository", "Name the work tree"),
        ("{0}/org.yaml", "is a file", "named by --estate {0}/org.yaml"),
        ("{0}/nowhere", "no such directory", "Name a work tree"),
        ("aws:", "names no profile", "aws:PROFILE"), ("kubernetes:", "names no context", "kubernetes:CONTEXT"),
    ],
)  # fmt: skip
def test_what_is_no_target_says_why(tmp_path: Path, target: str, what: str, fix: str) -> None:
    made(tmp_path / "shop")
    (tmp_path / "shop" / "README").write_text("x")
    (tmp_path / "org.yaml").write_text("organization: Acme\n")
    with pytest.raises(UsageError) as refused:
        expand(Request.build(target.format(tmp_path)))
    assert what in refused.value.what
    assert fix.format(tmp_path) in refused.value.fix


def test_an_address_that_is_typed_as_a_target_is_not_echoed_with_its_credential() -> None:
    for target in ("ftp://me:TOKEN@git.example/shop", "https://me:TOKEN@", "https://me:TOKEN@git.example:port/shop"):
        with pytest.raises(UsageError) as refused:
            expand(Request.build(target))
        assert "is no address that can be fetched from" in refused.value.what
        assert "TOKEN" not in str(refused.value)
    (named,) = expand(Request.build("https://me:TOKEN@git.example/shop.git")).named
    assert named.label == "shop"
    assert "TOKEN" not in repr(named)


# --- the estate file names what there is --------------------------------------------------------------------------


def estate(folder: Path, text: str, *targets: str) -> Request:
    """A request with an estate file of this text."""
    (folder / "org.yaml").write_text(text)
    return Request.build([folder / target for target in targets], estate_file=folder / "org.yaml")


PATTERNS = """\
organization: Acme
targets: [shop, web]
teams:
  - name: payments
    owns:
      - repository: shp
      - repository: w*
exclude:
  - {path: shop/old/**, owner: robin, reason: goes away, expires: 2999-01-01}
  - {path: sohp/old/**, owner: robin, reason: goes away, expires: 2999-01-01}
  - {path: "*/old/**", owner: robin, reason: goes away, expires: 2999-01-01}
use: [elsewhere/x]
"""


def test_every_pattern_that_names_no_target_is_told_with_its_line(tmp_path: Path) -> None:
    made(tmp_path / "shop", tmp_path / "web")
    with pytest.raises(UsageError) as refused:
        collect(estate(tmp_path, PATTERNS))
    file = tmp_path / "org.yaml"
    assert refused.value.what.splitlines() == [
        f"{file}:6: teams.0.owns.0.repository: 'shp' names no target; did you mean 'shop'?",
        f"{file}:10: exclude.1.path: 'sohp/old/**' names no target; did you mean 'shop'?",
        f"{file}:11: exclude.2.path: '*/old/**' names no target",
        f"{file}:12: use.0: 'elsewhere/x' names no target",
    ]
    assert refused.value.exit_code == 2


def test_a_run_over_a_part_is_measured_by_the_whole_estate(tmp_path: Path) -> None:
    made(tmp_path / "shop", tmp_path / "web")
    text = "targets: [shop, web, gone]\nteams: [{name: a, owns: [{repository: web}, {repository: gone}]}]\n"
    (seen,) = collect(estate(tmp_path, text, "shop"))
    assert seen.target.label == "shop"


def test_an_expired_exclusion_is_back_and_says_so(tmp_path: Path) -> None:
    made(tmp_path / "shop")
    text = "targets: [shop]\nexclude: [{path: 'shop/infra/*', owner: robin, reason: goes away, expires: 2026-03-01}]\n"
    (tmp_path / "org.yaml").write_text(text)
    for day, units, expired in ((1, 0, False), (2, 1, True)):
        now = datetime(2026, 3, day, 23, tzinfo=UTC)
        assessment = scan(Request.build(estate_file=tmp_path / "org.yaml", now=now))
        assert len(assessment.units) == units
        assert [one.expired for one in assessment.exclusions] == [expired]
        from assess.report import terminal

        assert ("Expired on 2026-03-01, counts again: shop/infra/*" in terminal.render(assessment)) is expired


@pytest.mark.parametrize(
    ("pattern", "place"), [("infra/**", "infra"), ("a/b/*.tf", "a/b"), ("**/x.tf", ""), ("a/x[12]/m.tf", "a"), ("a/m.tf", "a/m.tf")]
)
def test_what_the_estate_leaves_out_stands_at_a_place_that_can_be_opened(tmp_path: Path, pattern: str, place: str) -> None:
    commit(tmp_path / "shop", dict.fromkeys(("infra/x.tf", "a/b/x.tf", "a/x1/m.tf", "a/m.tf"), "x = 1\n"))
    text = f"targets: [shop]\nexclude: [{{path: 'shop/{pattern}', owner: robin, reason: goes away, expires: 2999-01-01}}]\n"
    (seen,) = collect(estate(tmp_path, text))
    (aside,) = [fact for fact in seen.facts if isinstance(fact, SetAside)]
    assert (aside.at.path, aside.path) == (place, pattern)
