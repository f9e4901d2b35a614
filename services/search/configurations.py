"""How PostgreSQL reads a text of each language."""

SEARCH_CONFIGURATIONS = {"fi": "finnish", "sv": "swedish", "en": "english"}
