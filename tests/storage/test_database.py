"""The database itself: its address, its tables, and what happens when it can't be reached."""

import re
import socket
import sqlite3
from contextlib import closing

import postgres
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from slicecore.errors import StorageError
from slicecore.storage.verdicts import database as module
from slicecore.storage.verdicts import is_judged, schema, upgrade, verdicts_of
from slicecore.storage.verdicts.database import Database, database
from slicecore.storage.verdicts.place import VARIABLE, default_file
from slicecore.storage.verdicts.store import Verdicts


def judge(verdicts, verdict="unsure"):
    return verdicts.judge("a", model="m", clip_ids=["1"], verdict=verdict)


def test_without_a_choice_it_is_a_file_in_the_home():
    assert not is_judged("calls.csv")
    judge(verdicts_of("calls.csv"))
    assert default_file().is_file() and is_judged("calls.csv") and not is_judged("others.csv")
    with closing(sqlite3.connect(default_file())) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://root:secret@host/a",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://host",
        "sqlite:",
    ],
)
def test_an_address_of_nothing_that_would_do_is_a_sentence(address, monkeypatch):
    monkeypatch.setenv(VARIABLE, address)
    with pytest.raises(StorageError, match="Give sqlite:///") as caught:
        verdicts_of("calls.csv")
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_a_sentence_without_its_password(tmp_path):
    path = tmp_path / ".s.PGSQL.5432"
    with pytest.raises(StorageError, match="can't be read or saved") as caught:
        Database(f"postgresql://kb:secret@host/reviews?unix_sock={path}")
    assert "secret" not in str(caught.value) and "kb" in str(caught.value)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("kb:half@secret@host/reviews", "Write @ as %40"),
        ("kb:half@se/cret@host/reviews", "Write @ as %40"),
        ("/reviews", "names no user"),
        ("kb:secret@host/reviews?sslmode=sometimes", "one of disable, prefer"),
        ("kb:secret@host/reviews?sslmode=verify-full&sslrootcert=/nowhere", "/nowhere, can't be read"),
        ("kb:secret@host/reviews?sslrootcert=/nowhere", "sslmode=verify-full"),
        ("kb:secret@host/reviews?nonsense=1", "“nonsense” is no setting"),
    ],
)
def test_an_address_that_no_server_could_have_is_a_sentence_without_its_password(address, problem):
    with pytest.raises(StorageError, match=re.escape(problem)) as caught:
        Database(f"postgresql://{address}")
    assert "secret" not in str(caught.value) and "cret@" not in str(caught.value)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Address of a server on TCP that lets nobody in without TLS, and its certificate, of localhost by its own word."""
    programs, folder = postgres.installed(), tmp_path_factory.mktemp("tls")
    if programs is None:
        pytest.skip(postgres.ADVICE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    certificate = folder / "server.pem"
    with postgres.serving(programs, "listen_addresses=127.0.0.1", f"port={port}") as (_, server):
        certificate.write_bytes(server.guard())
        yield f"postgresql://postgres@localhost:{port}/postgres", certificate


@pytest.mark.parametrize("mode", ["prefer", "require", "verify-ca", "verify-full"])
def test_a_server_is_spoken_to_by_tls_as_its_address_says(guarded, mode):
    address, certificate = guarded
    root = f"&sslrootcert={certificate}" if mode.startswith("verify") else ""
    database = Database(f"{address}?sslmode={mode}{root}")
    with database.open() as connection:
        encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert connection.exec_driver_sql(encrypted).scalar() is True
    database.close()


def test_a_certificate_of_nobody_and_a_server_without_tls_are_refused(guarded):
    address, certificate = guarded
    for asked in ("sslmode=verify-full", "sslmode=disable"):
        with pytest.raises(StorageError, match="can't be read or saved"):
            Database(f"{address}?{asked}")
    other = address.replace("localhost", "127.0.0.1")  # the certificate is of a name
    with pytest.raises(StorageError, match="can't be read or saved"):
        Database(f"{other}?sslmode=verify-full&sslrootcert={certificate}")
    Database(f"{other}?sslmode=verify-ca&sslrootcert={certificate}").close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "reviews.sqlite"
    path.write_text("not a database, but long enough to be taken for one " * 10)
    with pytest.raises(StorageError, match=re.escape(str(path))):
        Database(f"sqlite:///{path}")


def test_the_tables_are_those_that_the_migrations_make(address):
    Database(address).close()
    engine = sa.create_engine(sa.make_url(address.replace("postgresql:", "postgresql+pg8000:")))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        assert upgrade.is_current(connection)
    engine.dispose()
    assert ScriptDirectory.from_config(upgrade.migrations()).get_heads() == [schema.HEAD]


def test_a_database_of_a_later_version_is_left_alone(address):
    database = Database(address)
    judge(Verdicts("w", database))
    version = sa.table("alembic_version", sa.column("version_num"))
    with database.writing_all() as connection:
        connection.execute(sa.update(version).values(version_num="9999"))
    database.close()
    try:
        with pytest.raises(StorageError, match="newer version"):
            Database(address)
    finally:
        with database.writing_all() as connection:
            connection.execute(sa.update(version).values(version_num=schema.HEAD))
        database.close()


def test_a_database_that_is_locked_by_somebody_else_is_an_error_not_a_loss(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_WAIT_S", 0.05)
    verdicts = Verdicts("w", Database(f"sqlite:///{tmp_path}/reviews.sqlite"))
    judge(verdicts)
    with closing(sqlite3.connect(tmp_path / "reviews.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked"):
            judge(verdicts, "real_issue")
        assert verdicts.current("m")["a"].verdict == "unsure"  # reading goes on
    judge(verdicts, "real_issue")


def test_nothing_is_written_where_something_fails_on_the_way(verdicts, database):
    judge(verdicts)
    with pytest.raises(RuntimeError), database.writing(verdicts.name) as access:
        access.add(schema.set_aside)
        raise RuntimeError
    with database.reading(verdicts.name) as access:
        assert access.rows(sa.select(schema.set_aside.c.number)) == []


def test_a_file_that_was_replaced_is_read_anew(tmp_path):
    mine, other = (Database(f"sqlite:///{tmp_path}/{name}.sqlite") for name in ("mine", "other"))
    judge(Verdicts("w", mine))
    judge(Verdicts("w", other), "real_issue")
    other.close()
    (tmp_path / "other.sqlite").replace(tmp_path / "mine.sqlite")
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"mine.sqlite{suffix}").unlink(missing_ok=True)
    assert Verdicts("w", mine).current("m")["a"].verdict == "real_issue"


def test_a_command_that_needs_no_verdicts_imports_no_database(tmp_path):
    import subprocess
    import sys

    script = (
        "import sys; import slicecore.pipeline.verdicts, slicecore.pipeline.drawing, slicecore.relabel.corrections;"
        "from slicecore.storage.verdicts import is_judged; is_judged('calls.csv');"
        "print([name for name in ('sqlalchemy', 'alembic', 'pg8000') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_alembic_is_imported_only_where_tables_have_to_be_made(tmp_path):
    import subprocess
    import sys

    Database(f"sqlite:///{tmp_path}/reviews.sqlite").close()
    script = (
        "import sys; from slicecore.storage.verdicts.database import Database;"
        f"Database('sqlite:///{tmp_path}/reviews.sqlite'); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_chosen_database_is_opened_once(address):
    assert database() is database(address)


def test_a_page_does_not_start_on_a_database_that_is_none(monkeypatch):
    from slicecore_app.launch import run

    monkeypatch.setenv(VARIABLE, "")
    with pytest.raises(StorageError, match="Give sqlite:///"):
        run(database="nonsense")
