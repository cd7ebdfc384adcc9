"""Repositories by address, from git's own server: fetched once, brought up to date, with credentials that nobody sees."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pygit2
import pytest

from assess.collect.git import transfer
from assess.model.gap import Gap, GapReason
from assess.model.target import Target
from assess.report import terminal
from assess.request import Request
from assess.run import assess, check, facts_of, observe, scan
from assess.spec.wire import assessment_json
from tests.cli.conftest import PROGRAM, environment
from tests.git_server import GitServer, git_server
from tests.worlds import WHEN, commit

FILES = {"infra/main.tf": 'resource "aws_s3_bucket" "logs" {}\n'}
MORE = {**FILES, "net/main.tf": 'resource "aws_vpc" "main" {}\n'}
SECRET = "PlantedZq7Secret"
DAY = 86_400


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    """A server with the repository `acme/shop.git`."""
    (tmp_path / "srv" / "acme").mkdir(parents=True)
    commit(tmp_path / "srv" / "acme" / "shop.git", FILES)
    with git_server(tmp_path / "srv") as running:
        yield running


@pytest.fixture(autouse=True)
def clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where clones are kept; no variable of the caller's holds a token."""
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "GITHUB_SERVER_URL", "GITLAB_HOST", "SSH_AUTH_SOCK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IDP_ASSESS_CLONES", str(tmp_path / "clones"))
    return tmp_path / "clones"


def seen(request: Request) -> tuple[Target, tuple[Gap, ...], list[str]]:
    """The one target of a request, its gaps, and the paths of its units."""
    assessment = scan(request)
    (target,) = assessment.targets
    return target, assessment.gaps, sorted(unit.path for unit in assessment.units)


def of(address: str, **options: object) -> Request:
    """A request for one address."""
    return replace(Request.build(address), **options)


def test_a_repository_by_address_is_read_as_a_clone_of_it_is(server: GitServer) -> None:
    target, _, units = seen(of(server.url("acme/shop.git")))
    local, _, same = seen(of(str(server.root / "acme" / "shop.git")))
    assert (target.label, target.commit, target.branch, units) == ("shop", local.commit, "main", same)
    assert target.read
    assert target.remote == server.url("acme/shop.git")


def test_a_second_run_fetches_what_is_new_and_nothing_else(server: GitServer) -> None:
    request, shop = of(server.url("acme/shop.git")), server.root / "acme" / "shop.git"
    seen(request)
    seen(request)
    assert server.packs == 1
    commit(shop, MORE)
    assert seen(request)[2] == ["infra", "net"]
    assert server.packs == 2


def test_history_that_was_rewritten_and_tags_that_are_gone_follow_the_server(server: GitServer, clones: Path) -> None:
    request, shop = of(server.url("acme/shop.git")), server.root / "acme" / "shop.git"
    origin = pygit2.Repository(str(shop))
    origin.references.create("refs/tags/v1.0.0", origin.head.target)
    seen(request)
    (clone,) = clones.rglob("shop.git")
    assert "refs/tags/v1.0.0" in list(pygit2.Repository(str(clone)).references)
    origin.references.delete("refs/tags/v1.0.0")
    commit(shop, MORE, branch="trunk")
    origin.set_head("refs/heads/trunk")
    origin.references.delete("refs/heads/main")
    target, _, units = seen(request)
    assert (target.branch, units) == ("trunk", ["infra", "net"])
    assert "refs/tags/v1.0.0" not in list(pygit2.Repository(str(clone)).references)


def test_a_clone_holds_no_hook_no_work_tree_and_is_found_by_its_address(server: GitServer, clones: Path) -> None:
    hooks = server.root / "acme" / "shop.git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "post-checkout").write_text("#!/bin/sh\ntouch /tmp/ran\n")
    (hooks / "post-checkout").chmod(0o755)
    seen(of(server.url("acme/shop.git")))
    clone = clones / "http" / server.host.replace(":", "%3A") / "acme" / "shop.git"
    assert pygit2.Repository(str(clone)).is_bare
    assert not (clone / "hooks").exists()
    assert not [path for path in clones.rglob("*") if path.name.endswith(".partial")]


def test_a_branch_or_commit_that_is_not_the_default_is_fetched_when_it_is_named(server: GitServer) -> None:
    shop = server.root / "acme" / "shop.git"
    other = pygit2.Repository(str(shop))
    other.references.create("refs/heads/next", other.head.target)
    commit(shop, MORE, branch="next")
    tip = str(other.references["refs/heads/next"].target)
    assert seen(of(server.url("acme/shop.git")))[2] == ["infra"]
    assert seen(of(server.url("acme/shop.git"), rev=tip))[0].commit == tip
    assert seen(of(server.url("acme/shop.git"), rev="next"))[2] == ["infra", "net"]
    target, gaps, _ = seen(of(server.url("acme/shop.git"), rev="nowhere"))
    assert not target.read
    assert "no commit 'nowhere'" in gaps[0].what


# --- credentials --------------------------------------------------------------------------------------------------


def test_a_token_in_a_named_variable_opens_what_asks_for_one(server: GitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.wants = f"x-token-auth:{SECRET}"
    closed = of(server.url("acme/shop.git"))
    target, gaps, _ = seen(closed)
    assert not target.read
    assert gaps[0].reason is GapReason.NOT_READ
    assert "asks for credentials" in gaps[0].what
    assert f"--credential {server.host}=VARIABLE" in gaps[0].settle
    monkeypatch.setenv("SHOP_TOKEN", SECRET)
    opened = replace(closed, credentials={server.host: "SHOP_TOKEN"})
    assert seen(opened)[0].read
    monkeypatch.setenv("SHOP_TOKEN", "stale")
    assert "refuses the token in SHOP_TOKEN" in seen(opened)[1][0].what
    assert "stale" not in str(seen(opened)[1])


def test_no_credential_is_kept_or_shown(server: GitServer, clones: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.wants = f"me:{SECRET}"
    request = of(f"http://me:{SECRET}@{server.host}/acme/shop.git")
    found = observe(request)
    assessment = assess(request, found, checked=check(request, found))
    assert assessment.targets[0].read
    server.wants = "me:other"
    refused = observe(request)
    assert not refused[0].target.read
    told = [
        facts_of(found),
        assessment_json(assessment),
        facts_of(refused),
        str(found).encode(),
        str(refused).encode(),
        str(request.targets).encode(),
    ]
    kept = [path.read_bytes() for path in clones.rglob("*") if path.is_file()]
    assert not [text for text in (*told[:-1], *kept) if SECRET.encode() in text]


def test_a_token_goes_to_the_host_that_it_is_for(server: GitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.wants = "x:y"
    for name in ("GITHUB_TOKEN", "GITLAB_TOKEN", "OTHER"):
        monkeypatch.setenv(name, SECRET)
    seen(of(server.url("acme/shop.git"), credentials={"git.example.org": "OTHER"}))
    assert server.shown == []
    monkeypatch.setenv("GITLAB_HOST", f"http://{server.host}")
    seen(of(server.url("acme/shop.git")))
    assert set(server.shown) == {f"oauth2:{SECRET}"}


def test_a_server_that_sends_elsewhere_gets_no_credential_there(server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", SECRET)
    with git_server(tmp_path / "srv") as other:
        other.wants = f"x-token-auth:{SECRET}"
        server.sends_to = f"http://localhost:{other.server_port}"
        target, gaps, _ = seen(of(server.url("acme/shop.git"), credentials={server.host: "SHOP_TOKEN"}))
        assert not target.read
        assert "sends elsewhere" in gaps[0].what
        assert other.asked == []


HELPER = '[credential]\n\thelper = "!f() {{ test \\"$1\\" = get && echo username=me && echo password={}; }}; f"\n'


def test_the_helper_of_the_users_own_configuration_is_asked_and_that_of_a_repository_is_not(server: GitServer, tmp_path: Path) -> None:
    server.wants = f"me:{SECRET}"
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    with (work / ".git" / "config").open("a") as config:
        config.write(HELPER.format(SECRET))
    arguments = [str(PROGRAM), "scan", server.url("acme/shop.git"), "--clones", str(tmp_path / "clones"), "-f", "json"]

    def run() -> subprocess.CompletedProcess[str]:
        env = environment(HOME=str(home))
        return subprocess.run(arguments, cwd=work, env=env, capture_output=True, text=True, timeout=120, check=False)

    refused = run()
    assert refused.returncode == 3, refused.stderr
    assert "asks for credentials" in refused.stderr
    (home / ".gitconfig").write_text(HELPER.format(SECRET))
    opened = run()
    assert opened.returncode == 0, opened.stderr
    assert SECRET not in opened.stdout + opened.stderr


# --- what goes wrong ----------------------------------------------------------------------------------------------


def test_a_fetch_that_breaks_off_leaves_nothing_behind(server: GitServer, clones: Path) -> None:
    server.cuts = 40
    request = of(server.url("acme/shop.git"))
    target, gaps, _ = seen(request)
    assert not target.read
    assert gaps[0].reason is GapReason.NOT_READ
    assert [path.name for path in clones.rglob("*shop.git*")] == ["shop.git.lock"]
    server.cuts = 0
    (clones / "http" / server.host.replace(":", "%3A") / "acme" / ".shop.git.x.partial").mkdir()
    assert seen(request)[0].read
    assert not list(clones.rglob("*.partial"))
    (clone,) = clones.rglob("shop.git")
    (clone / "HEAD").write_text("nonsense")
    assert seen(request)[0].read


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("http://127.0.0.1:1/acme/shop.git", "the server does not answer"), ("{server}/acme/none.git", "there is no such repository"),
        ("https://no.such.host.invalid/x.git", "the host is not known"), ("file:///no/where.git", "there is no Git repository"),
        ("ssh://git@127.0.0.1:1/shop.git", "the server does not answer"),
    ],
)  # fmt: skip
def test_what_cannot_be_fetched_says_why_in_one_message(server: GitServer, address: str, what: str) -> None:
    target, gaps, _ = seen(of(written := address.format(server=f"http://{server.host}")))
    assert not target.read
    assert target.remote == ("" if written.startswith("file:") else written)
    assert [gap.reason for gap in gaps] == [GapReason.NOT_READ]
    assert gaps[0].what.startswith(what)
    assert gaps[0].settle


def test_a_repository_without_a_commit_is_empty_and_read(server: GitServer) -> None:
    pygit2.init_repository(str(server.root / "acme" / "new.git"), bare=True)
    target, gaps, units = seen(of(server.url("acme/new.git")))
    assert target.read
    assert (gaps[0].reason, gaps[0].what, units) == (GapReason.EMPTY, "the repository holds no commit yet", [])


def test_a_fetch_ends_at_its_caps(server: GitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "MAX_BYTES", 10)
    assert "holds more than 10 bytes" in seen(of(server.url("acme/shop.git")))[1][0].what
    monkeypatch.setattr(transfer, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(transfer, "MAX_SECONDS", -1.0)
    target, gaps, _ = seen(of(server.url("acme/shop.git")))
    assert not target.read
    assert "took longer" in gaps[0].what


def test_runs_at_once_share_one_fetch(server: GitServer, clones: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from assess import Request, scan; print(scan(Request.build(sys.argv[1])).targets[0].read)",
    ]
    env = environment(IDP_ASSESS_CLONES=str(clones))
    both = [subprocess.Popen([*command, server.url("acme/shop.git")], env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate(timeout=120)[0].strip() for one in both] == ["True", "True"]
    assert server.packs == 1


def test_several_addresses_are_fetched_in_several_processes_and_told(server: GitServer) -> None:
    commit(server.root / "acme" / "web.git", MORE)
    told: list[str] = []
    request = replace(Request.build([server.url("acme/shop.git"), server.url("acme/web.git")]), jobs=2)
    assessment = scan(request, lambda label, done, total: told.append(f"{label} {done}/{total}"))
    assert [target.read for target in assessment.targets] == [True, True]
    assert told[:2] == ["fetching shop 0/2", "fetching web 0/2"]
    assert sorted(told[2:]) in (["shop 1/2", "web 2/2"], ["shop 2/2", "web 1/2"])
    assert assessment.findings_note.startswith("rego")


def test_a_fetched_repository_is_read_as_it_was(server: GitServer) -> None:
    commit(server.root / "acme" / "shop.git", MORE, when=WHEN + 10 * DAY)
    request = Request.build(server.url("acme/shop.git"), at="2025-10-12")
    target, _, units = seen(request)
    assert (units, target.branch) == (["infra"], "main")
    assert seen(Request.build(server.url("acme/shop.git"), at="2025-10-19"))[2] == ["infra", "net"]
    assert terminal.render(scan(request)).splitlines()[0].count("as of 2025-10-12, read ") == 1


def test_a_server_whose_head_is_on_no_branch_is_read_there(server: GitServer) -> None:
    shop = server.root / "acme" / "shop.git"
    origin = pygit2.Repository(str(shop))
    there = origin.head.target
    commit(shop, MORE)
    origin.set_head(there)
    for _ in range(2):
        target, _, units = seen(of(server.url("acme/shop.git")))
        assert (target.commit, target.branch, units) == (str(there), "", ["infra"])
    assert server.packs == 1


def test_an_error_of_the_server_leaves_the_clone_that_there_is(server: GitServer, clones: Path) -> None:
    request = of(server.url("acme/shop.git"))
    assert seen(request)[0].read
    commit(server.root / "acme" / "shop.git", MORE)
    server.cuts = 40
    assert not seen(request)[0].read
    assert len(list(clones.rglob("shop.git"))) == 1
    server.cuts = 0
    assert seen(request)[2] == ["infra", "net"]


def line(text: bytes) -> bytes:
    """A line as the protocol has it. Source: https://git-scm.com/docs/protocol-common#_pkt_line_format"""
    return b"%04x" % (len(text) + 4) + text


SERVICE = line(b"# service=git-upload-pack\n") + b"0000"
OID = b"0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "said",
    [
        b"nonsense", b"<html>sign in</html>", SERVICE, SERVICE + b"0000", SERVICE + b"ffff" + b"x" * 99, SERVICE + line(b"ERR no\n") + b"0000",
        SERVICE + line(OID + b" refs/heads/../../../config\0 symref=HEAD:refs/heads/../../../config\n") + b"0000",
        SERVICE + line(OID + b" HEAD\0 symref=HEAD:refs/heads/main\n") + line(OID + b" refs/heads/main\n") + b"0000",
        SERVICE + line(b"zz" * 20 + b" HEAD\0\n") + b"0000", SERVICE + b"".join(line(OID + b" refs/tags/%d\0\n" % n) for n in range(2_000)) + b"0000",
    ],
    ids=range(10),
)  # fmt: skip
def test_what_a_server_makes_up_ends_as_a_gap_and_touches_nothing(server: GitServer, tmp_path: Path, said: bytes) -> None:
    server.says = said
    shop = server.root / "acme" / "shop.git"
    targets = {t.label: t for t in scan(Request.build([server.url("acme/shop.git"), shop])).targets}
    empty = said == SERVICE + b"0000"
    assert sorted(target.read for target in targets.values()) == [empty, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clones", "srv"]
    assert not list((tmp_path / "clones").rglob("config*"))
