"""Benchmarks: each measures the program and its floor in the same run (docs/performance.md). `bin/bench --help`."""
