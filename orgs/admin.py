"""People and organisations, for ICT."""

from django.contrib import admin

from orgs.models import Membership, Organisation, User


class MembershipInline(admin.TabularInline[Membership, User]):
    """A person's roles."""

    model = Membership
    extra = 0


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """People. Passwords are set by the persons themselves."""

    list_display = ("email", "full_name", "is_active", "is_staff", "last_login")
    search_fields = ("email", "full_name")
    fields = ("email", "full_name", "job_title", "language", "is_active", "is_staff")
    inlines = (MembershipInline,)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    """Partners with their areas, and providers."""

    list_display = ("external_id", "kind", "__str__")
    list_filter = ("kind",)
    search_fields = ("external_id", "name")
    filter_horizontal = ("municipalities", "partners")
