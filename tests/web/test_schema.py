"""The API against its own description, by requests that a program makes up."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fihris.web import create_app
from fihris.web.openapi import description

from .serving import served

pytestmark = pytest.mark.slow

_SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
# Of each kind for each address of the API.
_EXAMPLES = 5800


@pytest.fixture(scope="module")
def address(index_path: Path) -> Iterator[str]:
    with served(create_app(index_path)) as found:
        yield found


def test_the_description_is_valid() -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    OpenAPIV31SpecValidator(json.loads(description("", "Fihris"))).validate()


def test_no_request_is_answered_but_as_described(address: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            _SCHEMATHESIS,
            "run",
            f"{address}/openapi.json",
            f"--max-examples={_EXAMPLES}",
            "--phases=examples,coverage,fuzzing",
            "--mode=all",
            "--generation-database=none",
            "--seed=7",
            # That a first year may not come after the last one, a schema cannot say.
            "--exclude-checks=positive_data_acceptance",
            "--no-color",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    made = re.search(r"(\d+) generated", done.stdout)
    assert made, done.stdout[-2000:]
    assert int(made[1]) >= 10_000
