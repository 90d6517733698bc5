"""What is listed in pyproject.toml is what lies in the folders; a wheel silently loses the rest."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("indexer", "search", "web", "cli")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def packages() -> dict[str, Path]:
    """The folders that can be imported, by the names under which they are."""
    found = {}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            found[".".join(("fihris", *path.parent.relative_to(ROOT).parts))] = path.parent
    return found


def test_every_package_is_listed(project: dict[str, Any]) -> None:
    listed = project["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(packages())
    assert len(set(listed)) == len(listed)
    for folder in packages().values():
        assert (folder / "__init__.py").is_file()


def test_the_folders_are_mapped_into_one_namespace(project: dict[str, Any]) -> None:
    mapped = project["tool"]["setuptools"]["package-dir"]
    assert mapped == {f"fihris.{folder}": folder for folder in FOLDERS}
    assert not (ROOT / "fihris").exists()


def test_every_data_file_is_covered(project: dict[str, Any]) -> None:
    data = project["tool"]["setuptools"]["package-data"]
    inside = packages()
    covered: dict[str, set[str]] = {name: set() for name in inside}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_dir() or path.suffix in (".py", ".pyc", ".so", ".pyd"):
                continue
            if path.parent.name == "kernels":  # sources: in no wheel, but built
                continue
            # The innermost package that holds it is the one whose data it is.
            name, home = max(
                ((name, home) for name, home in inside.items() if path.is_relative_to(home)),
                key=lambda item: len(item[1].parts),
            )
            relative = path.relative_to(home)
            matching = [
                pattern
                for pattern in data.get(name, ())
                if len(Path(pattern).parts) == len(relative.parts)
                and fnmatch(str(relative), pattern)
            ]
            assert matching, f"{path.relative_to(ROOT)} is in no wheel"
            covered[name].update(matching)
    for name, patterns in data.items():
        assert covered[name] == set(patterns), f"{name} lists what is not there"


def test_every_source_of_the_kernels_is_listed(project: dict[str, Any]) -> None:
    modules = project["tool"]["setuptools"]["ext-modules"]
    listed = {file for each in modules for file in each["sources"] + each["depends"]}
    assert {str(p.relative_to(ROOT)) for p in ROOT.glob("*/kernels/*")} == listed
    assert all(each["optional"] and each["py-limited-api"] for each in modules)
    # In no wheel: beside it they would look newer than what was built of them.
    assert project["tool"]["setuptools"]["include-package-data"] is False


def test_each_part_says_that_it_has_types() -> None:
    for folder in FOLDERS:
        assert (ROOT / folder / "py.typed").is_file()


def test_the_command_is_there(project: dict[str, Any]) -> None:
    module, _, function = project["project"]["scripts"]["fihris"].partition(":")
    source = packages()[module] / "__init__.py"
    defined = {node.name for node in ast.parse(source.read_text()).body if hasattr(node, "name")}
    assert function in defined


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all statements in it; no expression holds any."""
    yield node
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for child in getattr(node, name, ()):
            yield from statements(child)


def imported(source: str) -> set[str]:
    """The first part of the name of each module that a program imports, but for relative ones."""
    names: set[str] = set()
    for node in statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_imports_are_told() -> None:
    source = "import a.b\ndef f():\n    from c.d import e\n    from .g import h\n"
    assert imported(source) == {"a", "c"}


@pytest.mark.parametrize("where", ["tests", "bench", *FOLDERS])
def test_imports_go_through_the_namespace(where: str) -> None:
    sources = sorted((ROOT / where).rglob("*.py"))
    assert sources
    for path in sources:
        found = imported(path.read_text(encoding="utf-8"))
        assert not found & set(FOLDERS), f"{path.relative_to(ROOT)} imports past fihris"


def test_data_flows_one_way() -> None:
    """The indexer knows nothing of the search, the search nothing of the web, and so on."""
    allowed = {"indexer": (), "search": ("indexer",), "web": ("indexer", "search")}
    for folder, others in allowed.items():
        for path in (ROOT / folder).rglob("*.py"):
            for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.ImportFrom):
                    continue
                depth = len(path.relative_to(ROOT).parts)
                if node.level < depth:
                    assert node.level or (node.module or "").partition(".")[0] != "fihris"
                    continue
                target = (node.module or "").partition(".")[0]
                assert target in others, f"{path.relative_to(ROOT)} imports {target}"


def test_every_dependency_is_explained(project: dict[str, Any]) -> None:
    listed = list(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        listed += extra
    names = [re.split(r"[<>=!~;\[ ]", requirement)[0] for requirement in listed]
    explained = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    missing = [
        name for name in names if not re.search(rf"\b{re.escape(name.lower())}\b", explained)
    ]
    assert missing == []


def test_every_import_is_a_listed_dependency(project: dict[str, Any]) -> None:
    modules = {"pystemmer": "Stemmer", "markdown-it-py": "markdown_it"}
    # What a template is made of comes with the templates.
    listed = {"markupsafe"} | {
        modules.get(name, name.replace("-", "_"))
        for requirement in project["project"]["dependencies"]
        if (name := re.split(r"[<>=!~;\[ ]", requirement)[0].lower())
    }
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            names = imported(path.read_text(encoding="utf-8"))
            unknown = names - sys.stdlib_module_names - listed
            assert not unknown, f"{path.relative_to(ROOT)} imports {sorted(unknown)}"
