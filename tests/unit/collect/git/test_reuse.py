"""With a cache and without, the same facts: after any edit, rename, change of mode, tag or setting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pygit2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.collect import cache as collect_cache
from assess.collect.git import collector
from assess.collect.git.collector import collect_repository
from assess.collect.git.file import File, Part
from assess.collect.git.history import Window
from assess.collect.git.packed import Unreadable, pack, pack_few, pack_seen, storable, unpack_few, unpack_seen
from assess.collect.seen import Seen
from assess.model.fact import Fact
from assess.model.gap import Gap
from assess.spec.estate import Estate, Exclude
from assess.spec.wire import facts_text
from assess.store.content import ContentCache
from tests.worlds import commit

CONTENTS = (
    'terraform {\n  backend "s3" {}\n}\nmodule "net" {\n  source = "../net"\n  password = "hunter2-hunter2"\n}\n',
    'resource "aws_instance" "web" {\n  user_data = <<EOT\nexport TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789\nEOT\n}\n',
    "on: {push: {branches: [main]}}\njobs:\n  apply:\n    steps:\n      - run: terraform -chdir=infra apply\n      - run: ./deploy.sh\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n",
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n"
    "spec: {source: {repoURL: 'https://u:hunter2-hunter2@git.example.org/x', path: apps}}\n",
    "{{- range .Values.apps }}\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {{ .name }}\n"
    "spec:\n  source:\n    path: {{ .path }}\n{{- end }}\n",
    "apps:\n  - {name: one, path: a, password: hunter2-hunter2}\n",
    "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "#!/bin/sh\nset -e\nterraform apply\nkubectl apply -f k8s\n",
    "broken: [\n",
    "resource {",
    "resources: [web.yaml]\n",
    "* @org/platform\n",
)
PATHS = (
    "infra/main.tf", "infra/test/main.tf", "net/main.tf", ".github/workflows/apply.yml", "k8s/web.yaml", "k8s/kustomization.yaml",
    "apps/app.yaml", "chart/Chart.yaml", "chart/values.yaml", "chart/templates/app.yaml", "deploy.sh", "bin/deploy", "examples/main.tf",
    "CODEOWNERS", "README.md",
)  # fmt: skip
TREES = st.dictionaries(st.sampled_from(PATHS), st.tuples(st.sampled_from(CONTENTS), st.booleans()), max_size=8)
STEPS = st.lists(st.tuples(TREES, st.sampled_from(["", "v1.0.0", "shop-1.0.0"])), min_size=1, max_size=5)


def world(path: Path, tree: dict[str, tuple[str, bool]], tag: str = "") -> Path:
    """The repository with one more commit, holding these files with their executable bits."""
    commit(path, {name: text for name, (text, _) in tree.items()})
    made = pygit2.Repository(str(path))
    index = pygit2.Index()
    for name, (text, executable) in tree.items():
        mode = pygit2.enums.FileMode.BLOB_EXECUTABLE if executable else pygit2.enums.FileMode.BLOB
        index.add(pygit2.IndexEntry(name, made.create_blob(text.encode()), mode))
    author = pygit2.Signature("Robin Vale", "robin@example.org", 1_760_000_000, 0)
    oid = made.create_commit("refs/heads/main", author, author, "modes", index.write_tree(made), [made.head.target])
    if tag:
        made.references.create(f"refs/tags/{tag}", oid, force=True)
    return path


def text_of(seen: Seen) -> bytes:
    return facts_text([seen.target], seen.facts, seen.gaps)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_whatever_changes_the_facts_are_those_of_a_first_look(steps: list[tuple[dict[str, tuple[str, bool]], str]]) -> None:
    with TemporaryDirectory() as directory:
        cache = ContentCache(Path(directory) / "cache")
        path = Path(directory) / "shop"
        for tree, tag in [*steps, *steps[:1]]:
            world(path, tree, tag)
            for _ in range(2):
                assert text_of(collect_repository(path, "shop", cache=cache)) == text_of(collect_repository(path, "shop"))
        assert cache.trouble == ""
        kept = b"".join(value for value in _values(cache))
        assert b"hunter2" not in kept
        assert b"ghp_" not in kept


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.lists(st.sampled_from(CONTENTS), min_size=len(PATHS), max_size=len(PATHS)), min_size=2, max_size=4))
def test_whatever_the_same_paths_hold_the_facts_are_those_of_a_first_look(steps: list[list[str]]) -> None:
    with TemporaryDirectory() as directory:
        cache = ContentCache(Path(directory) / "cache")
        path = Path(directory) / "shop"
        for contents in [*steps, steps[0]]:
            world(path, {name: (text, False) for name, text in zip(PATHS, contents, strict=True)})
            for window in (None, Window(datetime(2025, 11, 1, tzinfo=UTC))):
                again = collect_repository(path, "shop", window=window, cache=cache)
                assert text_of(again) == text_of(collect_repository(path, "shop", window=window))
        assert cache.trouble == ""


def _values(cache: ContentCache) -> Iterator[bytes]:
    import sqlite3

    import zstandard

    with sqlite3.connect(cache.path) as connection:
        for (value,) in connection.execute("SELECT value FROM kept"):
            yield zstandard.ZstdDecompressor().decompress(value)


TREE = {
    "infra/main.tf": (CONTENTS[0], False),
    "k8s/web.yaml": (CONTENTS[3], False),
    "deploy.sh": (CONTENTS[8], True),
    "chart/values.yaml": (CONTENTS[6], False),
}


@pytest.fixture
def blobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files whose content is read."""
    read: list[str] = []
    real = collector.Repository.blob

    def blob(self: collector.Repository, entry: collector.Entry) -> bytes | Gap:
        read.append(entry.path)
        return real(self, entry)

    monkeypatch.setattr(collector.Repository, "blob", blob)
    return read


def test_an_unchanged_repository_is_not_read(tmp_path: Path, blobs: list[str]) -> None:
    path, cache = world(tmp_path / "shop", TREE), ContentCache(tmp_path / "cache")
    first = collect_repository(path, "shop", cache=cache)
    blobs.clear()
    assert collect_repository(path, "shop", cache=cache) == first
    assert blobs == []


def test_of_a_changed_repository_only_the_changed_files_are_read(tmp_path: Path, blobs: list[str]) -> None:
    path, cache = world(tmp_path / "shop", TREE), ContentCache(tmp_path / "cache")
    collect_repository(path, "shop", cache=cache)
    blobs.clear()
    world(path, {**TREE, "infra/main.tf": (CONTENTS[1], False), "bin/new.sh": (CONTENTS[8], True)})
    collect_repository(path, "shop", cache=cache)
    assert sorted(blobs) == ["bin/new.sh", "chart/values.yaml", "infra/main.tf"], "raw values are never kept, so they are read again"


def test_files_that_changed_and_say_the_same_are_all_that_is_read(tmp_path: Path, blobs: list[str]) -> None:
    tree = {**TREE, "src/main.go": ("package main", False)}
    path, cache = world(tmp_path / "shop", tree), ContentCache(tmp_path / "cache")
    collect_repository(path, "shop", cache=cache)
    said = ("infra/main.tf", "k8s/web.yaml", "deploy.sh", "src/main.go")
    for number in range(3):
        blobs.clear()
        tree |= {name: (f"{tree[name][0]}# {number}\n", tree[name][1]) for name in said}
        world(path, tree)
        again = collect_repository(path, "shop", cache=cache)
        assert sorted(blobs) == ["deploy.sh", "infra/main.tf", "k8s/web.yaml"], "values, which are never kept, did not change"
        assert again == collect_repository(path, "shop")


def test_one_file_that_says_something_else_is_enough(tmp_path: Path, blobs: list[str]) -> None:
    path, cache = world(tmp_path / "shop", TREE), ContentCache(tmp_path / "cache")
    collect_repository(path, "shop", cache=cache)
    world(path, {**TREE, "deploy.sh": ("#!/bin/sh\nhelm upgrade shop chart\n", True), "k8s/web.yaml": (CONTENTS[3] + "# more\n", False)})
    blobs.clear()
    again = collect_repository(path, "shop", cache=cache)
    assert sorted(blobs) == ["chart/values.yaml", "deploy.sh", "k8s/web.yaml"], "and none is read twice"
    assert again == collect_repository(path, "shop")


def test_a_file_that_is_too_large_stays_told_of(tmp_path: Path) -> None:
    tree = {**TREE, "infra/data.yaml": ("a: b\n" * 1_000_000, False)}
    path, cache = world(tmp_path / "shop", tree), ContentCache(tmp_path / "cache")
    for number in range(3):
        tree["deploy.sh"] = (f"#!/bin/sh\nhelm upgrade shop-{number} chart\n", True)
        world(path, tree)
        again = collect_repository(path, "shop", cache=cache)
        assert any("the cap is" in gap.what for gap in again.gaps)
        assert again == collect_repository(path, "shop")


def test_a_clone_that_was_partial_lacks_nothing_later(tmp_path: Path) -> None:
    path, cache = world(tmp_path / "shop", TREE), ContentCache(tmp_path / "cache")
    oid = str(pygit2.Repository(str(path)).revparse_single("HEAD:infra/main.tf").id)
    loose = path / "objects" / oid[:2] / oid[2:]
    content = loose.read_bytes()
    loose.unlink()
    collect_repository(path, "shop", cache=cache)
    loose.write_bytes(content)
    for number in range(3):
        world(path, {**TREE, "deploy.sh": (f"#!/bin/sh\nhelm upgrade shop-{number} chart\n", True)})
        assert collect_repository(path, "shop", cache=cache) == collect_repository(path, "shop")


def test_what_only_an_older_commit_said_is_known_again(tmp_path: Path, blobs: list[str]) -> None:
    path, cache = world(tmp_path / "shop", TREE), ContentCache(tmp_path / "cache")
    first = collect_repository(path, "shop", cache=cache)
    world(path, {**TREE, "deploy.sh": (CONTENTS[8] + "# more\n", True)})
    collect_repository(path, "shop", cache=cache)
    blobs.clear()
    assert collect_repository(path, "shop", first.target.commit, cache=cache) == collect_repository(path, "shop", first.target.commit)


@pytest.mark.parametrize("what", ["tag", "exclude", "use", "label", "code"])
def test_what_else_decides_the_result_is_part_of_its_name(
    tmp_path: Path, blobs: list[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    path, cache = world(tmp_path / "shop", TREE), ContentCache(tmp_path / "cache")
    collect_repository(path, "shop", cache=cache)
    label, estate = "shop", Estate()
    match what:
        case "tag":
            world(path, TREE, "v1.0.0")
        case "exclude":
            estate = Estate(exclude=(Exclude(path="shop/infra/*", owner="me", reason="a reason", expires=date(2100, 1, 1)),))
        case "use":
            estate = Estate(use=("shop/examples/**",))
        case "label":
            label = "other"
        case "code":
            monkeypatch.setattr(collect_cache, "version", lambda: b"another release")
    blobs.clear()
    assert text_of(collect_repository(path, label, estate=estate, cache=cache)) == text_of(collect_repository(path, label, estate=estate))
    if what == "code":
        assert len(blobs) == 2 * len(TREE), "all read with the cache, and all without"


def test_a_partial_clone_is_not_remembered(tmp_path: Path) -> None:
    path, cache = world(tmp_path / "shop", TREE), ContentCache(tmp_path / "cache")
    oid = str(pygit2.Repository(str(path)).revparse_single("HEAD:infra/main.tf").id)
    loose = path / "objects" / oid[:2] / oid[2:]
    content = loose.read_bytes()
    loose.unlink()
    partial = collect_repository(path, "shop", cache=cache)
    assert any("absent" in gap.what for gap in partial.gaps)
    loose.write_bytes(content)
    assert text_of(collect_repository(path, "shop", cache=cache)) == text_of(collect_repository(path, "shop"))


def test_bytes_of_another_making_are_refused(tmp_path: Path) -> None:
    seen = collect_repository(world(tmp_path / "shop", TREE), "shop")
    text = pack_seen(seen)
    assert unpack_seen(text) == seen
    for damaged in (b"", b"\xc0", text[:-1], text + b"x", text.replace(b"shop", b"sh\xffp"), pack((), ()), pack((1, 2), ())):
        with pytest.raises(Unreadable):
            unpack_seen(damaged)


def test_every_part_but_raw_content_can_be_kept(tmp_path: Path) -> None:
    """A new part whose fields say exactly what they are is kept without further ado."""
    from assess.collect.git.extract.app_of_apps import Values
    from assess.collect.git.packed import _codec, _parts

    kinds = set(_parts(Part))
    assert kinds - set(_codec().kinds) == {Values}
    found: list[Fact | Gap | Part] = []
    for path, (text, executable) in TREE.items():
        from assess.collect.git.dispatch import Dispatch, reading

        content = text.encode()
        for extractor in reading(content, Dispatch()(path)):
            found += extractor.run(File("shop", path, content, executable))
    kept = [one for one in found if storable([one])]
    assert len(kept) == len(found) - 1
    assert list(unpack_few(pack_few(kept))) == kept
    for damaged in (b"\xc0", pack_few(kept)[:-1], pack_few(kept).replace(b"shop", b"sh\xffp"), pack((), kept)):
        with pytest.raises(Unreadable):
            unpack_few(damaged)
