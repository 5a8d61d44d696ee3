"""All that is current in a workspace, read in one transaction."""

from __future__ import annotations

from slicecore.storage.verdicts import assignments, queries, reviewers
from slicecore.storage.verdicts.database import Access
from slicecore.storage.verdicts.records import Workspace


def read_workspace(access: Access, model: str) -> Workspace:
    """Everything that is current, with the judgements and assignments of a model."""
    latest = queries.latest_judgements(access)
    counting = queries.counting_judgements(latest)
    return Workspace(
        newest=queries.newest_numbers(access),
        judgements=queries.of_model(counting, model),
        every_model=counting,
        refusals=queries.refusals(access, model),
        own_slices=queries.own_slices(access),
        marked_references=queries.marked_references(access),
        tags=tuple(queries.used_tags(access)),
        corrections=queries.corrections(access),
        opinions=queries.opinions(latest, model),
        reviewers=reviewers.browsers_by_name(access),
        other_names=reviewers.other_names(access),
        assignments=assignments.assignments(access, model),
    )
