"""In which language an address is answered."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware


class LanguageMiddleware(LocaleMiddleware):
    """Django's; but programs that ask the interface without a language are told at once what is not there."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Lead people to the page in their language, where an address without one leads nowhere."""
        if response.status_code == 404 and "json" in response.headers.get("Content-Type", ""):
            return response
        return super().process_response(request, response)
