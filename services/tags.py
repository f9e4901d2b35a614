"""What a public answer can show, by name: whoever keeps answers drops those that a change touches."""

# Any of the published services, words of the vocabularies, organisations.
LIST, VOCABULARY, ORGANISATION = "list", "vocabulary", "organisation"
SERVICE = "service-"  # followed by the number of one service


def service_tag(service: int) -> str:
    """Return the tag of a service, by its number."""
    return f"{SERVICE}{service}"
