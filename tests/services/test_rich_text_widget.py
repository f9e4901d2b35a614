"""The form control for rich text, as it is without a browser."""

import re

from django import forms
from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.translation import gettext

from services.rich_text import TAGS, URL_SCHEMES
from services.rich_text_widget import RichTextWidget


class Texts(forms.Form):
    description = forms.CharField(
        label="Kuvaus", help_text="Mistä on kyse?", widget=RichTextWidget(lang="sv")
    )
    benefits = forms.CharField(label="Hyödyt", required=False, widget=RichTextWidget({"rows": 3}))


def test_the_text_area_holds_the_html_as_text() -> None:
    drawn = RichTextWidget().render("text", "<p>a &amp; b</p></textarea><script>")
    assert "&lt;p&gt;a &amp;amp; b&lt;/p&gt;&lt;/textarea&gt;&lt;script&gt;</textarea></rich-text>" in drawn
    assert "<script>" not in drawn


def test_a_text_area_tells_the_language_of_its_text_where_it_is_known() -> None:
    form = Texts()
    assert 'lang="sv"' in str(form["description"])
    assert "lang=" not in str(form["benefits"])


def test_own_attributes_stand_beside_the_controls_look() -> None:
    drawn = str(Texts()["benefits"])
    assert 'rows="3"' in drawn
    assert 'class="in"' in drawn


def test_help_and_mistakes_are_told_of_the_text_area() -> None:
    drawn = str(Texts({})["description"])
    assert 'aria-describedby="id_description_helptext id_description_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_what_is_posted_comes_back_as_it_was_written() -> None:
    form = Texts({"description": "<p>a</p>\r\n<p>b</p>"})
    assert form.is_valid()
    assert form.cleaned_data["description"] == "<p>a</p>\r\n<p>b</p>"


def test_many_editors_share_one_toolbar_and_one_script() -> None:
    media = str(Texts().media + Texts().media)
    assert media.count('id="rich-text-tools"') == 1
    assert media.count("js/rich-text.js") == 1
    assert media.count("css/rich-text.css") == 1


def test_media_needs_no_inline_script_or_style() -> None:
    media = str(Texts().media)
    assert re.findall(r"<script[^>]*>[^<]", media) == []
    assert "<style" not in media
    assert "style=" not in media


def test_the_toolbar_speaks_the_language_of_the_page() -> None:
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            assert f'title="{gettext("Bulleted list")}"' in str(Texts().media)


def test_a_link_in_the_editor_may_begin_as_one_that_is_kept() -> None:
    found = re.search(r'data-schemes="([^"]*)"', str(Texts().media))
    assert found
    assert set(found[1].split()) == URL_SCHEMES


def test_there_is_a_tool_for_every_kind_of_element_and_no_other() -> None:
    makes = {
        "bold": {"strong"},
        "italic": {"em"},
        "link": {"a"},
        "bulletList": {"ul", "li"},
        "orderedList": {"ol", "li"},
        "heading": {"h3"},
        "subheading": {"h4"},
        "modelText": {"blockquote"},
        "undo": set(),
        "redo": set(),
    }
    found = re.findall(r'data-tool="(\w+)"', str(Texts().media))
    assert sorted(found) == sorted(makes)
    # Paragraphs and line breaks are written with Enter.
    assert set().union(*makes.values()) | {"p", "br"} == TAGS


def test_the_editor_is_where_the_page_says() -> None:
    found = re.search(r'data-editor="/static/([^"]*)"', str(Texts().media))
    assert found
    assert finders.find(found[1])
