"""The file of the access: what it takes, and a sentence for everything else."""

from __future__ import annotations

import pytest

from slicecore.errors import SlicecoreError
from slicecore_app.access.configuration import Identity, Login
from slicecore_app.access.file import SECRET_VARIABLE, read_file
from slicecore_app.access.options import Kind, Wanted, chosen_access, chosen_base
from slicecore_app.access.visitor import Role

LOGIN = """
address = "https://slices.example.org/calls/"
folders = ["data", "s3://calls"]
hours = 4
[login]
issuer = "https://login.example.org"
client_id = "slicecore"
client_secret_file = "secret"
[roles]
look = ["*"]
administer = ["anna@example.org"]
"""
IDENTITY = """
proxies = ["127.0.0.1", "10.0.0.0/8"]
[identity]
user = "X-User"
[roles]
review = ["group:speech"]
"""


@pytest.fixture
def written(tmp_path):
    (tmp_path / "secret").write_text("of the client\n")
    (tmp_path / "data").mkdir()

    def write(text):
        path = tmp_path / "access.toml"
        path.write_text(text)
        return path

    return write


def wanted(path, **more):
    return Wanted(**{**vars(Wanted("127.0.0.1", Kind.TOKEN, "", (), (), path, ())), **more})


def test_a_login(written, tmp_path, monkeypatch):
    access = read_file(written(LOGIN))
    assert access.login == Login("https://login.example.org", "slicecore", "of the client")
    assert (access.mode, access.hours, access.names) == ("login", 4, ("slices.example.org",))
    assert access.folders == (str(tmp_path / "data"), "s3://calls/")
    assert access.roles.role_of("eve", []) is Role.LOOK
    assert access.roles.role_of("anna@example.org", []) is Role.ADMINISTER
    assert "of the client" not in repr(access)
    assert chosen_base(wanted(None), access) == "calls"
    with pytest.raises(SlicecoreError, match="ends in another path"):
        chosen_base(wanted(None, base="other"), access)
    monkeypatch.setenv(SECRET_VARIABLE, "of the environment")
    access = read_file(written(LOGIN.replace('client_secret_file = "secret"', "")))
    assert access.login.client_secret == "of the environment"


def test_an_identity_and_options_beside_it(written):
    access = chosen_access(wanted(written(IDENTITY), names=["slices.example.org"], proxies=["192.168.0.1"]))
    assert access.identity == Identity("X-User") and access.roles.role_of("x", ["speech"]) is Role.REVIEW
    assert access.roles.role_of("x", []) is None and access.folders == ()
    assert access.proxies == ("127.0.0.1/32", "10.0.0.0/8", "192.168.0.1/32")
    with pytest.raises(SlicecoreError, match="--access open"):
        chosen_access(wanted(written(IDENTITY), kind=Kind.OPEN))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[login", "can't be read"),
        ("", "either"),
        (LOGIN.replace("[roles]", '[identity]\nuser = "X-User"\n[roles]'), "either"),
        (LOGIN.replace("hours = 4", "hours = true"), "hours has to be a number"),
        (LOGIN.replace("hours = 4", "hours = 0"), "hours has to be above 0"),
        (LOGIN.replace("hours = 4", "hours = nan"), "hours has to be above 0"),
        (LOGIN.replace("hours", "ours"), "no setting “ours”"),
        (LOGIN.replace("issuer", "isuer"), r"no setting “isuer” in \[login\]"),
        (LOGIN.replace('["*"]', '"*"'), r"look in \[roles\] has to be a list"),
        (LOGIN.replace('["*"]', '["*", 1]'), r"look in \[roles\] has to be a list"),
        (LOGIN.partition("[roles]")[0], "Nobody has a role"),
        (LOGIN.replace("https://slices", "http://slices"), "needs an address with https"),
        (LOGIN.replace("https://login", "http://login"), "needs an address with https"),
        (LOGIN.replace("https://slices", "slices"), "address has to be"),
        (LOGIN.replace('address = "https://slices.example.org/calls/"', ""), "address has to be"),
        (LOGIN.replace('"secret"', '"none"'), "client_secret_file can't be read"),
        (LOGIN.replace('client_id = "slicecore"', ""), "needs issuer"),
        (LOGIN.replace('"data"', '"nowhere"'), "no folder nowhere"),
        (LOGIN.replace("[roles]", 'scope = "email"\n[roles]'), "openid"),
        (IDENTITY.replace('proxies = ["127.0.0.1", "10.0.0.0/8"]', ""), "proxies"),
        (IDENTITY.replace('"10.0.0.0/8"', '"proxy"'), "no address of a proxy"),
        (IDENTITY.replace("X-User", "X User"), "no name of a header"),
        (IDENTITY.replace('user = "X-User"', ""), "needs user"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(text, problem, written):
    with pytest.raises(SlicecoreError, match=problem) as refused:
        read_file(written(text))
    assert "access.toml" in str(refused.value)
