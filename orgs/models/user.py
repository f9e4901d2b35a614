"""The project's own user: a person known by an e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs import clock


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

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Create a person who may do everything in the admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What the person may do follows from memberships, not from here."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=3, default="fi")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=clock.now, editable=False)

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
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
        return self.full_name or self.email
