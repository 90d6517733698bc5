from __future__ import annotations

from pathlib import Path

import pytest
from fihris.web.settings import Settings, SettingsError, load

_DOC = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_environment_has_the_last_word(tmp_path: Path) -> None:
    file = tmp_path / "fihris.toml"
    file.write_text('name = "Archives"\nrequests_per_minute = 60\nlog_queries = true\n')
    environment = {
        "FIHRIS_SETTINGS": str(file),
        "FIHRIS_REQUESTS_PER_MINUTE": "30",
        "FIHRIS_ALLOWED_ORIGINS": "https://a.example http://localhost:8080",
        "FIHRIS_METRICS": "false",
        "FIHRIS_INDEX": "/somewhere",
    }
    found = load(environment=environment)
    assert found == Settings(
        name="Archives",
        requests_per_minute=30,
        log_queries=True,
        metrics=False,
        allowed_origins=("https://a.example", "http://localhost:8080"),
    )
    assert load(environment={}) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nmae = 'x'", "nmae"),
        ("requests_per_minute = 'many'", "requests_per_minute"),
        ("requests_per_minute = -1", "requests_per_minute"),
        ("frame_ancestors = ['https://a.example; script-src *']", "frame_ancestors"),
        ('allowed_origins = ["https://a.example/path"]', "allowed_origins"),
        ("allowed_origins = ['*']", "allowed_origins"),
        ('name = "a\\nb"', "name"),
        ("name = ", "is not TOML"),
    ],
)
def test_what_cannot_be_understood_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "fihris.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert str(caught.value).startswith(str(file))
    assert said in str(caught.value)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match=r"/none\.toml: cannot be read .*; check the path"):
        load("/none.toml", {})


def test_the_environment_is_named_too() -> None:
    with pytest.raises(SettingsError, match=r"FIHRIS_BURST: .*; docs/operations\.md lists"):
        load(environment={"FIHRIS_BURST": "x"})


@pytest.mark.parametrize("key", ["FIHRIS_REQUEST_PER_MINUTE", "FIHRIS_LOG_QUERY", "FIHRIS_IDNEX"])
def test_a_variable_that_is_nearly_a_setting(key: str) -> None:
    with pytest.raises(
        SettingsError, match=rf"{key}: there is no such setting; FIHRIS_\w+ was meant"
    ):
        load(environment={key: "1"})


def test_variables_of_others() -> None:
    service = {"FIHRIS_SERVICE_HOST": "10.0.0.1", "FIHRIS_PORT": "tcp://10.0.0.1:80"}
    ours = {
        "FIHRIS_COMPILED": "0",
        "FIHRIS_LIMITS": "/x",
        "FIHRIS_DEBUG": "1",
    }
    assert load(environment=service | ours) == Settings()


def test_each_setting_is_documented() -> None:
    for name in Settings.__struct_fields__:
        assert f"`{name}`" in _DOC
