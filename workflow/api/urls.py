"""Addresses of the interface, as Drupal has them: without a slash at the end, the same words everywhere."""

from django.urls import path

from services.api.changes import Feed
from services.api.router import TranslatePath
from services.api.views import Entry
from services.site.caching import EVERY, public_answer
from workflow.api.views import Listed, Single

app_name = "api"

_kept = public_answer(EVERY, in_any_language=True)

urlpatterns = [
    path("router/translate-path", _kept(TranslatePath.as_view()), name="router"),
    path("jsonapi/changes", Feed.as_view(), name="changes"),
    path("jsonapi", _kept(Entry.as_view()), name="entry"),
    path("jsonapi/<slug:group>/<slug:bundle>", _kept(Listed.as_view()), name="list"),
    path("jsonapi/<slug:group>/<slug:bundle>/<uuid:number>", _kept(Single.as_view()), name="single"),
]
