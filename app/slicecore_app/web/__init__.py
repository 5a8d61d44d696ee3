"""Things that the browser parts share: loader of components, theme, JavaScript."""
