"""Rich text: the HTML that content may hold, and the plain text in it."""

import html
import re

import nh3

# A quotation holds a model text, which experts copy into another system as it stands.
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "br", "blockquote"}
ATTRIBUTES = {"a": {"href"}}
URL_SCHEMES = {"https", "http", "mailto", "tel"}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_EMPTY_TAGS = {"br"}
_BLOCK_END = re.compile(r"</(?:p|li|h3|h4)>|<br>")


def sanitise(text: str) -> str:
    """Return `text` with everything taken out that is not plain, safe rich text."""
    return nh3.clean(
        text, tags=TAGS, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES, link_rel="noopener"
    ).strip()


def depth(text: str) -> int:
    """Return how deep the tags of `text` stand within each other; any text may be asked."""
    deepest = open_now = 0
    for closing, name in _TAG.findall(text):
        if name not in _EMPTY_TAGS:
            open_now = max(0, open_now + (-1 if closing else 1))
            deepest = max(deepest, open_now)
    return deepest


def as_course(text: str) -> str:
    """Return sanitised `text` with its numbered lists drawn as a course of steps."""
    return nh3.clean(
        text,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"class"}},
        url_schemes=URL_SCHEMES,
        link_rel="noopener",
        set_tag_attribute_values={"ol": {"class": "course steps"}},
    )


def plain(text: str) -> str:
    """Return the words of `text` without tags, one block a line."""
    return html.unescape(nh3.clean(_BLOCK_END.sub("\n", text), tags=set())).strip()
