"""Works that are done once per clip: decoded, computed in batches, stored; on this machine or on Ray."""
