from slicecore_app.server.recent_texts import ENTRY, RecentTexts


def letters(asked, of="abc"):
    """Makes the texts of keys at some positions, and notes for which it was asked."""

    def make(positions):
        asked.append([of[position] for position in positions])
        return [2 * of[position] for position in positions]

    return make


def test_texts_are_made_once_and_come_in_the_order_in_which_they_are_asked_for():
    made, texts = [], RecentTexts(10 * (2 + ENTRY))
    assert texts.get("abc", letters(made)) == ["aa", "bb", "cc"]
    assert texts.get("dba", letters(made, of="dba")) == ["dd", "bb", "aa"]
    assert texts.get("aab", letters(made, of="aab")) == ["aa", "aa", "bb"]
    assert made == [["a", "b", "c"], ["d"]]


def test_texts_go_that_nobody_asked_for_longest_where_all_take_too_much():
    made, texts = [], RecentTexts(3 * (2 + ENTRY))
    texts.get("abc", letters(made))
    texts.get("a", letters(made, of="a"))
    texts.get("d", letters(made, of="d"))  # in the place of b
    texts.get("acd", letters(made, of="acd"))
    texts.get("b", letters(made, of="b"))
    assert made == [["a", "b", "c"], ["d"], ["b"]]


def test_more_texts_than_are_kept_are_given_all_the_same():
    made, texts = [], RecentTexts(2 + ENTRY)
    assert texts.get("abc", letters(made)) == ["aa", "bb", "cc"]
    assert texts.get("cba", letters(made, of="cba")) == ["cc", "bb", "aa"]
    assert made == [["a", "b", "c"], ["b", "a"]]
