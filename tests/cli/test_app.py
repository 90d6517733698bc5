"""The command as a whole: help, errors, signals, what it loads."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import zlib
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import click
import pytest
from fihris.cli import main
from fihris.cli.app import COMMANDS, fihris
from fihris.cli.command import Command
from fihris.indexer import Index
from fihris.indexer.commit import FORMAT
from fihris.search import Searcher

from .command import FIHRIS, call, environment, run


def commands() -> dict[str, Command]:
    context = click.Context(fihris, info_name="fihris")
    found = {name: fihris.get_command(context, name) for name in fihris.list_commands(context)}
    return {name: command for name, command in found.items() if isinstance(command, Command)}


def test_every_command_is_there() -> None:
    assert list(commands()) == list(COMMANDS)
    assert [command.name for command in commands().values()] == list(COMMANDS)


def test_version() -> None:
    assert call("--version").out == f"fihris {version('fihris')}\n"


def test_help_lists_the_commands() -> None:
    done = call("--help")
    assert done.status == 0
    for name in COMMANDS:
        assert f"\n  {name} " in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_has_examples(name: str) -> None:
    done = call(name, "--help")
    assert done.status == 0
    _, _, examples = done.out.partition("\nExamples:\n")
    typed = [line for line in examples.splitlines() if not line.strip().startswith("#")]
    assert typed
    for line in typed:
        assert f"fihris {name}" in line
    assert max(map(len, examples.splitlines())) < 80


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "completion"])
def test_examples_are_understood(name: str) -> None:
    command = commands()[name]
    for line in command.examples:
        if line.startswith("#"):
            continue
        words = shlex.split(line.partition(" | ")[0].partition(" > ")[0])
        context = command.make_context(name, words[2:], parent=click.Context(fihris))
        rest = context.params.get("words") or context.params.get("query") or ()
        assert not [word for word in rest if word.startswith("--")]


def test_unknown_command() -> None:
    done = call("serach", "x")
    assert done.status == 2
    assert "No such command 'serach'" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "x"),
        ("serve",),
        ("stats",),
        ("check",),
        ("analyze", "x"),
        ("explain", "x", "y"),
        ("suggest", "x"),
        ("delete", "x"),
        ("optimize",),
        ("rebuild-lexicon",),
        ("search", "--topics", "-"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_index(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = call(*arguments, "--index", tmp_path / "none")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        f"fihris: {tmp_path}/none: there is no index here; make one with `fihris index PATH`\n"
    )


def test_index_of_another_version(tmp_path: Path) -> None:
    Index.create(tmp_path)
    [record] = tmp_path.glob("*.toc")
    line = record.read_bytes().partition(b"\n")[0].replace(b'"format":%d' % FORMAT, b'"format":99')
    record.write_bytes(line + b"\n%08x\n" % zlib.crc32(line))
    for command in ("stats", "check", "optimize", "rebuild-lexicon"):
        done = call(command, "--index", tmp_path)
        assert done.status == 2
        assert done.err.startswith(f"fihris: {tmp_path}: ")
        assert "99" in done.err
        assert done.err.count("\n") == 1


def test_locked_index(index: Path, archive: Path) -> None:
    with Index.open(index).writer():
        for arguments in (
            ["index", archive],
            ["delete", "hostile"],
            ["optimize"],
            ["rebuild-lexicon"],
        ):
            done = call(*arguments, "--index", index)
            assert done.status == 2
            assert done.err == (
                f"fihris: {index}: another process is writing to this index; "
                "wait until it has finished, or stop it\n"
            )
        assert call("search", "zebras", "--index", index).status == 0


def test_where_the_index_is(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(index.parent)
    assert call("search", "zebras").status == 0
    monkeypatch.chdir(tmp_path)
    assert call("search", "zebras").status == 2
    assert call("search", "zebras", FIHRIS_INDEX=str(index)).status == 0
    assert call("--index", index, "search", "zebras", FIHRIS_INDEX="none").status == 0
    assert call("--index", "none", "search", "zebras", "--index", index).status == 0


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by \x1b zero")

    monkeypatch.setattr(Searcher, "search", fail)


@pytest.mark.usefixtures("broken")
def test_an_error_nobody_thought_of(index: Path) -> None:
    done = call("search", "x", "--index", index)
    assert (done.status, done.out) == (2, "")
    assert "ZeroDivisionError: by zero" in done.err
    assert "report" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(("option", "variable"), [("--debug", "0"), ("--index=x", "1")])
def test_debug_shows_where(index: Path, option: str, variable: str) -> None:
    done = call(option, "search", "x", "--index", index, FIHRIS_DEBUG=variable)
    assert done.status == 2
    assert "Traceback" in done.err


def test_not_enough_memory(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Searcher, "suggest", fail)
    done = call("suggest", "x", "--index", index)
    assert done.status == 2
    assert "not enough memory" in done.err


def test_interrupted(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Searcher, "search", interrupt)
    done = call("search", "x", "--index", index)
    assert (done.status, done.out, done.err) == (130, "", "")


def test_interrupted_while_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(ModuleType):
        def __getattr__(self, name: str) -> None:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "fihris.cli.app", Slow("fihris.cli.app"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130


@pytest.mark.parametrize(
    "arguments", [["search", "--json", "armée"], ["--help"], ["stats", "--help"]]
)
def test_closed_pipe_is_no_error(arguments: list[str], index: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [FIHRIS, *arguments],
            stdout=writer,
            stderr=subprocess.PIPE,
            env=environment(FIHRIS_INDEX=str(index)),
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "closed"),
    [
        (["search", "--json", "armée"], ">&-"),
        (["search", "--json", "armée"], "2>&-"),
        (["search", "--json", "armée"], "<&- >&- 2>&-"),
        (["check"], "<&- >&- 2>&-"),
        (["--version"], "<&- >&- 2>&-"),
        pytest.param(["check"], ">&-", marks=pytest.mark.slow),
        pytest.param(["check"], "2>&-", marks=pytest.mark.slow),
        pytest.param(["--version"], ">&-", marks=pytest.mark.slow),
        pytest.param(["--version"], "2>&-", marks=pytest.mark.slow),
    ],
)
def test_closed_streams_are_no_error(arguments: list[str], closed: str, index: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", FIHRIS, *arguments],
        capture_output=True,
        env=environment(FIHRIS_INDEX=str(index)),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert b"Error" not in done.stderr


def test_nothing_else_gets_the_number_of_a_closed_stream() -> None:
    code = (
        "import os; from fihris.cli.output import prepare; prepare(); "
        "raise SystemExit(any(os.readlink(f'/proc/self/fd/{n}') != os.devnull for n in range(3)))"
    )
    done = subprocess.run(
        ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", sys.executable, "-c", code], check=False
    )
    assert done.returncode == 0


@pytest.mark.parametrize("arguments", [["stats"], ["--help"], ["stats", "--help"]])
def test_full_disk_on_standard_output(arguments: list[str], index: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [FIHRIS, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(FIHRIS_INDEX=str(index)),
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"fihris: standard output: cannot be written (No space left")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["search"],
        ["--nonsense"],
        ["search", "--limit", "x"],
        ["--debug", "stats"],
        ["nonsense"],
    ],
)
def test_full_disk_on_standard_error(arguments: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [FIHRIS, *arguments],
            stdout=subprocess.PIPE,
            stderr=full,
            env=environment(FIHRIS_INDEX=str(tmp_path)),
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, b"")


def test_names_and_words_that_are_not_utf8(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    with open(bytes(folder) + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123
        file.write(b"A text about zebras and their stripes, of which there are many.")
    own, word, name = (
        os.fsdecode(each)
        for each in (bytes(tmp_path) + b"/ind\xe9x", b"\xe9", b"archive/caf\xe9.txt")
    )
    assert run("index", "--index", own, folder).status == 0
    done = run("search", "--index", own, b"z\xe9bras", "zebras")
    assert done.status == 0
    assert "archive/caf\\xe9.txt" in done.out
    assert run("stats", "--index", b"\xff").err.startswith("fihris: \\udcff: there is no index")
    assert run("index", b"--\xe9").status == 2
    for command in ("suggest", "analyze", "search"):
        assert call(command, "--index", own, word).status == 1
    assert call("explain", "--index", own, "zebras", name).status == 0
    assert call("delete", "--index", own, name).status == 0
    assert call("search", "--index", own, "zebras").status == 1
    assert call("index", "--index", tmp_path / "none", word).status == 2


def test_output_in_another_encoding(index: Path) -> None:
    plain = run("search", "--index", index, "التحرير", env={"PYTHONIOENCODING": "ascii"})
    assert plain.status == 0
    assert "\\u062c" in plain.out
    exact = run("search", "--index", index, "--json", "جيش", env={"PYTHONIOENCODING": "latin-1"})
    assert exact.status == 0
    assert "جيش التحرير" in exact.out


def test_what_a_search_loads(index: Path) -> None:
    code = (
        # What measures coverage is there before.
        "import os, sys\nbefore = set(sys.modules)\nfrom fihris.cli import main\n"
        f"sys.argv = ['fihris', 'search', '--index', {str(index)!r}, 'army']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('LOADED', *{name.partition('.')[0] for name in set(sys.modules) - before},\n"
        "      *(name for name in sys.modules if name.startswith('fihris.')),\n"
        "      *(f'thread:{task}' for task in os.listdir('/proc/self/task')),\n"
        "      *(f'dataclass:{name}' for module in list(sys.modules.values())\n"
        "        if module.__name__.startswith('fihris.') for name, each in vars(module).items()\n"
        "        if hasattr(each, '__dataclass_fields__') and not hasattr(each, 'matcher')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment(), check=True
    )
    loaded = set(done.stdout.decode().partition("LOADED ")[2].split())
    assert "fihris.search.searcher" in loaded
    heavy = {"rich", "uvicorn", "starlette", "jinja2", "py3langid", "selectolax", "fihris.web"}
    assert not loaded & (heavy | {"fihris.cli.serve", "fihris.cli.index"})
    assert not loaded & {"json", "traceback"}
    writing = {"fihris.indexer.writer", "fihris.indexer.builder", "fihris.indexer.merge"}
    assert not loaded & (writing | {"fihris.search.explain", "fihris.search.facets"})
    # Nor does it start a thread: those of numpy's library for matrices would have nothing to do.
    assert sum(name.startswith("thread:") for name in loaded) == 1
    # A dataclass is compiled from source when its module loads, which takes as long as thirty
    # structs. Whoosh's queries (they have matchers) cannot be structs.
    assert not [name for name in loaded if name.startswith("dataclass:")]


def test_help_loads_little() -> None:
    assert run("--help").status == 0
    code = "import sys, fihris.cli.app, fihris.cli.search\nprint('numpy' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert loaded.stdout == b"False\n"
