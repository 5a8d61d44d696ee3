"""The foot of the page: keys, connection, reviewer."""
