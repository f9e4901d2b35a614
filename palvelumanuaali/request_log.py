"""The process log's lines about requests: by route name, with the address that trusted proxies tell."""

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from orgs import user_log
from orgs.routes import route_of


class RouteLogMiddleware(RequestMiddleware):
    """Logs each request without its path and query, which hold links that open something."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Name the request by its method and route."""
        return f"{request.method} {route_of(request)}"

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Take the reader's address from the proxies that we trust only: any other may be forged."""
        structlog.contextvars.bind_contextvars(ip=user_log.address_of(request))
