from itertools import count

import postgres
import pytest
import sqlalchemy as sa

from slicecore.storage.verdicts.database import Database
from slicecore.storage.verdicts.database import database as chosen_database
from slicecore.storage.verdicts.place import VARIABLE
from slicecore.storage.verdicts.store import Verdicts


@pytest.fixture(scope="session")
def server():
    """Makes databases on a real PostgreSQL: `server(name)` is the address of one, `server.empty(name)` empties it."""
    programs = postgres.installed()
    if programs is None:
        pytest.skip(postgres.ADVICE)
    with postgres.running(programs) as address:
        yield Server(address)


class Server:
    def __init__(self, address):
        self._address, self._made = address, set()

    def __call__(self, name):
        if name not in self._made:
            self._made.add(name)
            self._run("postgres", f"CREATE DATABASE {name}")
        return self._address.format(name=name)

    def empty(self, name):
        """Remove all rows: to make a database takes longer."""
        self._run(name, "TRUNCATE workspaces CASCADE")

    def _run(self, database, command):
        url = sa.make_url(self._address.format(name=database)).set(drivername="postgresql+pg8000")
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(command)
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path, monkeypatch):
    """Address of a database of each kind, which is also the one that is chosen. There is nothing in it."""
    if request.param == "sqlite":
        chosen = f"sqlite:///{tmp_path}/reviews.sqlite"
    else:
        server = request.getfixturevalue("server")
        chosen = server("reviews")
        Database(chosen).close()
        server.empty("reviews")
    monkeypatch.setenv(VARIABLE, chosen)
    monkeypatch.setattr(
        "slicecore.storage.verdicts.database._databases", {}
    )  # those of the home of another test
    return chosen


@pytest.fixture
def database(address):
    database = chosen_database()
    yield database
    database.close()


@pytest.fixture
def new_verdicts(database):
    """Verdicts of a workspace in which there is nothing, as often as it is called."""
    numbers = count()
    return lambda: Verdicts(f"workspace-{next(numbers)}", database)


@pytest.fixture
def verdicts(new_verdicts):
    return new_verdicts()


@pytest.fixture
def reopened(address):
    """Opens verdicts again, as another process does."""
    opened = []

    def reopen(verdicts):
        opened.append(Database(address))
        return Verdicts(verdicts.name, opened[-1])

    yield reopen
    for database in opened:
        database.close()
