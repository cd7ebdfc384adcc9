"""Pages that a person can open: every form of clone address of every forge we know, and a line of a file on each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.model.address import Address, is_address, parse
from assess.model.target import Location, Source, Target
from assess.model.web import forge_of, link, page_of

SHA = "f" * 40
PAGES = [
    ("https://github.com/acme/shop.git", "github", "https://github.com/acme/shop"),
    ("git@github.com:acme/shop.git", "github", "https://github.com/acme/shop"),
    ("ssh://git@ssh.github.com:443/acme/shop.git", "github", "https://github.com/acme/shop"),
    ("https://me:secret@github.com/acme/shop", "github", "https://github.com/acme/shop"),
    ("https://github.acme.example/platform/shop.git", "github", "https://github.acme.example/platform/shop"),
    ("https://acme.ghe.com/platform/shop", "github", "https://acme.ghe.com/platform/shop"),
    ("git@gitlab.com:acme/platform/infra/shop.git", "gitlab", "https://gitlab.com/acme/platform/infra/shop"),
    ("https://gitlab.acme.example:8443/acme/shop.git", "gitlab", "https://gitlab.acme.example:8443/acme/shop"),
    ("ssh://git@gitlab.acme.example:2222/acme/shop.git", "gitlab", "https://gitlab.acme.example/acme/shop"),
    ("https://codeberg.org/acme/shop.git", "gitea", "https://codeberg.org/acme/shop"),
    ("ssh://git@forgejo.acme.example/acme/shop.git", "gitea", "https://forgejo.acme.example/acme/shop"),
    ("https://gitea.acme.example/acme/shop.git", "gitea", "https://gitea.acme.example/acme/shop"),
    ("git@bitbucket.org:acme/shop.git", "bitbucket", "https://bitbucket.org/acme/shop"),
    ("https://robin@bitbucket.org/acme/shop.git", "bitbucket", "https://bitbucket.org/acme/shop"),
    ("https://git.acme.example/scm/plat/shop.git", "bitbucket-server", "https://git.acme.example/projects/PLAT/repos/shop"),
    ("https://acme.example/bitbucket/scm/~robin/shop.git", "bitbucket-server", "https://acme.example/bitbucket/users/robin/repos/shop"),
    ("ssh://git@git.acme.example:7999/plat/shop.git", "bitbucket-server", "https://git.acme.example/projects/PLAT/repos/shop"),
    ("https://dev.azure.com/acme/Shop%20Floor/_git/infra", "azure-devops", "https://dev.azure.com/acme/Shop%20Floor/_git/infra"),
    ("https://acme@dev.azure.com/acme/shop/_git/infra", "azure-devops", "https://dev.azure.com/acme/shop/_git/infra"),
    ("git@ssh.dev.azure.com:v3/acme/shop/infra", "azure-devops", "https://dev.azure.com/acme/shop/_git/infra"),
    ("https://acme.visualstudio.com/DefaultCollection/shop/_git/infra", "azure-devops", "https://acme.visualstudio.com/DefaultCollection/shop/_git/infra"),
    ("acme@vs-ssh.visualstudio.com:v3/acme/shop/infra", "azure-devops", "https://acme.visualstudio.com/shop/_git/infra"),
    ("https://tfs.acme.example/tfs/Main/shop/_git/infra", "azure-devops", "https://tfs.acme.example/tfs/Main/shop/_git/infra"),
    ("https://git.acme.example/acme/shop.git", "", ""), ("file:///srv/git/shop.git", "", ""), ("/srv/git/shop.git", "", ""), ("", "", ""),
    ("https://notgithub.example/acme/shop", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("remote", "forge", "web"), PAGES)
def test_a_clone_address_has_its_page(remote: str, forge: str, web: str) -> None:
    assert page_of(remote) == (forge, web)


@pytest.mark.parametrize(("web", "forge"), [(web, forge) for _, forge, web in PAGES if web and not web.startswith("https://acme.ghe")])
def test_an_assessment_without_the_forge_still_opens_the_right_page(web: str, forge: str) -> None:
    assert forge_of(web) == forge


def test_a_forge_that_a_listing_knows_gives_a_page_on_a_host_that_says_nothing() -> None:
    assert page_of("https://git.acme.example/acme/shop.git", "gitlab") == ("gitlab", "https://git.acme.example/acme/shop")


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("git@github.com:a/b.git", f"https://github.com/a/b/blob/{SHA}/x%20y/main.tf#L7"),
        ("git@gitlab.com:a/c/b.git", f"https://gitlab.com/a/c/b/-/blob/{SHA}/x%20y/main.tf#L7"),
        ("https://codeberg.org/a/b", f"https://codeberg.org/a/b/src/commit/{SHA}/x%20y/main.tf#L7"),
        ("https://bitbucket.org/a/b", f"https://bitbucket.org/a/b/src/{SHA}/x%20y/main.tf#lines-7"),
        ("ssh://git@git.example:7999/a/b.git", f"https://git.example/projects/A/repos/b/browse/x%20y/main.tf?at={SHA}#7"),
        (
            "git@ssh.dev.azure.com:v3/a/p/b",
            f"https://dev.azure.com/a/p/_git/b?path=/x%20y/main.tf&version=GC{SHA}&line=7&lineEnd=8&lineStartColumn=1&lineEndColumn=1",
        ),
    ],
)
def test_a_line_opens_on_each_forge(remote: str, page: str) -> None:
    forge, web = page_of(remote)
    target = Target(source=Source.GIT, label="b", commit=SHA, web=web, forge=forge)
    assert link(target, Location(target="b", path="x y/main.tf", line=7)) == page
    whole = link(target, Location(target="b", path="x y/main.tf"))
    assert page.startswith(whole)
    assert "7" not in whole


@pytest.mark.parametrize(
    "text",
    ["git://git.example/a", "https://", "https:///a", "file://", "ssh://git@git.example", "https://git.example/../a", "https://git.example/a/%2e%2e/b",
     "https://git.example:x/a", "https://git.example/a%0ab", "ext::sh -c id", "http://[::1/a"],
)  # fmt: skip
def test_what_cannot_be_fetched_from_is_no_address(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("text", [".", "shop", "./a:b", "/srv/git/shop.git", "../shop", "C:\\work\\shop", "a:b", "~/work"])
def test_a_path_is_no_address(text: str) -> None:
    assert not is_address(text)


def test_an_address_keeps_its_credentials_to_itself() -> None:
    address = parse("https://me:s%40cret@git.example/acme/shop.git")
    assert isinstance(address, Address)
    assert (address.user, address.secret, address.url) == ("me", "s@cret", "https://git.example/acme/shop.git")
    assert "cret" not in repr(address)
    assert address.parts == ("git.example", "acme", "shop")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    for written in (text, f"https://git.example/{text}", f"git@git.example:{text}"):
        address = parse(written)
        page_of(written)
        assert address is None or all(part not in ("", "..") for part in address.parts)
