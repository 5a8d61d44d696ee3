"""The alignment of a clip as table and player draw it, which depends on what the metric compares."""

from opened_page import finished, open_table, review

from slicecore_app.session.settings import MetricChoice

BAD = 25


def test_a_metric_of_whole_texts_shows_whole_texts_also_after_one_of_words(calls, monkeypatch):
    finished(review(monkeypatch, calls))
    (words,) = open_table().scoring.edits("prediction", MetricChoice("wer", "basic"), [BAD])
    assert [kind for kind, _, _ in words].count("equal") < len(words) > 1
    (whole,) = open_table().scoring.edits("prediction", MetricChoice("error_rate", "basic"), [BAD])
    assert whole == [["substitute", "good morning to you", "so long"]]
