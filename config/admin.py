"""People and their roles. Rights are given by role alone: nobody has to read a list of two hundred."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.foundation.admin import LightAdmin, badge, moment
from config.roles import ROLES

admin.site.unregister(User)
admin.site.unregister(Group)


class RolesField(forms.ModelMultipleChoiceField):
    """The roles as boxes to tick, each with what it may do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(queryset=Group.objects.filter(name__in=ROLES).order_by("name"), required=False)
        self.label, self.help_text = "Roles", "None: they cannot open the admin."

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name.capitalize()}: {ROLES[obj.name]}"


class PersonForm(UserChangeForm):
    """A person with roles."""

    groups = RolesField()


class NewPersonForm(UserCreationForm):
    """A new person; the password is set at once."""

    groups = RolesField()


@admin.register(User)
class PersonAdmin(LightAdmin, UserAdmin):
    """Whoever has a role, or is an administrator, may open the admin."""

    heading, lead = "People", "Whoever has a role may open the admin; administrators may do everything in it."
    form = PersonForm
    add_form = NewPersonForm
    add_form_template = "admin/change_form.html"
    change_user_password_template = "admin/auth/user/change_password.html"  # noqa: S105 - a template
    list_display = ("username", "full_name", "roles", "last_seen", "is_active")
    list_filter = ("groups", "is_superuser", "is_active")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Who they are", {"fields": [("first_name", "last_name"), "email"]}),
        ("What they may do", {"fields": ["groups", "is_superuser", "is_active"]}),
        (None, {"fields": [("last_login", "date_joined")]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        ("What they may do", {"fields": ["groups", "is_superuser"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "is_superuser" in form.base_fields:
            field = form.base_fields["is_superuser"]
            field.label, field.help_text = "Administrator", "May do everything, people and API keys included."
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person = form.instance
        staff = person.is_superuser or person.groups.exists()
        User.objects.filter(pk=person.pk).update(is_staff=staff)

    @admin.display(description="name")
    def full_name(self, row: User) -> str:
        return row.get_full_name() or "–"

    @admin.display(description="roles")
    def roles(self, row: User) -> SafeString | str:
        names = [group.name for group in row.groups.all()]
        shown = [badge("administrator", "info")] if row.is_superuser else []
        shown += [badge(name) for name in names]
        return format_html_join(" ", "{}", ((part,) for part in shown)) or "–"

    @admin.display(description="last seen", ordering="last_login")
    def last_seen(self, row: User) -> SafeString:
        return moment(row.last_login)
