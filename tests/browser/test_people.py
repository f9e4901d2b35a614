"""People's main ways in a real browser: invitation, first sign-in, removal, work instructions.

All browser tests share one copy of the demo's database, so each test invites or removes people of
its own.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from orgs import clock, invitation_links
from orgs.models import Invitation, Membership, Organisation, User
from palvelumanuaali.demo.loading import PASSWORD
from services.models import PublishedService, ServiceVersion
from tests import factories
from tests.browser.accessibility import no_complaints
from tests.browser.conftest import Ask
from workflow.models import Updater

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NEW_PASSWORD = "uusi-polku-metsassa"
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/fi/account/login/")
    page.get_by_label("Sähköposti").fill(email)
    page.get_by_label("Salasana", exact=True).fill(password)
    page.get_by_role("button", name="Kirjaudu", exact=True).click()


def sign_in_with_code(page: Page, email: str) -> None:
    """Sign in as one of the demo's people: the demo's page shows the code."""
    sign_in(page, email)
    shown = re.search(r"\b\d{6}\b", page.locator(".note").inner_text())
    assert shown
    page.get_by_label(re.compile("koodi")).fill(shown.group())
    page.get_by_role("button", name="Vahvista koodilla").click()


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True


def invitation_link(email: str) -> str:
    return f"/fi/kutsu/{invitation_links.token(Invitation.objects.get(email=email))}/"


@pytest.mark.usefixtures("demo")
def test_from_the_invitation_to_the_first_sign_in_with_a_second_factor(
    new_page: Callable[..., Page], ask: Ask
) -> None:
    main_user = new_page(**DESKTOP)
    sign_in_with_code(main_user, "paakayttaja@vantaa.example")
    main_user.get_by_role("link", name="Ihmiset").click()
    main_user.get_by_role("link", name="Kutsu ihmisiä").click()
    main_user.get_by_label("Sähköpostiosoitteet").fill("Uusi Ihminen <uusi.ihminen@vantaa.example>; virhe@")
    main_user.get_by_label("Sisällöntuottaja").check()
    main_user.get_by_role("button", name="Tarkista osoitteet").click()
    expect(main_user.get_by_text("1 kutsu lähetetään.")).to_be_visible()
    expect(main_user.get_by_text("Tämä ei ole sähköpostiosoite")).to_be_visible()
    no_complaints(main_user)
    main_user.get_by_role("button", name="Lähetä kutsut").click()
    expect(main_user.get_by_role("status")).to_contain_text("1 kutsu on matkalla")

    invited = new_page(**DESKTOP)
    invited.goto(ask(lambda: invitation_link("uusi.ihminen@vantaa.example")))
    no_complaints(invited)
    invited.get_by_label("Nimesi").fill("Uusi Ihminen")
    invited.get_by_label("Valitse salasana").fill(NEW_PASSWORD)
    invited.get_by_role("button", name="Hyväksy kutsu").click()
    expect(invited.get_by_role("heading", level=1)).to_have_text("Suojaa tunnuksesi")
    no_complaints(invited)
    invited.get_by_role("link", name="Ota todennussovellus käyttöön").click()
    secret = invited.locator("code").inner_text()
    no_complaints(invited)
    invited.get_by_label(re.compile("kuusinumeroinen koodi")).fill(factories.code(secret))
    invited.get_by_role("button", name="Ota sovellus käyttöön").click()
    expect(invited.get_by_role("heading", level=1)).to_have_text("Varakoodit")
    expect(invited.locator(".codes li")).to_have_count(10)
    invited.get_by_role("link", name="Jatka omalle sivullesi").click()
    expect(invited.get_by_role("heading", level=1)).to_have_text("Uusi Ihminen")
    expect(invited.get_by_text("Vantaan kaupunki: Sisällöntuottaja")).to_be_visible()

    main_user.reload()
    expect(main_user.get_by_role("rowheader", name="Uusi Ihminen")).to_be_visible()


def passkeys_of(page: Page) -> CDPSession:
    """Give the browser a device that keeps passkeys and always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def someone_new() -> None:
    someone = User.objects.create_user("hilla@espoo.example", PASSWORD, full_name="Hilla Suo")
    Membership.objects.create(
        user=someone,
        organisation=Organisation.objects.get(external_id="espoo"),
        role="expert",
        starts_on=clock.today(),
    )


@pytest.mark.usefixtures("demo")
def test_a_passkey_is_added_and_signs_in_alone(
    new_page: Callable[..., Page], manual_server: str, ask: Ask
) -> None:
    ask(someone_new)
    # Passkeys belong to a name, never to a number: the same server by its name.
    page = new_page(**DESKTOP, base_url=manual_server.replace("127.0.0.1", "localhost"))
    passkeys_of(page)
    sign_in(page, "hilla@espoo.example")
    page.goto("/fi/account/factors/webauthn/add/")
    page.locator("#id_name").fill("Työkone")
    passwordless = page.locator("#id_passwordless")
    if passwordless.count():
        passwordless.check()
    page.get_by_role("button", name="Lisää pääsyavain").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Varakoodit|Pääsyavaimet"))
    page.goto("/fi/oma/")
    expect(page.get_by_text("1 pääsyavain.")).to_be_visible()
    page.get_by_role("button", name="Kirjaudu ulos", exact=True).click()
    page.goto("/fi/account/login/")
    page.get_by_role("button", name="Käytä pääsyavainta").click()
    expect(page.get_by_role("link", name="Hilla Suo")).to_be_visible()

    page.get_by_role("button", name="Kirjaudu ulos", exact=True).click()
    sign_in(page, "hilla@espoo.example")
    page.get_by_role("button", name="Käytä pääsyavainta").click()
    expect(page.get_by_role("link", name="Hilla Suo")).to_be_visible()


@pytest.mark.usefixtures("demo")
def test_removal_with_reassigning(new_page: Callable[..., Page], ask: Ask) -> None:
    def duties() -> int:
        held = Updater.objects.filter(user__email="iida.koski@vantaa.example", ends_on=None)
        return held.filter(service__status="published").count()

    page = new_page(**DESKTOP)
    sign_in_with_code(page, "paakayttaja@vantaa.example")
    assert ask(duties) > 0
    page.get_by_role("link", name="Ihmiset").click()
    page.get_by_role("link", name="Iida Koski").click()
    no_complaints(page)
    page.get_by_role("link", name="Poista organisaatiosta").click()
    no_complaints(page)
    page.get_by_role("button", name="Siirrä ja poista").click()
    expect(page.get_by_role("alert")).to_contain_text("Mitään ei ole vielä muutettu")
    page.get_by_label("Sama henkilö ottaa vastaan kaiken").select_option(label="Oskari Laine")
    page.get_by_role("button", name="Siirrä ja poista").click()
    expect(page.get_by_role("status")).to_contain_text("Iida Koski on poistettu")
    assert ask(duties) == 0
    assert not ask(lambda: User.objects.get(email="iida.koski@vantaa.example").is_active)


def a_service_with_instructions_of_espoo() -> str:
    version = next(
        version for version in ServiceVersion.objects.all() if "049" in version.internal_document["municipal"]
    )
    return PublishedService.objects.get(service=version.service_id, language="fi").slug


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_expert_reads_the_own_municipalitys_instructions(
    new_page: Callable[..., Page], ask: Ask, theme: str
) -> None:
    slug = ask(a_service_with_instructions_of_espoo)
    page = new_page(**DESKTOP, color_scheme=theme)
    sign_in(page, "asiantuntija@espoo.example")
    page.goto(f"/fi/palvelut/{slug}/")
    page.get_by_role("link", name="Työohje", exact=True).click()
    expect(page.get_by_text("Espoo, oma kuntasi").first).to_be_visible()
    expect(page.get_by_text("Työohje on sisäinen")).to_be_visible()
    no_complaints(page)
    page.get_by_role("link", name="Vaihda asiakasnäkymään").click()
    expect(page).to_have_url(re.compile(rf"/fi/palvelut/{slug}/$"))


PAGES = (
    "/fi/oma/", "/fi/oma/viestit/", "/fi/hallinta/organisaatiot/", "/fi/hallinta/organisaatiot/uusi/",
    "/fi/hallinta/espoo/", "/fi/hallinta/espoo/ihmiset/", "/fi/hallinta/espoo/kutsut/",
    "/fi/hallinta/espoo/sulje/", "/fi/hallinta/sopimukset/", "/fi/hallinta/loki/", "/fi/hallinta/lahtevat/",
)  # fmt: skip


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_of_management_is_accessible_and_fits(new_page: Callable[..., Page], width: int) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    sign_in_with_code(page, "ict@projekti.example")
    for path in PAGES:
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        no_complaints(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} scrolls sideways by {wide} px"
