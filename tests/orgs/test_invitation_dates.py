"""An invitation says the same day everywhere: the one in Helsinki."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from orgs import inviting
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import Mails, deliver_all
from tests.services.site_pages import html, tight


@pytest.mark.django_db
@pytest.mark.parametrize(("hour", "until"), [(21, "8.12.2026"), (23, "9.12.2026")])
def test_the_page_and_the_mail_say_the_same_day(
    client: Client, mailoutbox: Mails, hour: int, until: str
) -> None:
    factories.agreement()
    # At 23 in Greenwich it is tomorrow in Helsinki.
    with time_machine.travel(datetime.datetime(2026, 11, 24, hour, 30, tzinfo=datetime.UTC), tick=False):
        main_user = factories.member("partner", "main_user")
        organisation = main_user.memberships.get().organisation
        inviting.invite(organisation, "uusi@espoo.example", ["expert"], by=main_user, language="fi")
        deliver_all()
        client.force_login(main_user)
        page = html(client, reverse("orgs:people", args=[organisation.external_id]))
    with override("fi"):
        assert f"<td>{until}</td>" in tight(page)
        assert until in str(mailoutbox[0].body)
