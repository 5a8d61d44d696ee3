"""Everything on disk: home folder, whole files, caches, repair of a damaged store, a reviewer's verdicts.

`home` names the folders, `atomic` writes whole files, `array_cache` and `clip_store` are the two caches,
`cache_folders` names what lies in a cache and `cache_admin` shows, limits and clears it; `verdicts` is the workspace.
"""
