"""What a case's record keeps of people and mails after they are gone (docs/rules.md section 2)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.append_only import append_only
from sanctions.models.case import Case


class NameOnRecord(models.Model):
    """The name of someone who was anonymised, as it stands in what the person wrote and decided of cases."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="name_on_record"
    )
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("name on record")
        verbose_name_plural = _("names on record")
        triggers = append_only()

    def __str__(self) -> str:
        return self.name


class MailOnRecord(models.Model):
    """A mail of a case as it was sent: notices are forgotten, what the partner was told is not."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mails")
    # The notice that it was, while there is one: a mail is put on record once a case.
    notice = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(_("sent"))
    subject = models.CharField(_("subject"), max_length=200)
    recipient = models.CharField(_("recipient"), max_length=254)

    class Meta:
        ordering = ["case", "at", "pk"]
        verbose_name = _("mail on record")
        verbose_name_plural = _("mails on record")
        constraints = [
            models.UniqueConstraint(fields=["case", "notice"], name="mail_on_record_once_a_case"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.case}: {self.subject}"
