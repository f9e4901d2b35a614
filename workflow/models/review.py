"""What reviewers say of a run: confirmed internal sections, and comments in threads."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.fields import Audience, Group
from services.models import Service
from workflow.models.run import Run


class SectionConfirmation(models.Model):
    """A reviewer holds an internal section true for the public content of that moment.

    It counts while `content_hash` is the hash of the public section and of this internal one: a
    later change of either asks for a new confirmation.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="confirmations")
    group = models.CharField(max_length=20, choices=[(group.value, group.value) for group in Group])
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["run", "group"]
        constraints = [models.UniqueConstraint(fields=["run", "group"], name="section_confirmed_once_a_run")]

    def __str__(self) -> str:
        return f"{self.run}: {self.group}"


class Look(models.Model):
    """The public text that a reviewer had read when last confirming or returning a run's content.

    What has changed since is shown first at the next look. `revision` is the working copy's of then.
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="look")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revision = models.PositiveIntegerField()
    # The number of the shape in which the public section is kept (`services.lifting`).
    shape = models.PositiveSmallIntegerField()
    public = models.JSONField()

    class Meta:
        ordering = ["run"]

    def __str__(self) -> str:
        return f"{self.run}: {self.by}"


class Comment(models.Model):
    """A comment on a field of a working copy; answers stand under the first of their thread.

    The audience is the field's: comments on internal fields are internal.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="comments")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="comments")
    audience = models.CharField(max_length=8, choices=[(a.value, a.value) for a in Audience])
    field = models.CharField(max_length=40)
    first = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answers")
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["service", "at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return f"{self.service}, {self.field}: {self.by}"
