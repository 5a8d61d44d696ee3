import numpy as np
import pandas as pd

from slicecore.text.few_recent import FewRecent
from slicecore.text_digest import digest_of


def test_the_results_that_were_asked_for_last_are_kept():
    recent: FewRecent[str] = FewRecent(2)
    made: list[str] = []

    def ask(name: str) -> str:
        return recent.get(name, lambda: made.append(name) or name.upper())

    assert [ask(name) for name in "abaca"] == ["A", "B", "A", "C", "A"]
    assert made == ["a", "b", "c"]  # c took the place of b
    ask("b")
    assert made == ["a", "b", "c", "b"]


def test_columns_that_run_together_to_the_same_text_have_other_digests():
    columns = [(["ab", "c"],), (["a", "bc"],), (["abc"],), (["ab"], ["c"]), (["ab", "c"], []), (["2:ab"],)]
    assert len({digest_of(*each) for each in columns}) == len(columns)


def test_a_digest_depends_on_the_texts_alone():
    texts = ["a", "", "bé", "one two"]
    as_column = pd.Series(texts, dtype="str")
    assert digest_of(texts) == digest_of(as_column) == digest_of(np.array(texts, object))
    in_pieces = pd.concat([as_column[:1], as_column[1:]])
    assert digest_of(in_pieces) == digest_of(as_column)
    assert digest_of(as_column[1:]) == digest_of(texts[1:])
    assert digest_of(["a", float("nan")]) == digest_of(pd.Series(["a", None], dtype="str"))
    assert len({digest_of([text]) for text in ("\ud800", "\ud801", "?", "")}) == 4
