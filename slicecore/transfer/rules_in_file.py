"""Rules of slice definitions as fields of slices.yaml, and conditions within them."""

from __future__ import annotations

from typing import Any

from slicecore.filtering.fitting import OPERATORS_OF_PARTS, TEXT_OPERATORS, is_part
from slicecore.measurements import CATALOGUE
from slicecore.slices.condition import Condition, Operator, Part
from slicecore.transfer.definition import Rule
from slicecore.transfer.yaml_fields import Fields, Place, short_number

_MOST_CONDITIONS = 10
_TWO_NUMBERS = (Operator.WITHIN, Operator.BETWEEN)


def rule_out(rule: Rule) -> dict[str, Any]:
    """Fields of a rule."""
    return {
        "all_of": [_condition_out(*pair) for pair in zip(rule.conditions, rule.measured, strict=True)],
        "precision": short_number(rule.precision),
        "recall": short_number(rule.recall),
    }


def _condition_out(condition: Condition, measured: bool) -> dict[str, Any]:
    value: Any = condition.value
    if isinstance(value, tuple):
        value = [bound if isinstance(bound, str) else short_number(bound, None) for bound in value]
    elif not isinstance(value, str):
        value = short_number(value, None)
    out: dict[str, Any] = {
        "measurement" if measured else "column": condition.column,
        "is": str(condition.operator.value),
        "value": value,
    }
    if condition.part != Part.WHOLE:
        out["part"] = str(condition.part.value)
    if condition.unit and not measured:
        out["unit"] = condition.unit
    return out


def rule_in(fields: Fields) -> Rule:
    """Rule of fields. Raises DefinitionError."""
    fields.only("all_of", "precision", "recall")
    places = fields["all_of"].items()
    if not 1 <= len(places) <= _MOST_CONDITIONS:
        raise fields["all_of"].error(f"must have 1 to {_MOST_CONDITIONS} conditions.")
    conditions = [_condition_in(place) for place in places]
    return Rule(
        tuple(condition for condition, _ in conditions),
        tuple(measured for _, measured in conditions),
        fields["precision"].share(),
        fields["recall"].share(),
    )


def _condition_in(place: Place) -> tuple[Condition, bool]:
    fields = place.fields().only("column", "measurement", "is", "value", "part", "unit")
    measured = "measurement" in fields
    if measured == ("column" in fields):
        raise place.error("needs either a “column” of the table or a “measurement”.")
    name = fields["measurement" if measured else "column"]
    operators = [str(operator.value) for operator in Operator]
    operator = Operator(fields["is"].choice(operators, "comparison"))
    part = (
        Part(fields["part"].choice([str(p.value) for p in Part], "part")) if "part" in fields else Part.WHOLE
    )
    unit = fields["unit"].text() if "unit" in fields else ""
    label = ""
    if measured:
        if part != Part.WHOLE:
            raise fields["part"].error("is of times, which measurements are not. Remove it.")
        measurement = CATALOGUE.get(name.text())
        if measurement is None:
            raise name.error(
                f"is “{name.text()[:40]}”, which is no measurement. docs/explanation.md lists them: hum, loudness …"
            )
        label, unit = measurement.label, measurement.unit
    value = _value_in(fields["value"], operator, part, are_numbers=measured)
    return Condition(name.text(), operator, value, label, unit, part), measured


def _value_in(place: Place, operator: Operator, part: Part, *, are_numbers: bool) -> Any:
    def single(place: Place) -> str | float:
        if part == Part.WEEKDAY or (part == Part.WHOLE and operator == Operator.ONE_OF and not are_numbers):
            value: str | float = place.text()
        elif are_numbers or place.is_number or operator not in TEXT_OPERATORS:
            value = place.number()
        else:
            value = place.text()
        if part != Part.WHOLE and not is_part(value, part):
            raise place.error(f"is “{str(value)[:40]}”, which is no {part.value}.")
        return value

    if part != Part.WHOLE and operator not in OPERATORS_OF_PARTS[part]:
        raise place.error(f"can't be compared by “{operator.value}” with the {part.value} of a time.")
    if operator not in (*_TWO_NUMBERS, Operator.ONE_OF):
        if place.is_list:
            raise place.error(f"is a list, but “{operator.value}” compares with one value.")
        return single(place)
    values = tuple(single(item) for item in place.items())
    if not values:
        raise place.error("is an empty list. Give one value or several.")
    if operator in _TWO_NUMBERS:
        if len(values) != 2:
            raise place.error(f"must have two numbers for the comparison “{operator.value}”.")
        if part != Part.HOUR and list(values) != sorted(values):
            raise place.error("must have the lower number first.")
    return values
