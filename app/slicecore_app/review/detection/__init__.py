"""Detection by a score: the DET curve of all clips and of the picked ones."""
