"""One of everything whose inside our style sheets and JavaScript rely on."""

import pandas as pd
import streamlit as st

from slicecore_app.review.clips.component import clips


@st.dialog("Some clips")
def dialog() -> None:
    """A dialog of the page's own."""
    st.write("Two of them")


st.html("<style>.x { color: red }</style>")
st.selectbox("Data set", ["short", "a much longer entry than the field"], help="Where it is")
st.caption("A caption")
st.progress(0.5, text="Half")
st.button("Go on", type="primary")
if st.button("Dialog"):
    dialog()
with st.popover("Menu"):
    st.text_input("Name")
clips(
    pd.DataFrame(
        {
            "row": [0],
            "id": ["a"],
            "clipName": ["a"],
            "clipPath": ["/a.wav"],
            "value": [1.0],
            "points": [1.0],
            "edits": ["[]"],
            "words": [1],
            "duration": [1.0],
        }
    ),
    media="api/clips/x",
    metric="WER",
    dark=False,
    key="clips",
    height=120,
)
