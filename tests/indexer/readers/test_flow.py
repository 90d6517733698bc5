from fihris.indexer.readers.flow import CELL, LINE, PARAGRAPH, Flow


def test_the_strongest_gap_is_written_once_and_none_at_the_ends() -> None:
    flow = Flow()
    flow.gap(PARAGRAPH)
    flow.add_collapsed("  one\n\ttwo ")
    flow.add_collapsed("three")
    flow.gap(CELL)
    flow.add_collapsed("  ")
    flow.add("four")
    flow.gap(LINE)
    flow.gap(PARAGRAPH)
    flow.gap(CELL)
    flow.add("five")
    flow.add("six")
    flow.gap(LINE)
    assert flow.text() == "one two three | four\n\nfivesix"
    assert Flow().text() == ""
