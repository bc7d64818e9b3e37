"""Tests, the helpers that they share, and the campaigns whose records are kept.

No test and no record uses the cache of whoever runs it: those that are about the cache name a folder of their own.
"""

import os

os.environ["MAPPROOF_CACHE"] = "none"
