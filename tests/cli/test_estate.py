"""The estate file as the program takes it: found, obeyed, and refused with every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import SHOP, Done
from tests.worlds import commit

Idp = Callable[..., Done]


def test_every_fault_at_once_with_its_line_and_a_near_miss(idp: Idp, tmp_path: Path) -> None:
    file = tmp_path / "idp-assess.yaml"
    file.write_text(
        "organisation: Acme\ntau: 2\nteams:\n  - name: shop\n    own: []\nexclude:\n  - path: a/b\n    owner: x\n    reason: short\n    expires: never\n"
    )
    done = idp("scan", "--estate", file)
    assert done.code == 2
    assert done.out == ""
    for told in (
        f"{file}:1: organisation: unknown key; did you mean 'organization'?",
        f"{file}:2: tau: ",
        f"{file}:5: teams.0.own: unknown key; did you mean 'owns'?",
        f"{file}:10: exclude.0.expires: ",
    ):
        assert told in done.err


def test_a_file_that_is_not_yaml(idp: Idp, tmp_path: Path) -> None:
    file = tmp_path / "idp-assess.yaml"
    file.write_text("organization: Acme\nteams: [}\n")
    done = idp("scan", "--estate", file)
    assert done.code == 2
    assert f"{file}:2: not readable as YAML" in done.err


def test_targets_stand_relative_to_the_file(idp: Idp, tmp_path: Path) -> None:
    commit(tmp_path / "org" / "shop", SHOP)
    (tmp_path / "org" / "idp-assess.yaml").write_text("organization: Acme\ntargets: [shop]\n")
    for arguments, cwd in (
        ((tmp_path / "org",), tmp_path),
        (("--estate", tmp_path / "org" / "idp-assess.yaml"), tmp_path),
        ((), tmp_path / "org"),
    ):
        done = idp("scan", *arguments, "-f", "json", cwd=cwd)
        assert done.code == 0, done.err
        assert [t["label"] for t in done.json["targets"]] == ["shop"]
        assert done.json["organization"] == "Acme"


def test_an_exclusion_is_shown(idp: Idp, tmp_path: Path) -> None:
    commit(tmp_path / "org" / "shop", SHOP)
    (tmp_path / "org" / "idp-assess.yaml").write_text(
        "targets: [shop]\nexclude: [{path: shop/infra/*, owner: robin, reason: goes away soon, expires: 2999-01-01}]\n"
    )
    done = idp("scan", tmp_path / "org", "-f", "json")
    assert [e["owner"] for e in done.json["exclusions"]] == ["robin"]
    assert not [u for u in done.json["units"] if u["path"] == "infra"]


def test_an_exclusion_comes_back_when_it_expires(idp: Idp, tmp_path: Path) -> None:
    commit(tmp_path / "org" / "shop", SHOP)
    (tmp_path / "org" / "idp-assess.yaml").write_text(
        "targets: [shop]\nexclude: [{path: shop/infra/*, owner: robin, reason: goes away soon, expires: 2001-01-01}]\n"
    )
    done = idp("scan", tmp_path / "org", "-f", "json")
    assert [e["expired"] for e in done.json["exclusions"]] == [True]
    assert [u for u in done.json["units"] if u["path"] == "infra"]
