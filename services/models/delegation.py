"""Named exceptions: one person works on one service until a day (docs/rules.md section 11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from services.models.service import Service


class ServiceUserObjectPermission(UserObjectPermissionBase):
    """A permission of one person on one service; guardian finds it as the service's own table.

    Counts up to its last day, included. Without one it counts never: an exception has an end.
    """

    content_object = models.ForeignKey(Service, on_delete=models.CASCADE)
    ends_on = models.DateField(_("until"), null=True)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
