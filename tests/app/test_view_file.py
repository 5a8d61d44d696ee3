"""Views of a table: sessions of one process that write at the same time lose nothing of each other."""

from concurrent.futures import ThreadPoolExecutor

from slicecore_app.session.view_file import ViewFile


def test_views_saved_while_another_tab_moves_a_slider_are_all_there(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("a\n")
    names = [f"view {i}" for i in range(40)]

    def save(name):
        ViewFile(str(table)).save(name, {"drop": "10"})

    def leave(drop):
        ViewFile(str(table)).leave({"drop": str(drop)})

    with ThreadPoolExecutor(8) as pool:
        for done in [
            *(pool.submit(save, name) for name in names),
            *(pool.submit(leave, i) for i in range(40)),
        ]:
            done.result()
    assert sorted(ViewFile(str(table)).named()) == sorted(names)
