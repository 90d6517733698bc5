"""Benchmarks: how fast Fihris is beside other engines, and how well it ranks (docs/benchmarks.md).

Not part of the package. Run from the folder of the project: `python -m bench.speed`,
`python -m bench.relevance`.
"""
