"""The user log: who signed in, was refused, changed rights, read personal data or took data out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.append_only import append_only
from orgs.log_events import label
from orgs.models.organisation import Organisation


class LogEntry(models.Model):
    """One event. Never holds passwords, codes, links or texts; the database refuses to change one."""

    class Event(models.TextChoices):
        """What happened on this floor; the rooms above register theirs (`orgs.log_events`)."""

        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        SIGNED_OUT = "signed_out", _("Signed out")
        REFUSED = "refused", _("Refused")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        FACTOR_ADDED = "factor_added", _("Second factor added")
        FACTOR_REMOVED = "factor_removed", _("Second factor removed")
        FACTOR_RESET_STARTED = "factor_reset_started", _("Lost second factor: link sent")
        FACTOR_RESET = "factor_reset", _("Lost second factor: removed")
        EMPLOYER_CONNECTED = "employer_connected", _("Employer's sign-in connected")
        EMPLOYER_REMOVED = "employer_removed", _("Employer's sign-in removed")
        INVITED = "invited", _("Invited")
        INVITATION_RENEWED = "invitation_renewed", _("Invitation renewed")
        INVITATION_CANCELLED = "invitation_cancelled", _("Invitation cancelled")
        INVITATION_ACCEPTED = "invitation_accepted", _("Invitation accepted")
        ROLE_GIVEN = "role_given", _("Role given")
        ROLE_ENDED = "role_ended", _("Role ended")
        SEAT_GIVEN = "seat_given", _("Seat given")
        SEAT_ENDED = "seat_ended", _("Seat ended")
        REMOVED = "removed", _("Removed from an organisation")
        DUTIES_HANDED_OVER = "duties_handed_over", _("Duties handed over")
        ACCOUNT_BLOCKED = "account_blocked", _("Account blocked")
        ACCOUNT_RETURNED = "account_returned", _("Account in use again")
        ACCOUNT_ANONYMISED = "account_anonymised", _("Account anonymised")
        ORGANISATION_ADDED = "organisation_added", _("Organisation added")
        ORGANISATION_CHANGED = "organisation_changed", _("Organisation changed")
        ORGANISATION_CLOSED = "organisation_closed", _("Organisation closed")
        AGREEMENT_CHANGED = "agreement_changed", _("Agreement changed")
        PEOPLE_READ = "people_read", _("People's data read")
        LOG_READ = "log_read", _("User log read")
        EXPORTED = "exported", _("Exported")
        BRAKE_RELEASED = "brake_released", _("Held work let go on")
        TOKEN_MADE = "token_made", _("Access token made")
        TOKEN_REVOKED = "token_revoked", _("Access token revoked")
        TOKEN_TAKEN_OVER = "token_taken_over", _("Access token taken over")
        NOTICES_SENT_AGAIN = "notices_sent_again", _("Notices sent again")

    at = models.DateTimeField(_("time"), db_index=True)
    event = models.CharField(_("event"), max_length=24)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="log_entries"
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("entry of the user log")
        verbose_name_plural = _("entries of the user log")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event}"

    @property
    def event_label(self) -> str:
        """Return what happened in words."""
        return label(self.event)
