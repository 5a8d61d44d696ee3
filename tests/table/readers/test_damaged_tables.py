"""Damaged tables of general formats: a sentence or rows, never anything else."""

import gzip
import io
import json
import tarfile

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_table import json_lines
from pyarrow import parquet

from slicecore.errors import SlicecoreError
from slicecore.table.dataset import read
from slicecore.table.readers.registry import FORMATS

cells = st.one_of(st.text(max_size=8), st.integers(), st.floats(), st.none(), st.booleans(), st.just([1]))
records = st.lists(
    st.dictionaries(
        st.sampled_from(["audio_filepath", "text", "pred_text", "offset", "duration", "id", "\ud800"]), cells
    ),
    max_size=4,
)


def damaged(content, data):
    """The content with a few bytes changed, left out or put in."""
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        cut = data.draw(st.integers(0, 3))
        content = content[:at] + data.draw(st.binary(max_size=3)) + content[at + cut :]
    return content


def written_parquet(rows):
    out = pa.BufferOutputStream()
    texts = [{name: str(value) for name, value in row.items() if name != "\ud800"} for row in rows]
    structs = pa.array([{"bytes": b"x", "path": "p"}] * len(rows))
    table = pa.Table.from_pylist(texts)
    if table.num_columns:
        table = table.append_column("sound", structs)
    parquet.write_table(table, out)
    return out.getvalue().to_pybytes()


def written_arrow(rows):
    out = pa.BufferOutputStream()
    table = pa.table({"text": [str(row.get("text")) for row in rows], "hyp": ["x"] * len(rows)})
    with pa.ipc.new_file(out, table.schema) as file:
        file.write_table(table)
    return out.getvalue().to_pybytes()


def written_archive(rows):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, row in enumerate(rows):
            for name, content in ((f"{number}.wav", b"x"), (f"{number}.json", json.dumps(row).encode())):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records, st.data())
def test_a_damaged_table_gives_a_sentence_or_rows(tmp_path, rows, data):
    written = data.draw(
        st.sampled_from(
            [
                lambda: json_lines(rows).encode(),
                lambda: json.dumps(rows).encode(),
                lambda: gzip.compress(json_lines(rows).encode()),
                lambda: written_parquet(rows),
                lambda: written_arrow(rows),
                lambda: written_archive(rows),
                lambda: b"text,pred\na,b\n",
                lambda: data.draw(st.binary(max_size=60)),
            ]
        )
    )()
    path = tmp_path / "t"
    path.write_bytes(damaged(written, data))
    name = data.draw(st.sampled_from([None, None, None, *(known.name for known in FORMATS)]))
    try:
        assert len(read(path, format=name))
    except SlicecoreError as error:
        assert str(error).rstrip()[-1] in ".…?"
