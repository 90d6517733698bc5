"""`fihris check`: is the index as it was written?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from click.exceptions import Exit

from . import output, progress
from .command import command as _command
from .command import index_option, json_option

if TYPE_CHECKING:
    from ..indexer.check import Finding


@_command(
    examples="""
        fihris check
        fihris check --index /srv/archive/index --json
    """
)
@index_option
@json_option('one finding a line, {"kind": "error" or "remark", "where", "what", "advice"}')
def command(folder: str, as_json: bool) -> None:
    """Check that the index is as it was written.

    Every byte of it is read. What is damaged goes to standard output, and the status is then 2.
    Remarks on what is no damage go to standard error. Other commands may use the index meanwhile.
    """
    from ..indexer.check import check

    with progress.meter("checking", "MB") as meter:
        report = check(folder, progress.megabytes(meter))
    if as_json:
        for kind, findings in (("error", report.errors), ("remark", report.remarks)):
            for finding in findings:
                output.json_line(_as_json(kind, finding))
    else:
        for finding in report.errors:
            output.line(output.plain(str(finding)))
        for finding in report.remarks:
            output.note(f"remark: {finding}")
    counts = {
        "error": len(report.errors),
        "document": report.documents,
        "segment": report.segments,
        "file": report.files,
    }
    figures = ", ".join(output.counted(number, noun) for noun, number in counts.items())
    commit = f"commit {report.generation:,}" if report.generation >= 0 else "no commit was read"
    output.note(f"{figures}, {report.size / 1e6:,.1f} MB ({commit})")
    if not report.ok:
        raise Exit(2)


def _as_json(kind: str, finding: Finding) -> dict[str, Any]:
    return {
        "kind": kind,
        "where": finding.where,
        "what": finding.what,
        "advice": finding.advice,
    }
