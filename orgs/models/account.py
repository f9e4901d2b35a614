"""The steps of an account's life, each a row with its date (docs/rules.md section 10)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountStep(models.Model):
    """Something that happened to an account because of time or of leaving."""

    class Kind(models.TextChoices):
        """What happened."""

        FIRST_NOTICE = "first_notice", _("First notice of inactivity")
        SECOND_NOTICE = "second_notice", _("Second notice of inactivity")
        BLOCKED = "blocked", _("Blocked")
        RETURNED = "returned", _("In use again")
        ANONYMISED = "anonymised", _("Anonymised")

    class Reason(models.TextChoices):
        """Why an account was blocked."""

        INACTIVE = "inactive", _("Not used")
        LEFT = "left", _("No membership left")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="account_steps")
    kind = models.CharField(_("step"), max_length=16, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    on = models.DateField(_("date"))

    class Meta:
        ordering = ["user", "pk"]
        verbose_name = _("step of an account")
        verbose_name_plural = _("steps of accounts")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()} {self.on}"
