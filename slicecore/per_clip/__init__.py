"""Work done once per clip: decoded, computed in batches, stored; on one machine or on Ray."""
