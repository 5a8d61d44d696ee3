"""Labels of a classifier: confusion matrix and errors by class."""
