"""Keys of the review page. Each is handled by the JavaScript of the part that it belongs to."""

ALL = (
    (("↑", "↓"), "previous, next problem"),
    (("1",), "real issue"),
    (("←", "→"), "previous, next clip"),
    (("2",), "false alarm"),
    (("Space",), "play, pause"),
    (("3",), "wrong reference"),
    ((",", "."), "one second back, forward"),
    (("4",), "unsure"),
    (("[", "]"), "slower, faster"),
    (("N",), "next unreviewed"),
    (("L",), "loop the marked part"),
    (("Z",), "undo the last verdict or mark"),
    (("V",), "same loudness for every clip"),
    (("T",), "tags and note"),
    (("Y", "X"), "confirm, drop a verdict carried over"),
    (("B",), "compare with a good clip like this"),
    (("M",), "clusters or map"),
    (("S",), "similar clips"),
    (("/",), "filter the clips"),
    (("P",), "play the clip under the pointer"),
    (("W",), "reference of this clip is wrong"),
    (("E",), "correct the reference of this clip"),
    (("D",), "mark the faults in the picture"),
    (("A",), "assign the slice to you, or to nobody"),
    (("Shift", "↓"), "choose several problems"),
    (("Esc",), "end a choice or lasso, leave a field"),
)
"""Every key with what it does, in reading order of two columns."""

FOOT = (
    (("↑", "↓"), "problem"),
    (("←", "→"), "clip"),
    (("Space",), "play"),
    (("L",), "loop"),
    ((",", "."), "seek"),
    (("1", "2", "3", "4"), "verdict"),
    (("N",), "next unreviewed"),
    (("W",), "wrong reference"),
    (("B",), "compare"),
    (("Z",), "undo"),
    (("?",), "all keys"),
)
"""Those that the foot of the page shows."""

FOOT_WHILE_PREPARING = ((("Esc",), "cancel"), (("?",), "all keys"))
"""The same while a table is embedded for the first time."""
