"""State of one session: settings, selection, reviews, views and the address."""
