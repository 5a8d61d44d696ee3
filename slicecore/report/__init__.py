"""Tables that leave the tool."""
