"""The report as a reader opens it: from a folder, offline."""

import numpy as np
import pandas as pd
import pytest
import soundfile

import slicecore as sc

RATE = 16_000
LOADED = """async () => {
  const audio = document.querySelector("audio");
  audio.preload = "auto";
  audio.load();
  await new Promise((resolve, reject) => { audio.onloadedmetadata = resolve; audio.onerror = reject; });
  return audio.duration;
}"""
REFUSED = """() => { window.refused = []; document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`)); }"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Address of a report on clips of which some hum and are badly recognised."""
    folder = tmp_path_factory.mktemp("report")
    rng = np.random.default_rng(0)
    hum = 0.5 * np.sin(2 * np.pi * 50 * np.arange(RATE) / RATE)
    for i in range(20):
        soundfile.write(folder / f"{i}.wav", hum if i < 8 else 0.05 * rng.normal(size=RATE), RATE)
    bad = ["won <img src=https://example.com/x.png>"] * 8
    frame = pd.DataFrame(
        {
            "audio": [f"{i}.wav" for i in range(20)],
            "sentence": ["one two three"] * 20,
            "prediction": [*bad, *["one two three"] * 12],
        }
    )
    frame.to_csv(folder / "calls.csv", index=False)
    found = sc.find_slices(folder / "calls.csv", shuffles=99, min_support=5, cache=folder / "cache")
    assert len(found.slices) == 1
    found.report(folder / "report.html")
    return (folder / "report.html").as_uri()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_loaded_nothing_is_refused_and_clips_play(report, opened, dark):
    page = opened("about:blank", apart=True, waits=False, dark=dark)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(f"({REFUSED})()")
    page.goto(report)
    assert page.evaluate(LOADED) == pytest.approx(1, abs=0.2)
    page.locator(".play").first.click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.1")
    assert page.locator(".play").first.get_attribute("aria-label") == "Pause"
    page.locator(".stage").nth(1).click()
    page.wait_for_function("() => document.querySelectorAll('audio')[1].currentTime > 0.4")
    assert page.evaluate("() => document.querySelector('audio').paused")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.evaluate(ground) != before
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1440
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert [url for url in asked if url.startswith("file:")] == [report]
    assert page.evaluate("() => window.refused") == [] and page.errors == []
