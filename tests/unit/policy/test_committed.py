"""What a committed file is, by the first of its content; nothing of a secret is handed on."""

from __future__ import annotations

import pytest

from assess.policy.formats.committed import read_committed
from assess.policy.formats.source import Source

VALUE = "k3Jx9wQz0aB1cD2e"


def marks(content: str) -> list[str]:
    """The marks of a file with this content."""
    (read,) = read_committed([Source("some/file", content.encode())])
    assert VALUE not in str(read.value)
    assert read.value["name"] == "file"
    return list(read.value["marks"])


@pytest.mark.parametrize(
    ("content", "mark"),
    [
        (f"-----BEGIN RSA PRIVATE KEY-----\n{VALUE}\n", "private-key"),
        ('{"version": 4, "terraform_version": "1.14.0"}', "terraform-state"),
        (f"users:\n- user:\n    token: {VALUE}\n", "kubeconfig-credentials"),
        (f'{{"auths": {{"r.example.org": {{"auth": "{VALUE}"}}}}}}', "docker-credentials"),
        (f"//npm.example.org/:_authToken={VALUE}\n", "registry-credentials"),
        (f"[pypi]\nusername = __token__\npassword = {VALUE}\n", "registry-credentials"),
        (f"machine example.org login jane password {VALUE}\n", "registry-credentials"),
        (f"LOG=info\nDB_PASSWORD={VALUE}\n", "dotenv"),
        (f"export API_TOKEN='{VALUE}'\n", "dotenv"),
        ('{"serial": 1, "encrypted_data": "AAAA"}', "encrypted"),
    ],
)
def test_a_mark_by_content(content: str, mark: str) -> None:
    assert mark in marks(content)


@pytest.mark.parametrize(
    "content",
    [
        "token: ${TOKEN}\n", "token: {{ .token }}\n", "    password: changeme\n", '{"auths": {}}', '{"auths": {"r.example.org": {}}}',
        "//npm.example.org/:_authToken=${NPM_TOKEN}\n", "DB_PASSWORD=\n", "DB_PASSWORD=$OTHER\n", "DB_PASSWORD=<from the vault>\n",
        "DB_PASSWORD=op://vault/db/password\n", "DB_PASSWORD=your-password-here\n", "DB_PASSWORD=short\n", "-----BEGIN PUBLIC KEY-----\n",
    ],
)  # fmt: skip
def test_what_is_filled_in_later_is_no_secret(content: str) -> None:
    assert marks(content) == []


def test_an_encrypted_file_says_so_beside_its_kind() -> None:
    assert marks("DB_PASSWORD=ENC[AES256_GCM,data:AAAA,iv:AAAA]\n") == ["dotenv", "encrypted"]
