"""Settings: read from the environment, checked one by one, and secret where they should be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from exekra.hub.core.settings import Settings
from exekra.sdk.errors import SettingsError

URL = "postgresql://exekra:hidden@127.0.0.1/exekra"


def load(home: Path, **environ: str) -> Settings:
    return Settings.load({"EXEKRA_DATABASE_URL": URL, "EXEKRA_HOME": str(home), **environ})


def test_defaults_and_environment(tmp_path: Path) -> None:
    settings = load(tmp_path, EXEKRA_PORT="8080", EXEKRA_SECURE_COOKIES="yes", EXEKRA_POOL_LARGEST="20")
    assert (settings.host, settings.port, settings.secure_cookies) == ("127.0.0.1", 8080, True)
    assert (settings.pool_largest, settings.request_limit_bytes) == (20, 10 * 1024 * 1024)
    assert Settings.load({"EXEKRA_DATABASE_URL": URL}, home=tmp_path, port=1).port == 1, "an argument goes first"


def test_the_signing_secret_is_generated_once_and_kept_from_others(tmp_path: Path) -> None:
    first, second = load(tmp_path / "new"), load(tmp_path / "new")
    assert first.signing_secret == second.signing_secret
    assert len(first.signing_secret) == 48
    assert load(tmp_path / "other").signing_secret != first.signing_secret
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "new/secrets/signing").stat().st_mode) == 0o600
    assert first.signing_secret not in repr(first)
    assert "hidden" not in repr(first)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DATABASE_URL", "mysql://x:hidden@y", "EXEKRA_DATABASE_URL must be an address such as postgresql://"),
        ("PORT", "many", "EXEKRA_PORT must be a whole number, not 'many'."),
        ("PORT", "70000", "EXEKRA_PORT must be between 0 and 65535, not '70000'."),
        ("SECURE_COOKIES", "maybe", "EXEKRA_SECURE_COOKIES must be true or false, not 'maybe'."),
        ("OFFLINE_SECONDS", "long", "EXEKRA_OFFLINE_SECONDS must be a number, not 'long'."),
        ("SWEEP_SECONDS", "nan", "EXEKRA_SWEEP_SECONDS must be between 0.1 and 3600, not 'nan'."),
        ("SIGNING_SECRET", "short", "EXEKRA_SIGNING_SECRET must be at least 32 characters long"),
        ("POOL_SMALLEST", "50", "EXEKRA_POOL_SMALLEST (50) must not be above EXEKRA_POOL_LARGEST (10)."),
        ("SIGNING_SECRET", " " * 32, "EXEKRA_SIGNING_SECRET must be at least 32 characters long, not counting spaces"),
        ("DATABASE_URL", "[mysql", "EXEKRA_DATABASE_URL must be an address such as postgresql://"),
        ("PORT", "x" * 5000, f"EXEKRA_PORT must be a whole number, not '{'x' * 79}…."),
        ("HEARTBEAT_SECONDS", "120", "EXEKRA_HEARTBEAT_SECONDS (120) must be below EXEKRA_OFFLINE_SECONDS (120)."),
        ("DEBUG_GONE_SECONDS", "2", "EXEKRA_DEBUG_ALIVE_SECONDS (10) must be below EXEKRA_DEBUG_GONE_SECONDS (2)."),
        ("LARGEST_FILES_MB", "9", "EXEKRA_LARGEST_FILE_MB (2048) must not be above EXEKRA_LARGEST_FILES_MB (9)."),
        ("LARGEST_WORKFLOW_FILES_MB", "9", "EXEKRA_LARGEST_WORKFLOW_FILE_MB (100) must not be above"),
        ("FILE_STORE_KEY", "key", "EXEKRA_FILE_STORE_KEY and EXEKRA_FILE_STORE_SECRET belong together"),
        ("FILE_STORE_SECRET", "hidden", "EXEKRA_FILE_STORE_KEY and EXEKRA_FILE_STORE_SECRET belong together"),
        ("FILE_STORE_REGION", "eu", "EXEKRA_FILE_STORE_REGION is set, but EXEKRA_FILE_STORE names no bucket"),
        ("PASSWORD_ROUNDS", "31", "EXEKRA_PASSWORD_ROUNDS must be between 4 and 16, not '31'."),
    ],
)
def test_each_wrong_setting_is_one_clear_sentence(tmp_path: Path, name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(tmp_path, **{f"EXEKRA_{name}": value})
    assert error.value.message.startswith(message)
    assert "hidden" not in error.value.message


@pytest.mark.parametrize(
    "place",
    [
        "S3://bucket",
        "gs://bucket",
        "https://x:hidden@minio.example.org/b",
        "s3:bucket",
        "s3://",
        "s3://b?x",
        " ",
        "a\0b",
    ],
)
def test_files_are_only_kept_in_a_folder_or_a_bucket(tmp_path: Path, place: str) -> None:
    with pytest.raises(SettingsError, match="EXEKRA_FILE_STORE must be a folder, or a bucket such as s3://") as error:
        load(tmp_path, EXEKRA_FILE_STORE=place)
    assert "hidden" not in error.value.message


@pytest.mark.parametrize("place", ["s3://key:hidden@bucket", "s3://key:hid/hidden@bucket/prefix"])
def test_the_address_of_a_bucket_holds_no_key(tmp_path: Path, place: str) -> None:
    with pytest.raises(
        SettingsError, match="EXEKRA_FILE_STORE must be without a key: set EXEKRA_FILE_STORE_KEY"
    ) as error:
        load(tmp_path, EXEKRA_FILE_STORE=place)
    assert "hid" not in error.value.message


@pytest.mark.parametrize(
    "endpoint",
    [
        "minio:9000",
        "minio",
        "http://",
        " http://minio:9000",
        "http://[::1",
        "http://minio:99999",
        "http://a:hidden@minio",
    ],
)
def test_the_address_of_an_s3_store_is_checked(tmp_path: Path, endpoint: str) -> None:
    with pytest.raises(SettingsError, match="EXEKRA_FILE_STORE_ENDPOINT must be an address such as https://") as error:
        load(tmp_path, EXEKRA_FILE_STORE="s3://bucket", EXEKRA_FILE_STORE_ENDPOINT=endpoint)
    assert "hidden" not in error.value.message


@pytest.mark.parametrize(
    "place", ["", "files", "C:\\Exekra\\files", "./files:old", "/mnt/the files", "s3://b", "s3://b/a/b"]
)
def test_folders_and_buckets_may_keep_files(tmp_path: Path, place: str) -> None:
    assert load(tmp_path, EXEKRA_FILE_STORE=place).file_store == place


def test_a_database_must_be_named_and_settings_be_known(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="EXEKRA_DATABASE_URL"):
        Settings.load({})
    with pytest.raises(SettingsError, match="no setting named colour"):
        Settings.load({}, database_url=URL, home=tmp_path, colour="blue")


def test_a_damaged_secret_is_told(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/signing").write_text("x")
    with pytest.raises(SettingsError, match="is damaged"):
        load(tmp_path)


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be read or made"):
        load(tmp_path / "file")
