"""Structured logs: one JSON object a line, from Django, Celery and the server alike."""

import logging
from typing import Any

import structlog
from django.http import HttpRequest

from orgs.routes import route_of

PRE_CHAIN: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


class WithoutPaths(logging.Filter):
    """Puts the route in place of the path in what Django itself logs of a request ("Not Found: ...")."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            said = {request.path, request.path_info, request.get_full_path()}
            # Django writes what is no plain letter otherwise, such as a line break at the end of a token.
            said |= {path.encode("unicode_escape").decode() for path in said}
            record.args = tuple(route_of(request) if arg in said else arg for arg in record.args)
        return True


def configure(level: str) -> dict[str, Any]:
    """Set structlog up and return the settings for the standard library's `logging`."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *PRE_CHAIN,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
        "foreign_pre_chain": PRE_CHAIN,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "filters": {"without_paths": {"()": WithoutPaths}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["without_paths"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
