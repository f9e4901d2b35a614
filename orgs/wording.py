"""How labels stand inside sentences and lists."""


def lower_first(text: str) -> str:
    """Return a label as it stands inside a sentence; abbreviations stay as they are.

    >>> lower_first("Main user"), lower_first("ICT specialist")
    ('main user', 'ICT specialist')
    """
    return text if text[1:2].isupper() or text[1:2].isdigit() else f"{text[:1].lower()}{text[1:]}"
