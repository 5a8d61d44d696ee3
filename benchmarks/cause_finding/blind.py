"""A blind list: groups with what is named for them and three of their clips, to be checked by a listener.

What was planted is hidden until it is asked for.
"""

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
import soundfile

from cause_finding.damage import HARMLESS
from cause_finding.damage_bench import Bench, Statement
from cause_finding.plants import Spoken

SIZE, PLAYED = 15, 3

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Causes, blind</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
section {{ border-top: 1px solid #ccc; padding: .5rem 0 1rem }}
audio {{ height: 2rem; width: 14rem; margin: .2rem .4rem .2rem 0 }}
label {{ margin-right: 1rem }}
</style>
<h1>{count} groups of {size} clips</h1>
<p>Listen to three clips of each group and to one of the clips that it is set against. Then say of the sentences
whether they are true. What was planted stands behind a click.</p>
<p id="sum" aria-live="polite"></p>
{groups}
<script>
const sum = document.querySelector("#sum");
addEventListener("change", () => {{
  const chosen = [...document.querySelectorAll("input:checked")];
  const count = (value) => chosen.filter((input) => input.value === value).length;
  const groups = chosen.map((input) => input.name + " " + input.value).join(", ");
  sum.textContent = `True ${{count("true")}}, not false ${{count("fits")}}, false ${{count("false")}}: ${{groups}}`;
}});
</script>
</html>
"""


def page(bench: Bench, count: int, seed: int) -> str:
    """The page of so many groups of kinds drawn at random, a tenth of them harmless."""
    random = np.random.default_rng(seed)
    keys = random.permutation(bench.keys())
    harmless = [key for key in keys if key[1] == HARMLESS][: count // 10]
    damaged = [key for key in keys if key[1] != HARMLESS][: count - len(harmless)]
    chosen = random.permutation([*harmless, *damaged])
    sections = [
        _section(number + 1, *bench.group(name, level, seed, SIZE))
        for number, (name, level) in enumerate(chosen)
    ]
    return _PAGE.format(count=len(sections), size=SIZE, groups="\n".join(sections))


def _section(number: int, statement: Statement, clips: Sequence[Spoken], rest: Spoken) -> str:
    sentences = "".join(f"<li>{html.escape(text)}</li>" for text in statement.sentences)
    choices = "".join(
        f'<label><input type="radio" name="{number}" value="{value}"> {text}</label>'
        for value, text in (("true", "true"), ("fits", "not false, but not the point"), ("false", "false"))
    )
    right = ", ".join(filter(None, (statement.kind.cause, *statement.kind.also))) or "no cause"
    return f"""<section>
<h2>Group {number}</h2>
<ul>{sentences or "<li>No audible cause found.</li>"}</ul>
<p>{"".join(_player(clip) for clip in clips[:PLAYED])}<br>one of the rest: {_player(rest)}</p>
<p>{choices}</p>
<details><summary>What was planted</summary>{html.escape(f"{statement.planted}, {statement.level}")}: {right}</details>
</section>"""


def _player(clip: Spoken) -> str:
    file = io.BytesIO()
    soundfile.write(file, clip.samples, clip.rate, format="OGG", subtype="VORBIS")
    sound = base64.b64encode(file.getvalue()).decode()
    return f'<audio controls preload="none" src="data:audio/ogg;base64,{sound}"></audio>'
