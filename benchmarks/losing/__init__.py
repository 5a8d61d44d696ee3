"""Trials of the benchmark of what is lost: kills, a full disk, a cut network, a clock that goes back."""
