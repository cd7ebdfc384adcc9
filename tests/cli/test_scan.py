"""`scan`: targets in, exit code and a report out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygit2

from tests.cli.conftest import ROOT, SHOP, Done
from tests.worlds import commit

Idp = Callable[..., Done]


def level(assessment: dict[str, object], subject: str) -> tuple[int, int]:
    """A subject's declared interval."""
    (found,) = [p for p in assessment["placements"] if p["subject"] == subject and p["reading"] == "declared"]  # type: ignore[attr-defined]
    return found["low"], found["high"]


def without_time(assessment: dict[str, object]) -> dict[str, object]:
    """All of an assessment but when it was made."""
    return {key: value for key, value in assessment.items() if key not in ("made_at", "read_at")}


def test_done_is_zero(idp: Idp, shop: Path) -> None:
    done = idp("scan", shop, "--format", "json")
    assert done.code == 0
    assert level(done.json, "shop") == (3, 3)
    assert done.err == ""


def test_ordinary_gaps_are_zero(idp: Idp, tmp_path: Path) -> None:
    broken = commit(tmp_path / "broken", {**SHOP, ".github/workflows/x.yml": "a: [}"})
    done = idp("scan", broken, "-f", "json")
    assert done.code == 0
    assert done.json["gaps"]


def test_a_target_that_cannot_be_read_is_three_and_spoils_no_other(idp: Idp, shop: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    pygit2.init_repository(str(empty), bare=True)
    done = idp("scan", empty, shop, "-f", "json")
    assert done.code == 3
    assert {t["label"]: t["read"] for t in done.json["targets"]} == {"empty": False, "shop": True}
    assert level(done.json, "shop")[0] == 3
    assert "empty could not be read: no commit to read" in done.err


def test_many_bad_targets_and_one_good(idp: Idp, shop: Path, tmp_path: Path) -> None:
    bad = []
    for number in range(5):
        path = tmp_path / f"bad-{number}"
        (path / "objects").mkdir(parents=True)
        (path / "HEAD").write_text("ref: refs/heads/main\n" * number)
        bad.append(path)
    done = idp("scan", *bad, shop, "-f", "json", "--jobs", "2")
    assert done.code == 3
    assert [t["label"] for t in done.json["targets"] if t["read"]] == ["shop"]
    assert level(done.json, "shop")[0] == 3


def test_no_target_is_usage(idp: Idp) -> None:
    done = idp("scan")
    assert done.code == 2
    assert done.out == ""
    assert "no target" in done.err


def test_a_path_that_is_not_there_is_usage(idp: Idp, tmp_path: Path) -> None:
    done = idp("scan", tmp_path / "nowhere")
    assert done.code == 2
    assert f"{tmp_path / 'nowhere'}: no such directory" in done.err


def test_a_directory_without_a_repository_is_usage(idp: Idp, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    done = idp("scan", tmp_path / "plain")
    assert done.code == 2
    assert "holds no Git repository" in done.err


def test_an_unknown_option_is_usage(idp: Idp, shop: Path) -> None:
    done = idp("scan", shop, "--frmat", "json")
    assert done.code == 2
    assert done.out == ""
    assert "--format" in done.err


def test_an_unknown_format_is_usage_with_a_near_miss(idp: Idp, shop: Path) -> None:
    done = idp("scan", shop, "--format", "jsn")
    assert done.code == 2
    assert "did you mean 'json'?" in done.err


def test_a_revision_that_is_not_there_is_three(idp: Idp, shop: Path) -> None:
    done = idp("scan", shop, "--rev", "v9", "-f", "json")
    assert done.code == 3
    assert "no commit 'v9'" in done.err


def test_a_revision(idp: Idp, shop: Path) -> None:
    first = pygit2.Repository(str(shop)).head.target
    commit(shop, {"infra/main.tf": ROOT}, message="nobody runs it any more")
    assert level(idp("scan", shop, "-f", "json").json, "shop") == (2, 2)
    earlier = idp("scan", shop, "--rev", first, "-f", "json").json
    assert level(earlier, "shop") == (3, 3)
    assert earlier["targets"][0]["commit"] == str(first)


def test_targets_from_a_file(idp: Idp, shop: Path, tmp_path: Path) -> None:
    other = commit(tmp_path / "other", SHOP)
    listed = tmp_path / "targets.txt"
    listed.write_text(f"# ours\n{shop}\n\n  {other}  \n")
    done = idp("scan", "--targets", listed, "-f", "json")
    assert done.code == 0
    assert sorted(t["label"] for t in done.json["targets"]) == ["other", "shop"]


def test_a_targets_file_that_is_not_there_is_usage(idp: Idp, tmp_path: Path) -> None:
    done = idp("scan", "--targets", tmp_path / "none.txt")
    assert done.code == 2
    assert "none.txt: no such file" in done.err


def test_repositories_are_found_below_a_directory_and_not_inside_each_other(idp: Idp, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in ("a/one", "a/b/two", "three"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        commit(home / name, SHOP)
    commit(home / "three" / "modules", SHOP)  # inside a bare repository: not looked for
    (home / "link").symlink_to(home / "a")
    done = idp("scan", home, "-f", "json")
    assert sorted(t["label"] for t in done.json["targets"]) == ["one", "three", "two"]


def test_the_same_target_twice_counts_once(idp: Idp, shop: Path) -> None:
    done = idp("scan", shop, shop, shop.parent / "." / shop.name, "-f", "json")
    assert [t["label"] for t in done.json["targets"]] == ["shop"]


def test_labels_that_clash_are_told_apart(idp: Idp, tmp_path: Path) -> None:
    for team in ("red", "blue"):
        (tmp_path / team).mkdir()
        commit(tmp_path / team / "infra", SHOP)
    done = idp("scan", tmp_path / "red", tmp_path / "blue", "-f", "json")
    assert sorted(t["label"] for t in done.json["targets"]) == ["blue/infra", "red/infra"]


def test_jobs_do_not_change_the_result(idp: Idp, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        commit(tmp_path / "home" / name, SHOP)
    one, many = (idp("scan", tmp_path / "home", "-f", "json", "--no-cache", "--jobs", jobs).json for jobs in (1, 3))
    assert without_time(one) == without_time(many)


def test_the_order_of_sets_does_not_change_the_result(idp: Idp, tmp_path: Path) -> None:
    """Python orders sets anew in every process; nothing that is written may depend on it."""
    texts = {f"src/a.{suffix}": "x\n" for suffix in ("py", "go", "ts", "rs", "rb", "java", "c", "scala", "swift")}
    commit(
        tmp_path / "home" / "mixed",
        {
            **SHOP, **texts, "envs/prod/main.tf": ROOT, "envs/test/main.tf": ROOT, "deploy.sh": "kubectl apply -f x\n",
            ".circleci/config.yml": "commands:\n" + "".join(f"  {name}: {{steps: [{{run: make {name}}}]}}\n" for name in "abcdefgh"),
            ".github/workflows/push.yml": "on: {push: {branches: [main]}}\njobs: {push: {steps: [{run: helm push a.tgz oci://ghcr.io/acme/charts}]}}\n",
        },
    )  # fmt: skip
    one, two, three = (
        idp("scan", tmp_path / "home", "-f", "json", "--no-cache", env={"PYTHONHASHSEED": seed}).json for seed in ("1", "2", "3")
    )
    assert without_time(one) == without_time(two) == without_time(three)


def test_tau_is_obeyed_and_checked(idp: Idp, shop: Path) -> None:
    assert idp("scan", shop, "-f", "json", "--tau", "0.9").json["tau"] == 0.9
    assert idp("scan", shop, "-f", "json", "--tau", "7").code == 2


def test_judging_again_equals_judging_first(idp: Idp, shop: Path, tmp_path: Path) -> None:
    first = idp("scan", shop, "-f", "json", "-o", tmp_path / "out")
    assert first.code == 0
    again = idp("scan", "--from", tmp_path / "out" / "facts.jsonl.zst", "-f", "json")
    assert again.code == 0
    told = ("made_at", "findings_note")
    assert {k: v for k, v in again.json.items() if k not in told} == {k: v for k, v in first.json.items() if k not in told}


def test_judging_again_of_a_target_that_was_not_read_is_three_again(idp: Idp, shop: Path, tmp_path: Path) -> None:
    pygit2.init_repository(str(tmp_path / "empty"), bare=True)
    assert idp("scan", shop, tmp_path / "empty", "-f", "json", "-o", tmp_path / "out").code == 3
    assert idp("scan", "--from", tmp_path / "out" / "facts.jsonl.zst", "-f", "json").code == 3


def test_facts_that_are_none_are_usage(idp: Idp, tmp_path: Path) -> None:
    (tmp_path / "facts").write_bytes(b"not zstd")
    for path in (tmp_path / "facts", tmp_path / "nowhere", tmp_path):
        done = idp("scan", "--from", path)
        assert done.code == 2
        assert str(path) in done.err


def test_the_written_assessment_is_the_printed_one(idp: Idp, shop: Path, tmp_path: Path) -> None:
    done = idp("scan", shop, "-f", "json", "-o", tmp_path / "out" / "deep")
    assert (tmp_path / "out" / "deep" / "assessment.json").read_text() == done.out
    assert sorted(path.name for path in (tmp_path / "out" / "deep").iterdir()) == ["assessment.json", "facts.jsonl.zst"]
    assert idp("report", tmp_path / "out" / "deep" / "assessment.json", "-f", "json").out == done.out


def test_an_output_that_cannot_be_written_is_told(idp: Idp, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = idp("scan", shop, "-f", "json", "-o", tmp_path / "file")
    assert done.code == 2
    assert str(tmp_path / "file") in done.err
    assert "Traceback" not in done.err


def test_nothing_is_written_into_a_scanned_repository(idp: Idp, shop: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in shop.rglob("*"))
    idp("scan", shop, "-f", "json")
    assert sorted((path, path.stat().st_mtime_ns) for path in shop.rglob("*")) == before


def test_addresses_and_dates_that_cannot_be_used_are_two_and_say_what_can(idp: Idp, shop: Path) -> None:
    for arguments, told in (
        ([], "an address (https://…, ssh://…, git@host:path, file://…), github:ORG, gitlab:GROUP"),
        (["git://git.example/shop"], "is no address that can be fetched from"),
        (["github:"], "names no org"),
        ([shop, "--at", "yesterday"], "neither a date nor a time"),
        ([shop, "--at", "2026-01-01", "--rev", "main"], "--at and --rev"),
        ([shop, "--include", "fork"], "did you mean 'forks'?"),
    ):
        done = idp("scan", *arguments)
        assert (done.code, told in done.err) == (2, True), done.err


def test_a_token_where_its_variable_belongs_is_refused_and_not_echoed(idp: Idp, shop: Path) -> None:
    for given in ("git.example=Planted.Zq7", "git.example=PlantedZq7", "PlantedZq7"):
        done = idp("scan", shop, "--credential", given)
        assert done.code == 2
        assert "Planted" not in done.err + done.out


def test_a_repository_that_cannot_be_fetched_is_three_and_spoils_no_other(idp: Idp, shop: Path, tmp_path: Path) -> None:
    done = idp("scan", "http://me:Planted@127.0.0.1:1/acme/web.git", shop, "-f", "json", "--clones", tmp_path / "clones", "--jobs", "2")
    assert done.code == 3
    assert {t["label"]: t["read"] for t in done.json["targets"]} == {"web": False, "shop": True}
    assert "web could not be read: the server does not answer" in done.err
    assert "Planted" not in done.err + done.out
