"""The sheet of keys and the tooltips."""
