"""Settings, the secret, the home folder, cached documents, and what else is read before or beside the work."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import pytest

from exekra.runner.children.process import describe_end
from exekra.runner.executions.documents import DocumentCache
from exekra.runner.home import Home
from exekra.runner.link.secret import find_secret, keep_secret, remember
from exekra.runner.settings import RunnerSettings
from exekra.sdk.errors import SettingsError

SECRET = "a" * 64


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> object:
    """A keyring of the test's own instead of this machine's."""
    before = keyring.get_keyring()
    own = Ring()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


@pytest.fixture
def no_ring() -> object:
    """A machine without a keyring."""
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    yield
    keyring.set_keyring(before)


def load(home: Path, environ: dict[str, str] | None = None, **overrides: object) -> RunnerSettings:
    known = {"hub_url": "http://hub:4545/", "machine_key": "FC-1", "runner_home": home}
    return RunnerSettings.load(environ or {}, **(known | overrides))


def test_the_call_goes_before_the_environment_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "runner.json").write_text(
        '{"hub_url": "http://file:1", "machine_key": "FC-FILE", "spool_limit_mb": 7, "poll_only": true}'
    )
    environ = {"EXEKRA_RUNNER_HOME": str(tmp_path), "EXEKRA_HUB_URL": "http://environ:1"}
    found = RunnerSettings.load(environ, machine_key="FC-CALL")
    assert (found.hub_url, found.machine_key) == ("http://environ:1", "FC-CALL")
    assert (found.spool_limit_mb, found.poll_only) == (7, True)
    assert found.work_folder == tmp_path / "files"


def test_the_address_loses_its_last_slash(tmp_path: Path) -> None:
    assert load(tmp_path).hub_url == "http://hub:4545"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hub_url": "hub:4545"}, "EXEKRA_HUB_URL must be an address such as .*, not 'hub:4545'."),
        ({"machine_key": "1"}, "EXEKRA_MACHINE_KEY must be the key .* begins with FC-, not '1'."),
        ({"ca_file": "/nowhere/ca.pem"}, "EXEKRA_CA_FILE must be a certificate file, not '?/nowhere/ca.pem"),
        ({"ca_file": "x" * 5000}, "EXEKRA_CA_FILE must be a certificate file, not 'x{79}….$"),
        ({"hub_url": "http://[::1"}, "EXEKRA_HUB_URL must be an address such as"),
        ({"spool_limit_mb": "many"}, "EXEKRA_SPOOL_LIMIT_MB must be a whole number, not 'many'."),
        ({"spool_limit_mb": 0}, "EXEKRA_SPOOL_LIMIT_MB must be between 1 and 1000000, not 0."),
        ({"poll_only": "perhaps"}, "EXEKRA_POLL_ONLY must be true or false, not 'perhaps'."),
        ({"colour": "red"}, "There is no setting named colour."),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load(tmp_path, **wrong)


def test_a_wrong_setting_of_the_file_is_named_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "runner.json"
    file.write_text('{"spool_limit_mb": "many"}')
    with pytest.raises(SettingsError, match=f"^spool_limit_mb in {file} must be a whole number, not 'many'.$"):
        load(tmp_path)


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="machine_key"):
        RunnerSettings.load({"EXEKRA_HUB_URL": "http://hub"}, runner_home=tmp_path)


def test_the_file_holds_no_secret(tmp_path: Path) -> None:
    (tmp_path / "runner.json").write_text('{"machine_secret": "s"}')
    with pytest.raises(SettingsError, match="keyring"):
        load(tmp_path)


def test_the_secret_is_in_no_representation(tmp_path: Path) -> None:
    assert SECRET not in repr(load(tmp_path, machine_secret=SECRET))


async def test_the_secret_is_kept_in_the_keyring(tmp_path: Path, ring: Ring) -> None:
    settings = load(tmp_path)
    assert await keep_secret(settings, SECRET) == "the keyring"
    assert list(tmp_path.iterdir()) == []
    assert await find_secret(settings) == SECRET


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
async def test_without_a_keyring_the_secret_is_in_a_file_of_its_owner(tmp_path: Path, no_ring: None) -> None:
    settings = load(tmp_path)
    assert await keep_secret(settings, SECRET) == str(tmp_path / "machine-secret")
    assert (tmp_path / "machine-secret").stat().st_mode & 0o777 == 0o600
    assert await find_secret(settings) == SECRET
    (tmp_path / "machine-secret").chmod(0o644)
    with pytest.raises(SettingsError, match="Other users can read"):
        await find_secret(settings)


async def test_what_is_remembered_is_found_again(tmp_path: Path, no_ring: None) -> None:
    await remember(load(tmp_path), SECRET)
    found = RunnerSettings.load({}, runner_home=tmp_path)
    assert (found.hub_url, found.machine_key) == ("http://hub:4545", "FC-1")
    assert await find_secret(found) == SECRET
    assert SECRET not in (tmp_path / "runner.json").read_text()


async def test_no_secret_says_where_to_put_it(tmp_path: Path, no_ring: None) -> None:
    with pytest.raises(SettingsError, match="EXEKRA_MACHINE_SECRET"):
        await find_secret(load(tmp_path))


def test_leftovers_of_a_crash_are_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "temporary" / "e-1").mkdir(parents=True)
    (tmp_path / "temporary" / "e-1" / "left").write_text("over")
    home = Home(tmp_path)
    assert list(home.temporary.iterdir()) == []
    with pytest.raises(SettingsError, match="Another Runner uses"):
        Home(tmp_path)
    home.close()
    Home(tmp_path).close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be used"):
        Home(tmp_path / "file" / "home")


def test_documents_are_kept_and_damage_is_noticed(tmp_path: Path) -> None:
    DocumentCache(tmp_path, 10_000).put("abc", b'{"name": 1}')
    assert DocumentCache(tmp_path, 10_000).get("abc") == b'{"name": 1}'
    (tmp_path / "abc").write_bytes((tmp_path / "abc").read_bytes()[:-1] + b"!")
    assert DocumentCache(tmp_path, 10_000).get("abc") is None
    assert not (tmp_path / "abc").exists()


def test_documents_are_bounded_and_the_longest_unused_go(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path, 5000)
    for number in range(10):
        cache.put(f"h{number}", b"x" * 1000)
        os.utime(tmp_path / f"h{number}", (time.time() - 100 + number,) * 2)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5000
    assert kept[-1] == "h9"
    assert "h0" not in kept


@pytest.mark.parametrize("hash", ["../../etc/passwd", "", "a/b", "x" * 300])
def test_a_hash_is_no_path(tmp_path: Path, hash: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    cache = DocumentCache(folder, 1000)
    cache.put(hash, b"{}")
    assert cache.get(hash) is None
    assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("code", "words"),
    [(None, "lost"), (3, "exit status 3"), (-9, "SIGKILL"), (-11, "crashed (SIGSEGV)"), (-250, "signal 250")],
)
def test_how_a_process_ended_is_told_in_words(code: int | None, words: str) -> None:
    assert words in describe_end(code)
