"""manage.py exchange_schema: print the exchange format's JSON Schema (kept in docs/)."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from services.exchange.schema import schema


class Command(BaseCommand):
    """Prints the schema; `make schema` writes it to docs/exchange-format.schema.json."""

    help = "Print the JSON Schema of the exchange format."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True))
