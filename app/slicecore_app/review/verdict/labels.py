"""Labels of verdicts, as the page writes them."""

VERDICT_LABELS = {
    "real_issue": "✓ Real issue",
    "false_positive": "✗ False alarm",
    "reference_error": "≠ Wrong ref.",
    "unsure": "? Unsure",
}
"""Sign and label by the name of the verdict."""
