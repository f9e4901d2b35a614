"""The moment at which all tests stand unless they say otherwise."""

import datetime

# A Monday.
NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
