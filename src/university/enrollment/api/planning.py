"""Plans over HTTP."""

from typing import Any

from university.enrollment.api.requesting import REFUSALS
from university.enrollment.clients import StudentNotFound, TermNotFound
from university.enrollment.models import Plan
from university.enrollment.schemas.planning import PlanContentIn, PlanIn, PlanList, PlanOut, PlanQuery
from university.enrollment.schemas.requesting import RegistrationRequestOut
from university.enrollment.service.access import NotYours
from university.enrollment.service.planning import PlanNameTaken, Planning, PlanNotFound, TooManyPlans
from university.enrollment.service.requesting import ToldRequest
from university.platform.conditions import IfMatch
from university.platform.idempotency import Once
from university.platform.neighbors import NeighborUnavailable
from university.platform.paging import Page, PageRequest
from university.platform.security import Principal
from university.platform.web.routes import Routes

_ACTING = ("student", "registrar")
_UNSEEN = (PlanNotFound, NotYours)


def declare(routes: Routes, planning: Planning) -> None:
    """Declare the operations."""
    _all(routes, planning)
    _one(routes, planning)


def _all(routes: Routes, planning: Planning) -> None:
    @routes.get(
        "/plans",
        roles=_ACTING,
        query=PlanQuery,
        gives=PlanList,
        refuses=(NotYours, TermNotFound, NeighborUnavailable),
    )
    def list_plans(query: dict[str, Any], who: Principal) -> Page:
        """List plans, oldest first: one's own, or all."""
        wanted = PageRequest(query.pop("limit"), query.pop("cursor", None), query.pop("total"))
        return planning.page(query, wanted, who)

    @routes.post(
        "/plans",
        roles=_ACTING,
        takes=PlanIn,
        gives=PlanOut,
        status=201,
        location="/plans/{id}",
        refuses=(NotYours, StudentNotFound, TermNotFound, PlanNameTaken, TooManyPlans, NeighborUnavailable),
    )
    def create_plan(body: dict[str, Any], who: Principal, once: Once) -> Plan:
        """Keep a wish list for a term; nothing but its form is judged."""
        return planning.create(body, who, once)


def _one(routes: Routes, planning: Planning) -> None:
    @routes.get("/plans/<plan_id>", roles=_ACTING, gives=PlanOut, refuses=_UNSEEN)
    def get_plan(plan_id: str, who: Principal) -> Plan:
        """Show a plan."""
        return planning.get(plan_id, who)

    @routes.put(
        "/plans/<plan_id>", roles=_ACTING, takes=PlanContentIn, gives=PlanOut, refuses=(*_UNSEEN, PlanNameTaken)
    )
    def replace_plan(plan_id: str, body: dict[str, Any], who: Principal, if_match: IfMatch) -> Plan:
        """Let a plan be called and wish for something else."""
        return planning.replace(plan_id, body, who, if_match)

    @routes.delete("/plans/<plan_id>", roles=_ACTING, refuses=_UNSEEN)
    def delete_plan(plan_id: str, who: Principal) -> None:
        """Remove a plan."""
        planning.remove(plan_id, who)

    @routes.post(
        "/plans/<plan_id>/validation",
        roles=_ACTING,
        scope="read",
        gives=RegistrationRequestOut,
        refuses=(*_UNSEEN, *REFUSALS),
    )
    def validate_plan(plan_id: str, who: Principal, once: Once) -> ToldRequest:
        """Judge all of a plan together, as a registration request that writes nothing."""
        return planning.validate(plan_id, who, once)
