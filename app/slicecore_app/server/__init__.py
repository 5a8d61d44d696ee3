"""The server process: routes, media, open tables, background jobs, warm start."""
