"""References to be corrected: tasks for Label Studio, and its corrections back in the table."""
