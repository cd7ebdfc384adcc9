"""What is read out of a Rego file without OPA, and that OPA reads the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from assess.policy.rego import text as rego_text
from assess.policy.rego.catalogue import load

ODD = """\
# A licence.

# METADATA
# title: A policy
# custom: {id: ACME-001}
package idp_assess.odd.one # package idp_assess.odd.two

import data.idp_assess.lib.k8s

default warn := set()

text := `
deny contains "not a rule" if true
package nothing
`

  deny contains "indented" if {
	deny_this := "deny contains x"
	count([1 |
		warn_me := input.x
	]) > 0
}

helper(
	deny,
) := deny
"""


def test_a_rule_is_one_where_it_begins_a_statement(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    assert rego_text.package(ODD) == "idp_assess.odd.one"
    assert rego_text.rules(ODD) == ["deny", "warn"]
    assert rego_text.rules(ODD.replace("  deny contains", "  denied contains").replace("default warn", "default warned")) == []
    (tmp_path / "odd.rego").write_text(ODD)
    parsed = subprocess.run([need_tool("opa"), "parse", "-f", "json", "odd.rego"], cwd=tmp_path, capture_output=True, check=True)
    heads = {rule["head"].get("name") for rule in json.loads(parsed.stdout)["rules"]}
    assert heads & {"deny", "warn"} == {"deny", "warn"}


def test_metadata_is_what_opa_reads(need_tool: Callable[[str], Path], tmp_path: Path) -> None:
    """All of our policies, one question to OPA."""
    catalogue = load()
    for name, text in catalogue.sources().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    command = [need_tool("opa"), "inspect", "-a", "-f", "json", tmp_path]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    theirs = {}
    for one in told["annotations"]:
        if one["annotations"].get("scope") == "package":
            names = [str(part["value"]) for part in one["path"][1:]]
            theirs[".".join(names)] = one["annotations"]
    for name, text in catalogue.sources().items():
        if name.startswith("rego/"):
            ours = rego_text.policy(name, text)
            block = theirs[ours.package]
            assert (ours.id, ours.title, ours.message) == (block["custom"]["id"], block["title"], block["custom"]["message"].strip())
            assert [str(source) for source in ours.sources] == [link["ref"] for link in block["related_resources"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import data.idp_assess.lib.k8s", "import data.idp_assess.v_1.lib.k8s"),
        ("package idp_assess.a.b", "package idp_assess.v_1.a.b"),
        ("package   idp_assess.a.b", "package   idp_assess.v_1.a.b"),
        ('x := "data.idp_assess.lib"', 'x := "data.idp_assess.lib"'),
        ("x := `package idp_assess.a`", "x := `package idp_assess.a`"),
        ("# data.idp_assess.lib.x\ny := data.idp_assess.lib.x", "# data.idp_assess.lib.x\ny := data.idp_assess.v_1.lib.x"),
        ("metadata.idp_assess.x", "metadata.idp_assess.x"),
        ("input.data.idp_assess.x", "input.data.idp_assess.x"),
        ('x := "a\\" data.idp_assess.b" + data.idp_assess.c.d', 'x := "a\\" data.idp_assess.b" + data.idp_assess.v_1.c.d'),
    ],
)
def test_only_code_is_moved_to_another_package(text: str, wanted: str) -> None:
    assert rego_text.namespaced(text, "v_1") == wanted


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x := http.send({})", ["f:3: http.send: no policy may call this"]),
        ('x := "http.send"', []),
        ("# http.send\nx := my.http.send", []),
        ("x := data.other.y", ["f:3: data: only packages below data.idp_assess are there, named one by one"]),
        ("x := data[y]", ["f:3: data: only packages below data.idp_assess are there, named one by one"]),
        ("x := data.idp_assess", ["f:3: data: only packages below data.idp_assess are there, named one by one"]),
        ("x := data.idp_assess.lib.y(1)", []),
        ("x := input.data", []),
        ("x if input.y with data.z as 1", ["f:3: data: only packages below data.idp_assess are there, named one by one"]),
    ],
)
def test_what_reaches_beyond_the_input_is_named_with_its_line(code: str, told: list[str]) -> None:
    assert list(rego_text.problems("f", f"package idp_assess.a.b\n\n{code}\n")) == told


def test_a_package_of_others_is_refused() -> None:
    for package in ("system.authz", "idp_assess", "idp_assess.aggregate", "idp_assessed.x"):
        assert "package: " in next(rego_text.problems("f", f"package {package}\n"))


def test_code_of_one_line_without_an_end_is_read_in_time() -> None:
    text = "package idp_assess.a.b\n" + 'x := "' + "\\" * 200_000 + "\n# METADATA\n" + "# x\n" * 50_000
    assert list(rego_text.problems("f", text)) == []
    assert rego_text.rules(text) == []
    with pytest.raises(rego_text.ContentError):
        rego_text.policy("f", text)
