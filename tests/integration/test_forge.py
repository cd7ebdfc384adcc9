"""Organizations by name: every page read, nothing left out unsaid, from servers that hold each request against the API's description."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from assess.collect.collector import collect
from assess.collect.forge.listing import Listing, listed
from assess.collect.git.repository import anything
from assess.model.gap import Gap, GapReason
from assess.model.outcome import Reading
from assess.model.placement import Scope
from assess.request import Request, split_target
from assess.run import scan
from tests.forge_server import ForgeServer, GitHub, GitLab, Play, forge_server
from tests.git_server import git_server
from tests.worlds import commit

TOKEN = "PlantedZq7Token"
DESCRIPTION = Path(__file__).parents[2] / ".tools" / "openapi" / "api.github.com.json"
NOW = 1_760_000_000.0


@pytest.fixture(scope="module")
def description() -> Any:
    """GitHub's own description of its API."""
    if DESCRIPTION.is_file():
        return orjson.loads(DESCRIPTION.read_bytes())
    message = "needs openapi: run `make tools` (takes it from the npm package in tests/tools/openapi/packages.txt)"
    if os.environ.get("IDP_REQUIRE_TOOLS"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def github(description: Any) -> Iterator[ForgeServer]:
    """A GitHub of one's own."""
    with forge_server(GitHub(description)) as server:
        yield server


@pytest.fixture
def gitlab() -> Iterator[ForgeServer]:
    """A GitLab of one's own."""
    with forge_server(GitLab()) as server:
        yield server


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Pass the time."""
        self.slept.append(seconds)

    def __call__(self) -> float:
        return NOW + sum(self.slept)


def listing(server: ForgeServer, target: str, *, token: str = TOKEN, clock: Clock | None = None, **options: Any) -> Listing:
    """What a target lists on a server."""
    clock = clock or Clock()
    variables = {"GITHUB_API_URL": server.root, "GITHUB_SERVER_URL": server.web, "GITLAB_HOST": server.web}
    tokens = {"GITHUB_TOKEN": token, "GITLAB_TOKEN": token} if token else {}
    return listed(split_target(target), Request(**options), {**variables, **tokens}, clock.sleep, clock)


def names(found: Listing) -> list[str]:
    """The repositories that are to be read."""
    return [one.label for one in found.repositories]


def gaps(found: Listing) -> tuple[Gap, ...]:
    """What the listing could not show."""
    assert found.seen is not None
    return found.seen.gaps


def repositories(server: ForgeServer, *names: str, owner: str = "acme", **more: Any) -> list[Any]:
    """Repositories of an organization, as GitHub lists them."""
    assert isinstance(server.api, GitHub)
    return [server.api.repository(server.web, owner, name, **more) for name in names]


def projects(server: ForgeServer, *paths: str, **more: Any) -> list[Any]:
    """Projects, as GitLab lists them."""
    assert isinstance(server.api, GitLab)
    return [server.api.project(server.web, path, **more) for path in paths]


# --- what is listed -----------------------------------------------------------------------------------------------


def test_every_page_of_an_organization_is_read(github: ForgeServer) -> None:
    wanted = [f"r{number:03}" for number in range(250)]
    github.lists["/orgs/acme/repos"] = repositories(github, *wanted)
    found = listing(github, "github:acme")
    assert names(found) == wanted
    assert len(github.asked) == 3
    assert github.tokens == {f"Bearer {TOKEN}"}
    assert (found.seen.target.read, gaps(found)) == (True, ())  # type: ignore[union-attr]
    assert {one.forge for one in found.repositories} == {"github"}


def test_a_person_is_listed_where_there_is_no_organization(github: ForgeServer) -> None:
    github.lists["/users/robin/repos"] = repositories(github, "dotfiles", owner="robin")
    assert names(listing(github, "github:robin")) == ["dotfiles"]


def test_one_repository_is_named_without_asking_for_a_list(github: ForgeServer) -> None:
    found = listing(github, "github:acme/shop")
    assert [one.address for one in found.repositories] == [f"{github.web}/acme/shop.git"]
    assert (found.seen, github.asked) == (None, [])


def test_a_group_is_listed_with_its_subgroups(gitlab: ForgeServer) -> None:
    gitlab.size = 2
    gitlab.lists["/groups/acme/platform/projects"] = projects(gitlab, "acme/platform/a", "acme/platform/sub/b", "acme/platform/c")
    found = listing(gitlab, "gitlab:acme/platform")
    assert names(found) == ["a", "b", "c"]
    assert gitlab.asked[0].startswith("/groups/acme%2Fplatform/projects?include_subgroups=true")
    assert gaps(found) == ()


def test_a_project_or_a_person_is_found_where_there_is_no_group(gitlab: ForgeServer) -> None:
    gitlab.lists["/projects/acme/shop"] = projects(gitlab, "acme/shop")[0]
    gitlab.lists["/users/robin/projects"] = projects(gitlab, "robin/dotfiles")
    assert names(listing(gitlab, "gitlab:acme/shop")) == ["shop"]
    assert names(listing(gitlab, "gitlab:robin")) == ["dotfiles"]


def test_forks_and_archived_repositories_are_left_out_aloud_or_taken_in(github: ForgeServer) -> None:
    github.lists["/orgs/acme/repos"] = [
        *repositories(github, "shop"), *repositories(github, "mirror", fork=True), *repositories(github, "old", archived=True),
        *repositories(github, "gone", disabled=True),
    ]  # fmt: skip
    found = listing(github, "github:acme")
    assert names(found) == ["shop"]
    assert [gap.what for gap in gaps(found)] == [
        "left out, for they hold no files that the forge gives out: 1 (acme/gone)", "left out, for they are archived: 1 (acme/old)",
        "left out, for they are forks: 1 (acme/mirror)",
    ]  # fmt: skip
    assert not any(gap.blinds for gap in gaps(found))
    assert "--include forks" in gaps(found)[2].settle
    assert names(listing(github, "github:acme", include=("forks", "archived"))) == ["shop", "mirror", "old"]


def test_a_fork_and_an_archived_project_of_gitlab_are_known_as_such(gitlab: ForgeServer) -> None:
    gitlab.lists["/groups/acme/projects"] = [
        *projects(gitlab, "acme/shop"), *projects(gitlab, "acme/mirror", forked_from_project={"id": 1}),
        *projects(gitlab, "acme/old", archived=True), *projects(gitlab, "acme/issues", repository_access_level="disabled"),
    ]  # fmt: skip
    assert names(listing(gitlab, "gitlab:acme")) == ["shop"]


def test_a_list_without_a_token_is_of_what_is_public_and_hides_the_rest(github: ForgeServer) -> None:
    github.lists["/orgs/acme/repos"] = repositories(github, "shop")
    (gap,) = gaps(listing(github, "github:acme", token=""))
    assert gap.reason is GapReason.NO_PERMISSION
    assert "public repositories only" in gap.what
    assert "GITHUB_TOKEN" in gap.settle
    assert gap.blinds == anything()
    assert github.tokens == {""}


# --- what goes wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plays", "what", "settle"),
    [
        ([Play(401)], "the token in GITHUB_TOKEN is refused (played)", "Set GH_ENTERPRISE_TOKEN"),
        ([Play(403)], "the server forbids the listing (played)", "Set GH_ENTERPRISE_TOKEN"),
        ([Play(403, {"X-GitHub-SSO": "required; url=https://sso.example/x"})], "the server forbids the listing", "single sign-on: https://sso.example/x"),
        ([Play(404), Play(404)], "the server knows no organization, group or person of this name", "Set GH_ENTERPRISE_TOKEN"),
        ([Play(418)], "the server answers with status 418 (played)", "Scan again later."),
        ([Play(500)] * 4, "the server answers with status 500 (played)", "Scan again later."),
        ([Play(200, body=b"[{", cut=0)] * 4, "the server gives no whole answer (not JSON)", "Check the address"),
        ([Play(200, body=b"[" + b" " * 99 + b"]", cut=20)] * 4, "the server gives no whole answer", "Check the address"),
        ([Play(200, body=["shop"])], "an answer is not the list that the API describes", "Check the address of the API."),
        ([Play(302, {"Location": "https://elsewhere.example/orgs/acme/repos"})], "the server sends on to another one, elsewhere.example", ""),
        ([Play(200, body=[], headers={"Link": '<https://elsewhere.example/2>; rel="next"'})], "the server sends on to another one", ""),
        ([Play(429, {"Retry-After": "3600"})], "the rate limit is used up until 2025-10-09 09:53:20 UTC", "Try again then."),
        ([Play(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1760009999"})], "the rate limit is used up until 2025-10-09 11:40:00 UTC", "Try"),
    ],
)  # fmt: skip
def test_a_listing_that_fails_says_why(github: ForgeServer, plays: list[Play], what: str, settle: str) -> None:
    github.lists["/orgs/acme/repos"] = repositories(github, "shop")
    github.plays += plays
    found = listing(github, "github:acme")
    assert not found.seen.target.read  # type: ignore[union-attr]
    (gap,) = gaps(found)
    assert gap.what.startswith(what)
    assert settle in gap.settle
    assert gap.blinds == anything()
    assert TOKEN not in str(found)
    assert github.plays == []


@pytest.mark.parametrize(
    ("play", "slept"),
    [
        (Play(502), [1.0]), (Play(200, body=b"[" + b" " * 99 + b"]", cut=9), [1.0]), (Play(429, {"Retry-After": "7"}), [7.0]),
        (Play(403, {"Retry-After": "30"}), [30.0]), (Play(503, {"Retry-After": "2"}), [2.0]),
        (Play(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 20)}), [21.0]),
        (Play(429, {"RateLimit-Remaining": "0", "RateLimit-Reset": str(int(NOW) + 9)}), [10.0]),
    ],
)  # fmt: skip
def test_what_passes_soon_is_waited_for(github: ForgeServer, play: Play, slept: list[float]) -> None:
    github.lists["/orgs/acme/repos"] = repositories(github, "shop")
    github.plays.append(play)
    clock = Clock()
    found = listing(github, "github:acme", clock=clock)
    assert (names(found), gaps(found), clock.slept) == (["shop"], (), slept)


def test_a_name_that_has_moved_is_followed_on_its_server(github: ForgeServer) -> None:
    github.lists["/orgs/acme/repos"] = repositories(github, "shop")
    github.plays.append(Play(301, {"Location": f"{github.root}/orgs/acme/repos?type=all&sort=full_name&per_page=100"}))
    assert names(listing(github, "github:acme-old")) == ["shop"]


def test_a_listing_that_is_cut_short_keeps_what_it_has_and_says_so(github: ForgeServer) -> None:
    github.size = 2
    github.lists["/orgs/acme/repos"] = repositories(github, "a", "b", "c", "d", "e")
    github.plays += [Play(), Play(429, {"Retry-After": "9999"})]
    found = listing(github, "github:acme")
    assert names(found) == ["a", "b"]
    assert not found.seen.target.read  # type: ignore[union-attr]
    assert gaps(found)[0].what.startswith("the listing was cut short after 2 of its repositories: the rate limit is used up")


def test_what_single_sign_on_hides_is_told(github: ForgeServer) -> None:
    github.lists["/orgs/acme/repos"] = repositories(github, "shop")
    github.plays.append(Play(200, {"X-GitHub-SSO": "partial-results; organizations=1,2"}))
    found = listing(github, "github:acme")
    assert names(found) == ["shop"]
    assert "single sign-on" in gaps(found)[0].what
    assert not found.seen.target.read  # type: ignore[union-attr]


def test_a_listed_address_on_another_server_is_not_fetched(github: ForgeServer) -> None:
    github.lists["/orgs/acme/repos"] = [
        *repositories(github, "shop"), *repositories(github, "far", clone_url="https://evil.example/far.git"),
        *repositories(github, "near", clone_url="file:///etc"), *repositories(github, "none", clone_url="ext::sh -c id"),
    ]  # fmt: skip
    found = listing(github, "github:acme")
    assert names(found) == ["shop"]
    assert "acme/far, acme/near, acme/none" in gaps(found)[0].what


def test_a_token_is_not_sent_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    found = listed(
        split_target("gitlab:acme"), Request(), {"GITLAB_HOST": "http://gitlab.example.invalid", "GITLAB_TOKEN": TOKEN}, lambda _: None
    )
    assert "is not sent over http" in gaps(found)[0].what


# --- the whole way ------------------------------------------------------------------------------------------------

ROOT = {"infra/main.tf": 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" {}\n'}


@pytest.fixture
def estate(gitlab: ForgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Request]]:
    """An organization on a GitLab: its API on one port and its repositories on another, `GITLAB_HOST` naming the latter."""
    for name in ("acme/shop", "acme/web"):
        (tmp_path / "srv" / "acme").mkdir(parents=True, exist_ok=True)
        commit(tmp_path / "srv" / f"{name}.git", ROOT)
    with git_server(tmp_path / "srv") as files:
        web = f"http://{files.host}"
        files.wants = f"oauth2:{TOKEN}"
        monkeypatch.setenv("CI_API_V4_URL", gitlab.root)
        monkeypatch.setenv("CI_SERVER_URL", web)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.delenv("GITLAB_HOST", raising=False)
        monkeypatch.setenv("IDP_ASSESS_CLONES", str(tmp_path / "clones"))
        assert isinstance(gitlab.api, GitLab)
        gitlab.lists["/groups/acme/projects"] = [gitlab.api.project(web, "acme/shop"), gitlab.api.project(web, "acme/web")]
        (tmp_path / "org.yaml").write_text("organization: Acme\ntargets: ['gitlab:acme']\nteams: [{name: a, owns: [{repository: sh*}]}]\n")
        yield lambda: Request.build(estate_file=tmp_path / "org.yaml")


def test_an_organization_is_listed_once_fetched_and_placed(gitlab: ForgeServer, estate: Callable[[], Request]) -> None:
    assessment = scan(estate())
    assert {t.label: t.read for t in assessment.targets} == {"gitlab:acme": True, "shop": True, "web": True}
    assert len(gitlab.asked) == 1
    organization = assessment.of_scope(Scope.ORGANIZATION, Reading.DECLARED)[0]
    assert (organization.low, organization.units) == (2, 2)
    assert {p.subject for p in assessment.of_scope(Scope.REPOSITORY, Reading.DECLARED)} == {"shop", "web"}
    assert TOKEN not in str(assessment)
    assert assessment.target("shop").web.endswith("/acme/shop")  # type: ignore[union-attr]


def test_a_listing_cut_short_widens_the_organization_and_nothing_else(gitlab: ForgeServer, estate: Callable[[], Request]) -> None:
    gitlab.size = 1
    gitlab.plays += [Play(), Play(401)]
    assessment = scan(estate())
    assert {t.label: t.read for t in assessment.targets} == {"gitlab:acme": False, "shop": True}
    organization = assessment.of_scope(Scope.ORGANIZATION, Reading.DECLARED)[0]
    assert (organization.low, organization.high) == (0, 5)
    assert organization.settle[0].startswith("gitlab:acme: the listing was cut short after 1 of its repositories")
    (shop,) = assessment.of_scope(Scope.REPOSITORY, Reading.DECLARED)
    assert (shop.low, shop.high) == (2, 2)


def test_progress_tells_of_listing_and_fetching(estate: Callable[[], Request]) -> None:
    told: list[str] = []
    collect(estate(), lambda label, done, total: told.append(f"{label} {done}/{total}"))
    assert told == ["listing gitlab:acme 0/0", "fetching shop 0/2", "shop 1/2", "fetching web 1/2", "web 2/2"]
