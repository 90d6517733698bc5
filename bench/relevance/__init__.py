"""How well Fihris ranks, on judged collections (docs/benchmarks.md)."""
