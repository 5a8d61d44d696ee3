"""Filters of clips by words and conditions, over all that is known of every clip."""
