#!/usr/bin/env python
"""Run a management command of Palvelumanuaali."""

import os
import sys

from django.core.management import execute_from_command_line

# Commands that only reckon: the settings that they don't use need no values.
RECKONING = ("simulate",)

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
    if sys.argv[1:2] and sys.argv[1] in RECKONING:
        for name, value in (
            ("SECRET_KEY", "unused-by-commands-that-only-reckon"),
            ("DATABASE_URL", "postgres:///unused"),
            ("REDIS_URL", "redis:///unused"),
        ):
            os.environ.setdefault(name, value)
    execute_from_command_line(sys.argv)
