"""What this room writes into the user log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What happened."""

    GRANTED = "granted", _("Exception granted")
    GRANT_ENDED = "grant_ended", _("Exception ended")
    VOCABULARY_CHANGED = "vocabulary_changed", _("Vocabulary changed")
    SYNONYMS_CHANGED = "synonyms_changed", _("Synonyms changed")
    FILE_READ = "file_read", _("Internal file read")
    CONTACTS_READ = "contacts_read", _("Internal contacts read")
