#!/usr/bin/env python
"""Run a management command of Palvelumanuaali."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
    execute_from_command_line(sys.argv)
