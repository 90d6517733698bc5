"""`fihris completion`."""

from __future__ import annotations

import pytest

from .command import call, run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script(shell: str) -> None:
    done = call("completion", shell)
    assert done.status == 0
    assert f"_FIHRIS_COMPLETE={shell}_complete" in done.out


def test_what_the_script_asks_for() -> None:
    env = {"_FIHRIS_COMPLETE": "bash_complete", "COMP_WORDS": "fihris s", "COMP_CWORD": "1"}
    done = run(env=env)
    assert (done.status, done.lines) == (
        0,
        ["plain,search", "plain,serve", "plain,stats", "plain,suggest"],
    )
    env["COMP_WORDS"] = "fihris search --la"
    env["COMP_CWORD"] = "2"
    assert run(env=env).lines == ["plain,--language"]


def test_other_shells() -> None:
    assert call("completion", "tcsh").status == 2
