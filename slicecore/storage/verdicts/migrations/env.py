"""What Alembic runs for every command: migrations on the connection that `upgrade.upgrade` hands over."""

from alembic import context

from slicecore.storage.verdicts.schema import metadata

connection = context.config.attributes["connection"]
# SQLite's changes of tables are part of the transaction too, which belongs to whoever called.
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
