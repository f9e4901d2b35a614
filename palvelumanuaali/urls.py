"""All addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from orgs.sign_in import no_own_addresses
from palvelumanuaali.health import health
from services.site.root import root_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    *root_patterns,
    path("", include("workflow.api.finnish_urls")),
    *i18n_patterns(
        path("account/email/", no_own_addresses, name="account_email"),
        path("account/confirm-email/", no_own_addresses, name="account_email_verification_sent"),
        path("account/confirm-email/<str:key>/", no_own_addresses, name="account_confirm_email"),
        path("account/", include("allauth.account.urls")),
        path("account/factors/", include("allauth.mfa.urls")),
        path("account/sessions/", include("allauth.usersessions.urls")),
        path("account/employer/", include("allauth.socialaccount.urls")),
        # Before the organisations, whose names stand in the same part of the address.
        path("", include("services.keeping.urls")),
        path("", include("services.responsible.urls")),
        path("", include("services.answers.urls")),
        path("", include("workflow.api.urls")),
        path("", include("orgs.pages.urls")),
        path("", include("workflow.desk.urls")),
        path("", include("sanctions.office.urls")),
        path("", include("services.tuning.urls")),
        path("", include("services.site.urls")),
    ),
]

handler400 = "services.site.errors.bad_request"
handler403 = "services.site.errors.permission_denied"
handler404 = "services.site.errors.not_found"
# Asked by allauth.
handler429 = "services.site.errors.too_many"
handler500 = "services.site.errors.server_error"
