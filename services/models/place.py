"""Places: shared between services, which name them by their id."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.localised import LabelField, TextsField, here
from orgs.models import Municipality, Organisation
from services.models.vocabulary import Term, Vocabulary


class Place(models.Model):
    """A place where services are given. Pages show it as it is now, not as it was once."""

    external_id = models.SlugField(_("identifier"), max_length=100, unique=True)
    name = LabelField(_("name"))
    street = TextsField(_("street address"))
    postal_code = models.CharField(_("postal code"), max_length=5)
    city = LabelField(_("city"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="places"
    )
    accessibility = models.ManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": Vocabulary.PREMISES_ACCESSIBILITY},
    )
    info = TextsField(_("how to get there"))
    owner = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="places"
    )

    class Meta:
        ordering = ["external_id"]
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return here(self.name)

    @property
    def address(self) -> str:
        """Return the address in the language of the page now being made: Oppikuja 5, 02600 Espoo."""
        return ", ".join(filter(None, (here(self.street), f"{self.postal_code} {here(self.city)}")))
