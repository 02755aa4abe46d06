"""An official's account: e-mail, name, roles in words, and the territories the person answers for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.users.forms import UserCreationForm, UserEditForm

from portal.accounts.addresses import forget_other_addresses
from portal.accounts.enums import Role
from registry.interfaces.desk_fields import PlacesField
from registry.models import TerritoryScope

SCOPED = {Role.REGISTRAR.value, Role.APPROVER.value, Role.COMMISSIONER.value}


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Group) -> str:
        return str(Role(obj.name).label).capitalize()


class OfficialMixin(forms.ModelForm):
    """What an account of the desk has beyond Wagtail's; nobody becomes a superuser through a form."""

    groups = RolesField(
        Group.objects.filter(name__in=Role.values).order_by("pk"),
        label=gettext_lazy("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    territories = PlacesField(
        label=gettext_lazy("Territories"),
        help_text=gettext_lazy(
            "For a registrar and an approver, one a line: an oblast, a raion or a hromada, with everything in it."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("is_superuser", None)
        if self.instance.pk:
            scopes = TerritoryScope.objects.filter(user=self.instance)
            self.initial["territories"] = list(scopes.values_list("territory", flat=True))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip().lower()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        roles = {group.name for group in values.get("groups") or ()}
        if roles & SCOPED and not values.get("territories") and "territories" not in self.errors:
            self.add_error("territories", _("A registrar and an approver answer for a territory. Name it."))
        return values

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit=commit)
        if commit:
            self._save_territories(user)
            if "email" in self.changed_data:
                forget_other_addresses(user)
        return user

    def _save_territories(self, user: Any) -> None:
        wanted = self.cleaned_data["territories"]
        TerritoryScope.objects.filter(user=user).exclude(territory__in=wanted).delete()
        for unit in wanted:
            TerritoryScope.objects.get_or_create(user=user, territory=unit)


class OfficialCreationForm(OfficialMixin, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        pass


class OfficialEditForm(OfficialMixin, UserEditForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # a person does not take the administrator's role from oneself by accident, nor give oneself another
        self.editing_self = "is_active" not in self.fields
        if self.editing_self:
            del self.fields["groups"], self.fields["territories"]

    def clean(self) -> dict[str, Any]:
        return forms.ModelForm.clean(self) or {} if self.editing_self else super().clean()

    def _save_territories(self, user: Any) -> None:
        if not self.editing_self:
            super()._save_territories(user)

    class Meta(UserEditForm.Meta):
        pass
