"""Recipes: what makes clean training clips sound like those of a slice, with the slice's own measured ranges."""

from slicecore.recipes.loading import load
from slicecore.recipes.making import make
from slicecore.recipes.recipe import Measured, Recipe, Sounds, Step, Transform

__all__ = ["Measured", "Recipe", "Sounds", "Step", "Transform", "load", "make"]
