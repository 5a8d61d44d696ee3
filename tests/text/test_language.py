import numpy as np
import pytest

from slicecore.text import language
from slicecore.text.few_recent import FewRecent
from slicecore.text.language import languages

SENTENCES = (
    "The weather in Glasgow is fine today",
    "Das Wetter in Glasgow ist heute wirklich schön",
    "Le temps à Glasgow est vraiment beau aujourd'hui",
    "Погода в Глазго сегодня очень хорошая",
    "今日のグラスゴーの天気はとても良いです",
    "PLEASE ENTER YOUR PASSWORD THEN PRESS SEVEN",
    "12 345 678 901",
    "seven",
    "a lone half \ud800 of a pair",
    "",
)


def pieces(count: int) -> list[str]:
    """Runs of words of several languages, so that many are doubtful."""
    rng = np.random.default_rng(0)
    words = [word for sentence in SENTENCES[:6] for word in sentence.split()]
    return [" ".join(rng.choice(words, rng.integers(1, 8))) for _ in range(count)]


def test_many_texts_at_once_have_the_languages_that_each_has_alone():
    texts = [*SENTENCES, *pieces(600)]
    together = languages(texts)
    assert together.tolist() == [languages([text])[0] for text in texts]
    assert {"en", "de", "fr", "ru", "ja", ""} <= set(together)


def test_doubtful_texts_are_decided_alone(monkeypatch: pytest.MonkeyPatch):
    texts = pieces(600)
    monkeypatch.setattr(language, "_recent", FewRecent(1))
    monkeypatch.setattr(language, "_DOUBTFUL", 1.0)  # every text
    alone = languages(texts)
    monkeypatch.setattr(language, "_recent", FewRecent(1))
    monkeypatch.setattr(language, "_DOUBTFUL", 0.0)  # none
    assert (alone == languages(texts)).mean() > 0.99


def test_what_is_changed_in_the_answer_is_not_remembered():
    texts = pieces(100)
    first = languages(texts)
    first[:] = "xx"
    assert "xx" not in languages(texts).tolist()


def test_languages_are_told_once_per_cache(tmp_path, monkeypatch):
    texts = ["Guten Morgen, wie geht es Ihnen heute?", "Where is the station, please?", "oh", ""] * 20
    expected = languages(texts).tolist()
    language._recent.clear()
    assert languages(texts, tmp_path).tolist() == expected and set(expected) == {"de", "en", ""}
    language._recent.clear()
    monkeypatch.setattr(language, "_told", lambda texts: pytest.fail("The model was asked again."))
    assert languages(texts, tmp_path).tolist() == expected
