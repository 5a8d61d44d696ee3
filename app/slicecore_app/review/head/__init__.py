"""The head of the page: overall figures, table, model, metric, embedding."""
