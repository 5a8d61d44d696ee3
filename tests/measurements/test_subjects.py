from slicecore.measurements import CATALOGUE
from slicecore.measurements.subjects import OTHER, SUBJECTS, by_subject


def test_every_measurement_is_of_one_subject():
    listed = [name for names in SUBJECTS.values() for name in names]
    assert sorted(listed) == sorted(CATALOGUE)


def test_subjects_without_measurements_are_left_out():
    assert by_subject(["pitch", "new", "peak"]) == {"Level": ["peak"], "Voice": ["pitch"], OTHER: ["new"]}
