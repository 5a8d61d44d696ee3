"""The fuzzer of slicecore, described in docs/fuzzing.md."""
