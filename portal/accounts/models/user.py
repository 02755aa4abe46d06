from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in by e-mail: an official, or a representative of a provider."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    # part of what a session is checked by: a new number ends every session of the person
    session_number = models.PositiveIntegerField(_("number of the present sessions"), default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session is checked by: Django's digest of the password, and the number of the sessions."""
        return f"{super()._get_session_auth_hash(secret)}.{self.session_number}"  # type: ignore[misc]

    @property
    def roles(self) -> frozenset[Role]:
        """The desk roles of this account, read once per instance; an administrator by flag has that role."""
        if not hasattr(self, "_roles"):
            names = set(self.groups.values_list("name", flat=True)) if self.pk else set()
            found = {role for role in Role if role.value in names}
            if self.is_superuser:
                found.add(Role.ADMINISTRATOR)
            self._roles = frozenset(found)
        return self._roles
