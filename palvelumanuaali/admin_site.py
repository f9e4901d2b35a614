"""The admin's door: the same sign-in as everywhere, and only for those who edit vocabularies."""

from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orgs import access
from orgs.access import NotAllowed
from orgs.roles import Capability


class VocabularySite(AdminSite):
    """Django's admin for vocabularies and statutory wordings."""

    site_header = site_title = _("Vocabularies")
    index_title = _("Vocabularies and statutory wordings")

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask the table of capabilities."""
        return access.may(request.user, Capability.EDIT_VOCABULARIES)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse those who are signed in and may not enter; lead visitors to our own sign-in."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            if not self.has_permission(request):
                raise NotAllowed(Capability.EDIT_VOCABULARIES)
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to our own sign-in; refuse those who are signed in and may not enter."""
        if request.user.is_authenticated:
            raise NotAllowed(Capability.EDIT_VOCABULARIES)
        return redirect_to_login(request.GET.get("next", request.path), reverse("account_login"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to our own sign-out."""
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to our own page for it."""
        return HttpResponseRedirect(reverse("account_change_password"))
