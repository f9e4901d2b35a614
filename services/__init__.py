"""Content: services, their texts, vocabularies, versions and the public pages."""
