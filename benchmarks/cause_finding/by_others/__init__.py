"""Damage by generators of others, with their default parameters or usual ones: audiomentations, sox, ffmpeg.

Nothing is tuned on it. What is not installed is left out.
"""

from collections.abc import Iterator, Mapping

from cause_finding.by_others import augmentations, ffmpeg_effects, sox_effects
from cause_finding.damage import HARMLESS
from cause_finding.plants import Kind

_HARMLESS_ONE = " (harmless)"


def _all_kinds() -> Iterator[tuple[tuple[str, str], Kind]]:
    sources = {"audiomentations": augmentations, "sox": sox_effects, "ffmpeg": ffmpeg_effects}
    for source, module in sources.items():
        for name, kind in module.kinds().items():
            plain = name.removesuffix(_HARMLESS_ONE)
            yield (f"{source}: {plain}", source if plain == name else HARMLESS), kind


BY_OTHERS: Mapping[tuple[str, str], Kind] = dict(_all_kinds())
"""Kinds by name and generator, or harmless."""
