"""The interface without a language in its addresses: in Finnish, whatever a browser asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import override

from workflow.api import urls

app_name = "api_in_finnish"


def _in_finnish(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with override("fi"):
            return view(request, *args, **kwargs)

    return wrapped


urlpatterns: list[URLPattern] = [
    path(str(one.pattern), _in_finnish(one.callback), name=one.name) for one in urls.urlpatterns
]
