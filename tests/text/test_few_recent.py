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
