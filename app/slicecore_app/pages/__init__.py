"""One file per page. A page puts panels together and holds no logic of its own."""
