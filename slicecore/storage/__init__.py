"""Everything on disk: the home folder, atomic files, the caches, a reviewer's verdicts."""
