from __future__ import annotations

from typing import Any

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

    username = None
    email = models.EmailField(_("e-mail"), unique=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

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
