"""Who may open the page, and what they may do there: one gate in front of everything that the server answers."""
