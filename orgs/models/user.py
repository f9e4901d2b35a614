"""The project's own user: a person known by an e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs import clock
from orgs.models.municipality import Municipality
from orgs.models.organisation import Organisation
from orgs.names import validate_name


class UserManager(BaseUserManager["User"]):
    """Makes users whose e-mail addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Create a person; without a password the account can't sign in yet."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What the person may do follows from memberships, not from here."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("name"), max_length=150, validators=[validate_name])
    job_title = models.CharField(_("job title"), max_length=150, blank=True, validators=[validate_name])
    language = models.CharField(_("language"), max_length=3, default="fi")
    is_active = models.BooleanField(_("may sign in"), default=True)
    home_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("own municipality"),
    )
    joined_at = models.DateTimeField(_("joined"), default=clock.now, editable=False)
    # The last day of use; written once a day, past the history.
    last_active_on = models.DateField(_("last seen"), default=clock.today, editable=False)
    # Who may change things must have confirmed it with the second factor since then, in each session.
    confirm_since = models.DateTimeField(null=True, blank=True, editable=False)
    anonymised_on = models.DateField(null=True, blank=True, editable=False)
    # Where an anonymised person was: the record goes on saying "former user, Espoo".
    former_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    history = HistoricalRecords(excluded_fields=["password", "last_login", "last_active_on", "confirm_since"])
    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ["email"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_is_unique",
                violation_error_message=_("Someone with this e-mail address exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; signing in is use, not a change of the account, so it leaves no row in the history."""
        self.skip_history_when_saving = set(kwargs.get("update_fields") or ["all"]) <= {"last_login"}
        try:
            super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    def get_full_name(self) -> str:
        """Return the name; of an anonymised person only where the person was."""
        if self.anonymised_on is None:
            return self.full_name or self.email
        if self.former_organisation is None:
            return gettext("former user")
        return gettext("former user, %(organisation)s") % {"organisation": self.former_organisation}
