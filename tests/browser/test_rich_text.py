"""The editor of rich text in a real browser, under the pages' own content security policy."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from palvelumanuaali.urls import urlpatterns as manual_urls
from services.rich_text import sanitise
from services.rich_text_widget import RichTextWidget
from tests.browser.accessibility import violations
from tests.browser.test_public_pages import sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGE = """
{% extends "base.html" %}{% block title %}Koe{% endblock %}
{% block scripts %}{{ form.media }}{% endblock %}
{% block content %}<div class="wrap body stack"><h1>Koe</h1><h2>Teksti</h2>
<form method="post">{% csrf_token %}{{ form.as_div }}<button class="btn">Tallenna</button></form></div>
{% endblock %}
"""
STEPS = "<ol><li><h3>Ilmoittaudu</h3><p>Soita meille.</p></li><li><h3>Tule</h3><p>Heti.</p></li></ol>"
EVERYTHING = (
    '<h3>Näin haet</h3><p>Soita <strong>heti</strong> tai <em>pian</em>.<br>Tai <a href="https://suomi.fi/x">'
    "verkossa</a>.</p><ul><li>yksi<ul><li>kaksi</li></ul></li></ul><h4>Lopuksi</h4>" + STEPS
)
posted: dict[str, str] = {}


class Texts(forms.Form):
    description = forms.CharField(
        label="Kuvaus", help_text="Mistä on kyse?", required=False, widget=RichTextWidget(lang="sv")
    )
    benefits = forms.CharField(label="Hyödyt", required=False, widget=RichTextWidget(lang="fi"))

    def clean_description(self) -> str:
        if "kielletty" in (text := self.cleaned_data["description"]):
            raise forms.ValidationError("Tätä ei saa sanoa.")
        return str(text)


def page_of_texts(request: HttpRequest) -> HttpResponse:
    """A page with the `text` it is asked for and as many editors `more`; it remembers what is posted."""
    form = Texts(request.POST or None, initial={"benefits": request.GET.get("text", "")})
    form.fields["benefits"].disabled = "disabled" in request.GET
    for number in range(int(request.GET.get("more", 0))):
        form.fields[f"more{number}"] = forms.CharField(
            label=f"Teksti {number}", required=False, widget=RichTextWidget(), initial=EVERYTHING * 3
        )
    if request.method == "POST":
        posted.update({name: request.POST[name] for name in Texts.base_fields})
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"form": form}, request))


urlpatterns = [path("koe/", page_of_texts), path("fi/koe/", page_of_texts), *manual_urls]


@pytest.fixture(autouse=True)
def _page_of_texts(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    posted.clear()


Opened = Callable[..., Locator]


@pytest.fixture
def opened(page: Page) -> Opened:
    """Open the page with a text in the second editor and return that editor, the cursor at its end."""

    def opened(text: str = "") -> Locator:
        page.goto(f"/fi/koe/?text={quote(text)}")
        editor = page.locator("#id_benefits-editor")
        # By the editor's own command: a key right after the browser's Ctrl+End would come too early for it.
        editor.evaluate("(editor) => editor.editor.commands.focus('end')")
        expect(editor).to_be_focused()
        return editor

    return opened


def keeps(page: Page, text: str) -> None:
    """Expect that the form would send `text` of the second editor."""
    expect(page.locator("#id_benefits")).to_have_value(text)


def press(page: Page, tool: str) -> None:
    page.locator(f"#id_benefits-tools [data-tool={tool}]").click()


def into_the_text(editor: Locator) -> None:
    """Put the cursor after the text's third letter; by a command, as an arrow key may come too early."""
    editor.evaluate("(editor) => editor.editor.commands.setTextSelection(4)")


def paste(editor: Locator, **data: str) -> None:
    """Paste as another program would have put it on the clipboard, under its kinds: html, plain."""
    editor.evaluate(
        """(editor, data) => {
            const clipboardData = new DataTransfer();
            for (const [kind, text] of Object.entries(data)) clipboardData.setData(`text/${kind}`, text);
            const options = { clipboardData, bubbles: true, cancelable: true };
            editor.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        data,
    )


def test_bold_text_is_posted_as_html_that_the_server_keeps(page: Page) -> None:
    page.goto("/fi/koe/")
    page.locator("#id_description-editor").click()
    page.keyboard.press("Control+b")
    page.keyboard.type("Lihava")
    page.get_by_role("button", name="Tallenna").click()
    assert posted == {"description": "<p><strong>Lihava</strong></p>", "benefits": ""}


def test_the_policy_of_the_page_allows_no_inline_styles_or_scripts(page: Page) -> None:
    answer = page.goto("/fi/koe/")
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "style-src 'self';" in f"{policy};"
    assert "unsafe" not in policy


def test_each_change_is_told_to_the_form_once_with_the_text_in_place(page: Page, opened: Opened) -> None:
    opened("<p>a</p>")
    page.evaluate(
        """() => {
            window.told = [];
            document.querySelector("main form").addEventListener(
                "input", ({ target }) => window.told.push([target.name, target.value]));
        }"""
    )
    page.keyboard.type("bc")
    press(page, "undo")
    assert page.evaluate("told") == [
        ["benefits", "<p>ab</p>"],
        ["benefits", "<p>abc</p>"],
        ["benefits", "<p>a</p>"],
    ]


def test_an_untouched_text_is_sent_as_it_came(page: Page, opened: Opened) -> None:
    opened(sanitise(EVERYTHING))
    page.keyboard.press("ArrowUp")
    keeps(page, sanitise(EVERYTHING))


def test_everything_that_is_allowed_survives_editing(page: Page, opened: Opened) -> None:
    opened(sanitise(EVERYTHING))
    page.keyboard.type("!")
    keeps(page, EVERYTHING.removesuffix("</p></li></ol>") + "!</p></li></ol>")


def test_what_is_pasted_keeps_only_what_is_allowed(page: Page, opened: Opened) -> None:
    paste(
        opened(),
        html='<h1 style="color: red">Otsikko</h1><p class="x" style="margin: 0">Teksti <b>tärkeä</b> '
        '<u>alle</u> <a href="https://suomi.fi" target="_blank" title="t">linkki</a> '
        '<a href="javascript:alert(1)">paha</a></p><img src="/x.png"><table><tr><td>solu</td></tr></table>'
        '<ol start="4" type="a"><li>neljä</li></ol>'
        "<style>p { color: red }</style><script>window.hurt = 1</script>",
    )
    keeps(
        page,
        "<h3>Otsikko</h3><p>Teksti <strong>tärkeä</strong> alle "
        '<a href="https://suomi.fi">linkki</a> paha</p><p>solu</p><ol><li>neljä</li></ol>',
    )
    assert page.evaluate("window.hurt") is None


def test_pasted_styles_of_bold_and_italic_become_elements(page: Page, opened: Opened) -> None:
    paste(
        opened(),
        html='<b style="font-weight: normal"><p>Tavallinen <span style="font-weight: 700">lihava</span> ja '
        '<span style="font-style: italic">kalteva</span> style= sana.</p></b>',
    )
    keeps(page, "<p>Tavallinen <strong>lihava</strong> ja <em>kalteva</em> style= sana.</p>")


def test_what_is_copied_inside_the_editor_can_be_pasted_back(page: Page, opened: Opened) -> None:
    opened("<h3>Otsikko</h3><ul><li>yksi <strong>lihava</strong></li></ul>")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    keeps(page, "")
    page.keyboard.press("Control+v")
    keeps(page, "<h3>Otsikko</h3><ul><li>yksi <strong>lihava</strong></li></ul>")


def test_addresses_in_pasted_text_become_links(page: Page, opened: Opened) -> None:
    paste(opened(), plain="Katso https://suomi.fi/apua")
    keeps(page, '<p>Katso <a href="https://suomi.fi/apua">https://suomi.fi/apua</a></p>')


@pytest.mark.parametrize(
    ("tool", "result"),
    [
        ("bold", "<p><strong>sana</strong></p>"),
        ("italic", "<p><em>sana</em></p>"),
        ("bulletList", "<ul><li>sana</li></ul>"),
        ("orderedList", "<ol><li>sana</li></ol>"),
        ("heading", "<h3>sana</h3>"),
        ("subheading", "<h4>sana</h4>"),
        ("modelText", "<blockquote><p>sana</p></blockquote>"),
    ],
)
def test_a_tool_turns_its_kind_on_and_off(page: Page, opened: Opened, tool: str, result: str) -> None:
    opened("<p>sana</p>")
    page.keyboard.press("Control+a")
    button = page.locator(f"#id_benefits-tools [data-tool={tool}]")
    press(page, tool)
    keeps(page, result)
    expect(button).to_have_attribute("aria-pressed", "true")
    press(page, tool)
    keeps(page, "<p>sana</p>")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_undo_and_redo_can_be_pressed_only_when_there_is_something_to_do(page: Page, opened: Opened) -> None:
    opened("<p>a</p>")
    undo, redo = (page.locator(f"#id_benefits-tools [data-tool={name}]") for name in ("undo", "redo"))
    expect(undo).to_have_attribute("aria-disabled", "true")
    page.keyboard.type("b")
    expect(undo).to_have_attribute("aria-disabled", "false")
    undo.click()
    keeps(page, "<p>a</p>")
    redo.click()
    keeps(page, "<p>ab</p>")


@pytest.mark.parametrize("text", ["<p>a</p>", "<ul><li>a</li><li>b</li></ul>"])
def test_tab_leaves_the_editor_and_its_toolbar_is_one_stop(page: Page, opened: Opened, text: str) -> None:
    editor = opened(text)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tallenna")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#id_benefits-tools [data-tool=bold]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("textbox", name="Kuvaus")).to_be_focused()
    keeps(page, text)


def test_arrows_walk_through_the_toolbar_and_a_tool_gives_the_focus_back(page: Page, opened: Opened) -> None:
    editor = opened("<p>sana</p>")
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+Tab")
    for key, tool in (
        ("ArrowRight", "italic"),
        ("End", "redo"),
        ("ArrowRight", "bold"),
        ("ArrowLeft", "redo"),
    ):
        page.keyboard.press(key)
        expect(page.locator(f"#id_benefits-tools [data-tool={tool}]")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(editor).to_be_focused()
    keeps(page, "<p><strong>sana</strong></p>")


def test_enter_after_a_steps_heading_gives_its_text_and_then_the_next_step(
    page: Page, opened: Opened
) -> None:
    opened("<ol><li><h3>Ilmoittaudu</h3></li></ol>")
    page.keyboard.press("Enter")
    page.keyboard.type("Soita.")
    page.keyboard.press("Enter")
    page.keyboard.type("Tule.")
    keeps(page, "<ol><li><h3>Ilmoittaudu</h3><p>Soita.</p></li><li>Tule.</li></ol>")


def test_a_hyphen_begins_a_list_but_the_number_of_a_date_does_not(page: Page, opened: Opened) -> None:
    opened()
    page.keyboard.type("1. päivä on 2 * 3 * 4")
    page.keyboard.press("Enter")
    page.keyboard.type("- asia")
    keeps(page, "<p>1. päivä on 2 * 3 * 4</p><ul><li>asia</li></ul>")


def test_what_is_left_empty_is_not_kept(page: Page, opened: Opened) -> None:
    opened("<p>a</p>")
    page.keyboard.press("Enter")
    press(page, "heading")
    page.keyboard.press("Enter")
    press(page, "bulletList")
    keeps(page, "<p>a</p>")


@pytest.mark.parametrize(
    ("words", "href"),
    [
        ("suomi.fi/apua", "https://suomi.fi/apua"),
        ("http://suomi.fi", "http://suomi.fi"),
        ("neuvonta@espoo.fi", "mailto:neuvonta@espoo.fi"),
        ("029 123 4567", "tel:0291234567"),
        ("tel:+358291234567", "tel:+358291234567"),
        ("/fi/palvelut/", "/fi/palvelut/"),
    ],
)
def test_a_link_gets_the_beginning_that_its_address_lacks(
    page: Page, opened: Opened, words: str, href: str
) -> None:
    editor = opened("<p>täällä</p>")
    page.keyboard.press("Control+a")
    press(page, "link")
    page.locator("#rich-text-address").fill(words)
    page.keyboard.press("Enter")
    keeps(page, f'<p><a href="{href}">täällä</a></p>')
    expect(editor).to_be_focused()
    page.keyboard.type("!")
    keeps(page, f'<p><a href="{href}">täällä</a>!</p>')


@pytest.mark.parametrize("words", ["javascript:alert(1)", "data:text/html,x", "kaksi sanaa", " "])
def test_an_address_that_would_not_work_is_refused(page: Page, opened: Opened, words: str) -> None:
    opened("<p>täällä</p>")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.locator("#rich-text-address").fill(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator("#rich-text-address").fill("suomi.fi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    keeps(page, '<p><a href="https://suomi.fi">täällä</a></p>')


def test_a_link_with_nothing_chosen_shows_its_address(page: Page, opened: Opened) -> None:
    opened("<p>Katso </p>")
    page.keyboard.type(" ")
    page.keyboard.press("Control+k")
    page.locator("#rich-text-address").fill("suomi.fi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    keeps(page, '<p>Katso <a href="https://suomi.fi">suomi.fi</a></p>')


def test_a_link_is_changed_and_taken_away_from_anywhere_in_it(page: Page, opened: Opened) -> None:
    editor = opened('<p><a href="https://vanha.fi">täällä</a></p>')
    into_the_text(editor)
    press(page, "link")
    address = page.locator("#rich-text-address")
    expect(address).to_have_value("https://vanha.fi")
    address.fill("uusi.fi")
    page.keyboard.press("Enter")
    expect(editor).to_be_focused()
    keeps(page, '<p><a href="https://uusi.fi">täällä</a></p>')
    into_the_text(editor)
    press(page, "link")
    page.locator("dialog [value=unset]").click()
    expect(editor).to_be_focused()
    keeps(page, "<p>täällä</p>")


def test_escape_closes_the_link_dialog_and_changes_nothing(page: Page, opened: Opened) -> None:
    editor = opened("<p>täällä</p>")
    page.keyboard.press("Control+a")
    press(page, "link")
    page.locator("#rich-text-address").fill("suomi.fi")
    page.keyboard.press("Escape")
    expect(editor).to_be_focused()
    keeps(page, "<p>täällä</p>")


def test_label_and_links_to_the_field_lead_into_the_editor(page: Page) -> None:
    page.goto("/fi/koe/#id_benefits")
    editor = page.locator("#id_benefits-editor")
    expect(editor).to_be_focused()
    page.get_by_text("Kuvaus").click()
    expect(page.locator("#id_description-editor")).to_be_focused()
    page.evaluate("location.hash = '#sisalto'")
    page.evaluate("location.hash = '#id_benefits'")
    expect(editor).to_be_focused()


def test_editor_and_toolbar_bear_the_name_of_the_field(page: Page, opened: Opened) -> None:
    expect(opened()).to_have_accessible_name("Hyödyt:")
    expect(page.locator("#id_benefits-tools")).to_have_accessible_name(f"{gettext('Formatting')} Hyödyt:")
    expect(page.locator("#id_benefits-tools [data-tool=bold]")).to_have_accessible_name(gettext("Bold"))


def test_help_language_and_mistakes_are_told_of_the_editor(page: Page) -> None:
    page.goto("/fi/koe/")
    editor = page.get_by_role("textbox", name="Kuvaus")
    expect(editor).to_have_accessible_description("Mistä on kyse?")
    expect(editor).to_have_attribute("lang", "sv")
    editor.click()
    page.keyboard.type("kielletty")
    page.get_by_role("button", name="Tallenna").click()
    expect(editor).to_have_attribute("aria-invalid", "true")
    expect(editor).to_have_accessible_description("Mistä on kyse? Tätä ei saa sanoa.")


def test_a_disabled_text_can_be_read_but_not_changed(page: Page) -> None:
    page.goto("/fi/koe/?disabled=1&text=<p>pysyy</p>")
    editor = page.get_by_role("textbox", name="Hyödyt")
    expect(editor).to_have_text("pysyy")
    expect(editor).to_have_attribute("contenteditable", "false")
    expect(page.locator("#id_benefits-tools")).to_have_count(0)


def test_an_editor_that_is_moved_starts_again_with_its_text(page: Page, opened: Opened) -> None:
    editor = opened("<p>a</p>")
    page.keyboard.type("b")
    page.locator("rich-text:has(#id_benefits)").evaluate("(moved) => moved.closest('form').append(moved)")
    expect(page.locator("#id_benefits-tools")).to_have_count(1)
    page.get_by_text("Hyödyt").click()
    expect(editor).to_be_focused()
    page.keyboard.type("c")
    keeps(page, "<p>cab</p>")


def test_of_many_editors_only_those_near_the_screen_are_started(page: Page) -> None:
    page.goto("/fi/koe/?more=30")
    last = page.get_by_role("textbox", name="Teksti 29")
    expect(page.get_by_role("textbox", name="Kuvaus")).to_have_attribute("contenteditable", "true")
    assert page.locator("[contenteditable]").count() < 15
    expect(last).to_have_js_property("tagName", "TEXTAREA")
    last.scroll_into_view_if_needed()
    expect(last).to_have_attribute("contenteditable", "true")
    expect(last).to_contain_text("Ilmoittaudu")


def test_without_scripts_the_html_stands_in_a_text_area(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/fi/koe/?text=<p>vanha</p>")
    box = page.get_by_label("Hyödyt")
    expect(box).to_have_value("<p>vanha</p>")
    box.fill("<p>uusi</p>")
    page.get_by_role("button", name="Tallenna").click()
    assert posted["benefits"] == "<p>uusi</p>"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_editors_and_their_dialog_are_accessible(page: Page, opened: Opened, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    opened(EVERYTHING)
    assert violations(page) == []
    assert sideways(page) == 0
    press(page, "link")
    assert violations(page) == []
