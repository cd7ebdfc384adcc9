"""Packs: found, loaded, and refused with every fault of every file at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.content import load
from assess.errors import ContentError

PACK = "name: acme\ndescription: Ours.\nprefixes: [ACM]\n"
RULE = """\
id: ACM-001
name: roots-have-a-backend
question: Does the root keep its state in a shared place?
why: State on a laptop is lost with the laptop.
sources: ["https://developer.hashicorp.com/terraform/language/backend"]
units: [terraform-root]
reads: {fact: TerraformRoot, scope: item}
when: fact.backend != 'local'
effect: {question: definition, met: [declarative]}
strength: weak
examples:
  good: [{main.tf: 'terraform {}'}]
  silent: [{README.md: '# x'}]
"""


def pack(root: Path, **files: str) -> Path:
    """A pack directory; `a__b` in a name stands for `a/b`, `RULE` for a file named as its rule asks."""
    for name, text in {"pack": PACK, **files}.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def rule(root: Path, text: str = RULE, file: str = "state/ACM-001-roots-have-a-backend.yaml", head: str = PACK) -> Path:
    """A pack of one rule."""
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text)
    (root / "pack.yaml").write_text(head)
    return root


def faults(*packs: Path) -> list[str]:
    with pytest.raises(ContentError) as refused:
        load(packs)
    return refused.value.what.splitlines()


def test_ours_loads_alone_and_in_order() -> None:
    content = load()
    ids = [one.id for one in content.rules]
    assert len(ids) > 20
    assert ids == sorted(ids)
    assert load().digest == content.digest


def test_a_users_pack_takes_part(tmp_path: Path) -> None:
    content = load([rule(tmp_path)])
    assert "ACM-001" in [one.id for one in content.rules]
    assert content.file_of("ACM-001") == tmp_path / "state/ACM-001-roots-have-a-backend.yaml"
    assert content.file_of("ZZZ-999") is None
    assert content.digest != load().digest


def test_a_pack_may_keep_its_rules_in_a_folder(tmp_path: Path) -> None:
    rule(tmp_path / "rules")
    assert "ACM-001" in [one.id for one in load([tmp_path]).rules]


def test_a_removed_rule_takes_no_part(tmp_path: Path) -> None:
    content = load([rule(tmp_path, RULE + "lifecycle: removed\n")])
    assert "ACM-001" not in [one.id for one in content.rules]


def test_the_digest_is_about_meaning_not_words_of_examples(tmp_path: Path) -> None:
    one = load([rule(tmp_path / "a")]).digest
    assert load([rule(tmp_path / "b", RULE.replace("'# x'", "'# other'"))]).digest == one
    assert load([rule(tmp_path / "c", RULE.replace("'local'", "'s3'"))]).digest != one


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("when: fact.backend", "when: fact.backnd", ": when: TerraformRoot has no field 'backnd'; did you mean 'backend'?"),
        ("!= 'local'", "!= 7", "no matching overload"),
        ("fact: TerraformRoot", "fact: TerraformRot", "no such kind 'TerraformRot'; did you mean 'TerraformRoot'?"),
        ("[terraform-root]", "[terraform-rot]", "no such kind 'terraform-rot'; did you mean 'terraform-root'?"),
        ("met: [declarative]", "met: [declaratve]", "'declaratve' is no answer to definition; did you mean 'declarative'?"),
        ("question: definition", "question: definiton", "did you mean 'definition'?"),
        ("effect: {question: definition, met: [declarative]}", "effect: {question: definition}", "neither met nor unmet keeps any answer"),
        ("met: [declarative]", "unmet: [script]", "examples.bad: is required"),
        ("strength: weak", "strengh: weak", ":10: strengh: unknown key; did you mean 'strength'?"),
        ("strength: weak", "strength: feeble", ":10: strength: "),
        ("why: State", "because: State", ":4: because: unknown key"),
        ("id: ACM-001", "id: acm-1", ":1: id: "),
        ("https://developer", "developer", ":5: sources"),
        ("scope: item", "scope: itm", ":7: reads.scope: 'itm' is not one of"),
    ],
)
def test_one_fault_in_a_rule(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in RULE
    told = faults(rule(tmp_path, RULE.replace(old, new, 1)))
    assert any(fault in line and line.startswith(f"{tmp_path / 'state/ACM-001-roots-have-a-backend.yaml'}:") for line in told), told


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("state/ACM-001-other.yaml", RULE, "name: the file should be called ACM-001-roots-have-a-backend.yaml"),
        (
            "state/XYZ-001-roots-have-a-backend.yaml",
            RULE.replace("ACM-001", "XYZ-001"),
            "id: XYZ-001 is outside this pack's prefixes (ACM)",
        ),
        ("state/ACM-001-x.yaml", "", "holds 0 YAML documents"),
        ("state/ACM-001-x.yaml", "a: [}", "not readable as YAML"),
        ("state/ACM-001-x.yaml", "\0", "holds NUL bytes"),
    ],
)
def test_a_rule_in_the_wrong_place(tmp_path: Path, file: str, text: str, fault: str) -> None:
    assert any(fault in line for line in faults(rule(tmp_path, text, file)))


def test_a_duplicate_id_in_one_pack(tmp_path: Path) -> None:
    rule(tmp_path)
    rule(tmp_path, file="other/ACM-001-roots-have-a-backend.yaml")
    assert any("id: ACM-001 is taken by" in line for line in faults(tmp_path))


def test_a_duplicate_id_of_two_packs_and_of_ours(tmp_path: Path) -> None:
    assert any("id: ACM-001 is taken by" in line for line in faults(rule(tmp_path / "a"), rule(tmp_path / "b")))
    ours = next(iter(load().rules))
    text = RULE.replace("ACM-001", ours.id)
    mine = rule(tmp_path / "c", text, f"state/{ours.id}-roots-have-a-backend.yaml", PACK.replace("ACM", ours.id[:3]))
    assert any(f"id: {ours.id} is taken by" in line for line in faults(mine))


def test_every_fault_of_every_file_of_every_pack_at_once(tmp_path: Path) -> None:
    first = rule(
        tmp_path / "a", RULE.replace("fact.backend", "fact.backnd").replace("ACM-001", "ACM-002"), "state/ACM-002-roots-have-a-backend.yaml"
    )
    rule(first, RULE.replace("strength: weak", "strengh: weak"))
    second = rule(tmp_path / "b", "a: [}", head="name: Other Pack\nprefixes: []\n")
    told = "\n".join(faults(first, second, tmp_path / "nowhere"))
    for fault in (
        "did you mean 'backend'",
        "strengh: unknown key",
        "name: ",
        "description: is required",
        "prefixes: ",
        "nowhere: no pack.yaml here",
    ):
        assert fault in told


def test_a_pack_without_rules(tmp_path: Path) -> None:
    assert faults(pack(tmp_path)) == [f"{tmp_path}: holds no rule that loads"]
