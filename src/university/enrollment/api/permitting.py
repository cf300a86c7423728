"""Permissions and a term's policy over HTTP."""

from typing import Any

from university.enrollment.clients import OfferingNotFound, StudentNotFound, TermNotFound
from university.enrollment.models import RegistrationPolicy
from university.enrollment.schemas.permitting import (
    PermissionIn,
    PermissionList,
    PermissionOut,
    PermissionQuery,
    PolicyIn,
    PolicyOut,
)
from university.enrollment.service.access import NotYours
from university.enrollment.service.permitting import PermissionNotFound, PermissionRevoked, Permitting, ToldPermission
from university.enrollment.service.policies import Policies
from university.enrollment.service.refusing import SectionNotFound
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.routes import SIGNED_IN, Routes

_SEEING = ("student", "registrar")


def declare(routes: Routes, permitting: Permitting, policies: Policies) -> None:
    """Declare the operations."""
    _all(routes, permitting)
    _one(routes, permitting)
    _policies(routes, policies)


def _all(routes: Routes, permitting: Permitting) -> None:
    @routes.get(
        "/permissions",
        roles=_SEEING,
        query=PermissionQuery,
        gives=PermissionList,
        refuses=(NotYours, TermNotFound, NeighborUnavailable),
    )
    def list_permissions(query: dict[str, Any], who: Principal) -> Page:
        """List permissions, oldest first: one's own, or all."""
        wanted = PageRequest(query.pop("limit"), query.pop("cursor", None), query.pop("total"))
        return permitting.page(query, wanted, who)

    @routes.post(
        "/permissions",
        roles=("registrar",),
        takes=PermissionIn,
        gives=PermissionOut,
        status=201,
        location="/permissions/{id}",
        refuses=(StudentNotFound, SectionNotFound, OfferingNotFound, TermNotFound, NeighborUnavailable),
    )
    def create_permission(body: dict[str, Any], who: Principal, once: Once) -> ToldPermission:
        """Let a student pass named rules in a section, an offering or a term.

        It is used once an enrollment, when that gets its seat, whichever of the rules it overrides there. A permission
        that names `section-full` gives a seat beyond the capacity, past whoever waits.
        """
        return permitting.issue(body, who, once)


def _one(routes: Routes, permitting: Permitting) -> None:
    @routes.get(
        "/permissions/<permission_id>",
        roles=_SEEING,
        gives=PermissionOut,
        refuses=(PermissionNotFound, NotYours, NeighborUnavailable),
    )
    def get_permission(permission_id: str, who: Principal) -> ToldPermission:
        """Show a permission, and what it was used for."""
        return permitting.get(permission_id, who)

    @routes.delete(
        "/permissions/<permission_id>", roles=("registrar",), refuses=(PermissionNotFound, PermissionRevoked)
    )
    def revoke_permission(permission_id: str, who: Principal) -> None:
        """Take a permission back; it stays on record, and what it was used for stands."""
        permitting.revoke(permission_id, who)


def _policies(routes: Routes, policies: Policies) -> None:
    @routes.get(
        "/registration-policies/<term>",
        roles=(SIGNED_IN,),
        gives=PolicyOut,
        refuses=(TermNotFound, NeighborUnavailable),
    )
    def get_registration_policy(term: str) -> RegistrationPolicy:
        """Show how a term (an id or a code) takes the rules."""
        return policies.get(term)

    @routes.put(
        "/registration-policies/<term>",
        roles=("registrar",),
        takes=PolicyIn,
        gives=PolicyOut,
        refuses=(TermNotFound, NeighborUnavailable),
    )
    def replace_registration_policy(term: str, body: dict[str, Any], if_match: IfMatch) -> RegistrationPolicy:
        """Decide how a term takes the rules: what is only warned of, what is passed over."""
        return policies.replace(term, body, if_match)
