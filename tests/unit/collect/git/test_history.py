"""Who changed a default branch, in which way, and what it touched: small commit graphs with known answers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.collect.git.collector import collect_repository
from assess.collect.git.commits import parse
from assess.collect.git.history import WINDOW_DAYS, Window, automated, reviewed
from assess.collect.git.makers import Signature, maker, maker_by_branch, maker_of
from assess.content import load
from assess.model.fact import Assurance, AutomatedChange, Fact, History, Tally

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = 86_400
TODAY = int(NOW.timestamp())
ROBIN, SAM = ("Robin Vale", "robin@example.org"), ("Sam Ash", "sam@example.org")
GITHUB = ("GitHub", "noreply@github.com")
RENOVATE = ("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")
FLUX = ("fluxcdbot", "fluxcdbot@users.noreply.github.com")
RELEASES = ("semantic-release-bot", "semantic-release-bot@martynus.net")
ROOT = 'terraform { backend "s3" {} }\nresource "aws_s3_bucket" "logs" { bucket = "logs" }\n'
MANIFEST = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{name: a, image: 'a:%d'}]}}}\n"
)
BASE = {"infra/main.tf": ROOT, "apps/shop.yaml": MANIFEST % 0, "README.md": "shop\n"}


class Graph:
    """A repository whose commits are made one by one, each `days` before `NOW`."""

    def __init__(self, path: Path, remote: str = "https://github.com/northwind/shop.git") -> None:
        self.path, self.repository = path, pygit2.init_repository(str(path), bare=True, initial_head="main")
        if remote:
            self.repository.remotes.create("origin", remote)
        self.files: dict[str, str] = {}

    def commit(
        self, days: float, files: dict[str, str], by: tuple[str, str] = ROBIN, through: tuple[str, str] | None = None,
        message: str = "a change", parents: Iterable[pygit2.Oid] | None = None, main: bool = True, written: float | None = None,
    ) -> pygit2.Oid:  # fmt: skip
        self.files |= files
        index = pygit2.Index()
        for name, text in self.files.items():
            index.add(pygit2.IndexEntry(name, self.repository.create_blob(text.encode()), pygit2.enums.FileMode.BLOB))
        when = TODAY - int(days * DAY)
        author = pygit2.Signature(*by, TODAY - int((days if written is None else written) * DAY), 0)
        if parents is None:
            parents = [] if self.repository.head_is_unborn else [self.repository.head.target]
        made: pygit2.Oid = self.repository.create_commit(
            None, author, pygit2.Signature(*(through or by), when, 0), message, index.write_tree(self.repository), list(parents)
        )
        if main:
            self.repository.references.create("refs/heads/main", made, force=True)
        return made

    def merged(self, days: float, files: dict[str, str], by: tuple[str, str], message: str) -> pygit2.Oid:
        """A branch with one commit, merged on GitHub by Sam."""
        base = self.repository.head.target
        tip = self.commit(days + 1, files, by, parents=[base], main=False)
        return self.commit(days, {}, SAM, GITHUB, message, [base, tip])

    def facts(self, window_days: int = 90) -> tuple[Fact, ...]:
        return collect_repository(self.path, "shop", window=Window(NOW, window_days)).facts

    def history(self, window_days: int = 90) -> History:
        (found,) = [fact for fact in self.facts(window_days) if isinstance(fact, History)]
        return found


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    made = Graph(tmp_path / "shop")
    made.commit(200, BASE)
    return made


def told(history: History, name: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for tally in history.tallies:
        counts[getattr(tally, name)] += tally.changes
    return dict(counts)


def test_a_change_is_counted_once_by_maker_way_and_what_it_touched(graph: Graph) -> None:
    graph.commit(50, {"infra/main.tf": ROOT + "# 1\n"})  # pushed by Robin
    graph.commit(40, {"README.md": "better\n"}, SAM, GITHUB, "Say it better (#7)")
    graph.merged(30, {"infra/main.tf": ROOT + "# 2\n"}, RENOVATE, "Merge pull request #8 from northwind/renovate/aws-6.x")
    graph.commit(20, {"apps/shop.yaml": MANIFEST % 1}, FLUX)
    graph.commit(10, {"apps/shop.yaml": MANIFEST % 2}, ROBIN, SAM, written=12)  # rebased by somebody else
    found = graph.history()
    assert (found.changes, found.people, found.cut, found.unopened, found.dormant) == (5, 2, "", 0, False)
    assert found.last_change == "2026-02-19"
    assert [(t.by, t.tool, t.way, t.touched, t.changes) for t in found.tallies] == [
        ("controller", "flux", "direct", "operations", 1),
        ("person", "", "direct", "operations", 1),
        ("person", "", "squash", "other", 1),
        ("person", "", "unknown", "operations", 1),
        ("updates", "renovate", "merge", "operations", 1),
    ]


def test_nobody_is_named_in_a_fact(graph: Graph) -> None:
    graph.commit(5, {"infra/main.tf": ROOT + "#\n"}, message="Signed-off-by: Robin Vale <robin@example.org>")
    text = repr(graph.facts())
    assert not [word for word in ("Robin", "robin", "Vale", "example.org") if word in text]


def test_the_window_ends_when_the_run_reads(graph: Graph) -> None:
    found = graph.history()
    assert (found.changes, found.dormant, found.last_change, found.tallies) == (0, True, "2025-08-13", ())
    assert graph.history(window_days=300).changes == 1
    graph.commit(-9, {"README.md": "from the future\n"})
    late = graph.history()
    assert (late.ahead, late.changes, late.dormant) == (1, 0, True)


def test_a_clock_that_is_wrong_does_not_end_the_line(graph: Graph) -> None:
    graph.commit(40, {"README.md": "1\n"})
    graph.commit(4_000, {"README.md": "2\n"})
    graph.commit(30, {"README.md": "3\n"})
    assert graph.history().changes == 2


def test_a_shallow_clone_is_a_lower_bound(graph: Graph) -> None:
    graph.commit(30, {"README.md": "1\n"})
    edge = graph.commit(20, {"README.md": "2\n"})
    graph.commit(10, {"README.md": "3\n"})
    (graph.path / "shallow").write_text(f"{edge}\n")
    parent = str(graph.repository[edge].parent_ids[0])
    os.remove(graph.path / "objects" / parent[:2] / parent[2:])
    found = graph.history()
    assert (found.changes, found.cut) == (2, "shallow")
    assert told(found, "touched") == {"other": 1, "unknown": 1}


def test_a_long_history_is_cut_with_a_number(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        graph.commit(60 - number, {"README.md": f"{number}\n"})
    monkeypatch.setattr("assess.collect.git.history.MAX_COMMITS", 5)
    found = graph.history()
    assert (found.changes, found.cut) == (5, "cap")


def test_what_was_not_looked_into_is_unknown(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        graph.commit(60 - number, {"README.md": f"{number}\n"})
    monkeypatch.setattr("assess.collect.git.history._LEAST", 1_000)
    monkeypatch.setattr("assess.collect.git.history._A_FILE", 0)
    found = graph.history()
    assert found.unopened == told(found, "touched")["unknown"] > 0
    assert sum(told(found, "touched").values()) == found.changes


def test_a_controllers_own_commits_are_exercised_evidence(graph: Graph) -> None:
    for number in (1, 2):
        graph.commit(20 - number, {"apps/shop.yaml": MANIFEST % number, "README.md": f"{number}\n"}, FLUX)
    (found,) = [fact for fact in graph.facts() if isinstance(fact, AutomatedChange)]
    assert (found.path, found.by, found.tool, found.changes, found.last) == ("apps", "controller", "flux", 2, "2026-02-11")
    assert found.assurance is Assurance.EXERCISED


@pytest.mark.parametrize(("tag", "path"), [("v1.2.0", "."), ("infra-v1.2.0", "infra")])
def test_a_release_counts_with_the_version_that_stands_on_it(graph: Graph, tag: str, path: str) -> None:
    made = graph.commit(20, {"infra/CHANGELOG.md": "# 1.2.0\n", "version.txt": "1.2.0\n"}, RELEASES, message="chore(release): 1.2.0")
    graph.repository.create_tag(tag, made, pygit2.enums.ObjectType.COMMIT, pygit2.Signature(*RELEASES, TODAY, 0), "1.2.0")
    (found,) = [fact for fact in graph.facts() if isinstance(fact, AutomatedChange)]
    assert (found.by, found.path, found.version) == ("release", path, tag)


def test_a_person_in_a_bots_branch_makes_the_change_a_persons(graph: Graph) -> None:
    base = graph.repository.head.target
    first = graph.commit(12, {"infra/main.tf": ROOT + "# 1\n"}, ROBIN, parents=[base], main=False)
    tip = graph.commit(11, {"infra/main.tf": ROOT + "# 2\n"}, RENOVATE, parents=[first], main=False)
    graph.commit(10, {}, SAM, GITHUB, "Merge pull request #9 from northwind/renovate/aws", [base, tip])
    assert told(graph.history(), "by") == {"person": 1}


def test_a_push_is_only_told_from_a_fast_forward_where_one_can_tell(tmp_path: Path) -> None:
    elsewhere = Graph(tmp_path / "shop", remote="https://gitlab.example.com/northwind/shop.git")
    elsewhere.commit(10, BASE)
    elsewhere.commit(9, {"README.md": "1\n"})
    assert told(elsewhere.history(), "way") == {"unknown": 2}
    elsewhere.merged(8, {"README.md": "2\n"}, ROBIN, "Merge branch 'words' into 'main'\n\nBetter\n\nSee merge request northwind/shop!4")
    assert told(elsewhere.history(), "way") == {"direct": 2, "merge": 1}


def test_a_pull_into_ones_own_clone_is_a_push(graph: Graph) -> None:
    base = graph.repository.head.target
    other = graph.commit(12, {"README.md": "theirs\n"}, SAM, parents=[base], main=False)
    graph.commit(11, {}, ROBIN, message="Merge branch 'main' of https://github.com/northwind/shop", parents=[base, other])
    assert told(graph.history(), "way") == {"direct": 1}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["push", "merge", "octopus"]), st.integers(1, 3), st.booleans()), min_size=1, max_size=6))
def test_no_commit_is_counted_twice(steps: list[tuple[str, int, bool]]) -> None:
    """Whatever is merged, in whichever order of parents: one change for each commit of the first-parent line."""
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        graph = Graph(Path(directory) / "shop")
        graph.commit(80, BASE)
        for number, (step, branches, turned) in enumerate(steps):
            base, days = graph.repository.head.target, 70 - 5 * number
            tips = [
                graph.commit(days + 1, {f"infra/{n}.tf": f"# {number}\n"}, RENOVATE, parents=[base], main=False)
                for n in range(branches if step == "octopus" else step == "merge")
            ]
            graph.commit(days, {"README.md": f"{number}\n"}, parents=[base, *(reversed(tips) if turned else tips)])
        found = graph.history()
        assert found.changes == len(steps) + 1
        assert sum(tally.changes for tally in found.tallies) == found.changes


MAKERS, WAYS, TOUCHED = ("person", "updates"), ("merge", "direct", "unknown"), ("operations", "other", "unknown")
TALLIES = st.lists(
    st.builds(
        lambda by, way, touched, number: Tally(by=by, tool="", way=way, touched=touched, changes=number),
        st.sampled_from(MAKERS), st.sampled_from(WAYS), st.sampled_from(TOUCHED), st.integers(1, 9),
    ),
    max_size=8,
)  # fmt: skip


@given(TALLIES)
def test_what_is_unknown_never_settles_a_share_that_it_could_turn(tallies: list[Tally]) -> None:
    """An answer that is given stays the same, whatever the unknown turns out to be."""
    for unknown in ("operations", "other"):
        for by in MAKERS:  # the worst cases: only one maker's unopened changes touch what is operated
            known = [replace(t, touched=unknown if t.by == by else "other") if t.touched == "unknown" else t for t in tallies]
            if automated(tallies) is not None:
                assert automated(known) is automated(tallies)
    for way in ("merge", "direct"):
        known = [replace(t, way=way) if t.way == "unknown" else t for t in tallies]
        if reviewed(tallies) is not None:
            assert reviewed(known) is reviewed(tallies)


def test_the_window_is_the_ladders() -> None:
    assert load().ladder.window_days == WINDOW_DAYS


@pytest.mark.parametrize(
    ("name", "email", "by"),
    [
        (*ROBIN, ("person", "")),
        ("Jean Abbot", "abbot@example.org", ("person", "")),
        (*RENOVATE, ("updates", "renovate")),
        (*FLUX, ("controller", "flux")),
        ("argocd-image-updater", "noreply@argoproj.io", ("controller", "argocd-image-updater")),
        ("Kargo", "no-reply@kargo.io", ("controller", "kargo")),
        ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com", ("pipeline", "github-actions")),
        ("Deploy token", "project_42_bot_0a1b2c@noreply.gitlab.example.com", ("pipeline", "gitlab-ci")),
        ("Shop Build Service (northwind)", "", ("pipeline", "azure-pipelines")),
        ("northwind-deploys[bot]", "1+northwind-deploys[bot]@users.noreply.github.com", ("bot", "")),
        ("Northwind Bot", "it@northwind.example", ("bot", "")),
        ("Copilot", "198982749+Copilot@users.noreply.github.com", ("assistant", "copilot")),
    ],
)
def test_makers_are_told_by_what_they_sign_with(name: str, email: str, by: tuple[str, str]) -> None:
    assert maker(Signature(name, email)) == by


def test_a_message_tells_what_a_shared_account_did() -> None:
    actions = Signature("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
    assert maker_of(actions, "chore(main): release 1.2.0 (#12)") == ("release", "release-please")
    assert maker_of(actions, "Deploy shop 1.2.0") == ("pipeline", "github-actions")
    assert maker_of(Signature(*RENOVATE), "Update aws\n\nCo-authored-by: Robin Vale <robin@example.org>") == ("person", "")
    assert maker_of(Signature(*RENOVATE), "Update aws\n\nCo-authored-by: renovate[bot] <x@renovate.example>")[0] == "updates"
    assert maker_by_branch("Merge pull request #8 from northwind/dependabot/npm/left-pad-2") == ("updates", "dependabot")
    assert maker_by_branch("Merge pull request #8 from northwind/left-pad") == ("unknown", "")


@pytest.mark.parametrize(
    "data", [b"", b"tree x", b"tree zz\nauthor a <b> 1 +0000\ncommitter a <b> 1 +0000\n\nm", b"\n\n", b"author <\ncommitter >"]
)
def test_what_is_no_commit_is_none(data: bytes) -> None:
    assert parse(b"\0" * 20, data) is None
