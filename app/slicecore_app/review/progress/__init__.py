"""Progress of embedding a table, for the first time or beside the page."""
