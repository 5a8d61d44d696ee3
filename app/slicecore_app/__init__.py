"""The screen: a Streamlit app. It draws; everything it shows is computed in slicecore."""
