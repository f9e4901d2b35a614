"""Letters: what was decided of a case as the partner was told it, numbered and frozen."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.append_only import append_only
from orgs.models import Organisation
from orgs.models.organisation import LetterLanguage
from sanctions.models.case import Case, Decision
from sanctions.models.ledger import LedgerEntry


class Letter(models.Model):
    """A letter to a partner: its words, its file and its recipients as they were. Append-only.

    `blocks` are headings, paragraphs, lists and tables of facts in order (`sanctions.letters.blocks`);
    `recipients` are {"name": ..., "as": ...} each. Kept as long as the ledger, whatever becomes of the
    people: their names belong to the record (docs/rules.md section 2).
    """

    class Kind(models.TextChoices):
        """What a letter tells."""

        REMARK = "remark", _("Remark")
        SANCTION = "sanction", _("Sanction")
        DISCUSSION = "discussion", _("Discussion")
        EXEMPTION = "exemption", _("Exemption")
        PUT_RIGHT = "put_right", _("Put right")
        VOID = "void", pgettext_lazy("a letter", "Ground fell away")
        CREDIT = "credit", _("Credit")
        CORRECTION = "correction", _("Correction")
        REOPENING = "reopening", _("Opened again")

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letters")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="letter"
    )
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="letter"
    )
    on = models.DateField(_("day"))
    at = models.DateTimeField()
    language = models.CharField(_("language"), max_length=2, choices=LetterLanguage.choices)
    title = models.CharField(_("title"), max_length=300)
    sender = models.CharField(_("sender"), max_length=200)
    recipient = models.CharField(_("partner"), max_length=200)
    signed = models.CharField(_("decided by"), max_length=300)
    blocks = models.JSONField()
    recipients = models.JSONField(_("recipients"))
    pdf = models.BinaryField(editable=False)

    class Meta:
        ordering = ["year", "number"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="letter_number_is_unique"),
            models.CheckConstraint(
                condition=models.Q(decision=None) ^ models.Q(entry=None), name="letter_tells_one_thing"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def name(self) -> str:
        """Return the number as it is written: 12/2026."""
        return f"{self.number}/{self.year}"

    @property
    def file_name(self) -> str:
        """Return the name of its file, in the language of the letter."""
        word = "brev" if self.language == LetterLanguage.SWEDISH else "kirje"
        return f"{word}-{self.year}-{self.number}.pdf"


class LetterCopy(models.Model):
    """A letter that was sent on to someone who holds a seat now and was no recipient. Append-only.

    Names are kept as they were, like those of the letter's own recipients.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="copies")
    name = models.CharField(_("name"), max_length=200)
    held = models.CharField(_("seat"), max_length=200)
    at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("copy of a letter")
        verbose_name_plural = _("copies of letters")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.letter.name}: {self.name}"
