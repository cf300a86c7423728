"""Every rule about the source finds what is sown for it, and nothing in the same file without the flaw."""

import ast

import pytest

from tests.security.canaries.sown import FLAWS
from tests.security.rules import RULES
from tests.security.rules.reading import Sources

BY_NAME = {rule.__name__: rule for rule in RULES}
SOWN = [(name, flaw) for name, flaws in FLAWS.items() for flaw in flaws]
WHOLE = {
    "api/plans.py": """
_ACTING = ("student", "registrar")

def declare(routes, planning):
    @routes.get("/plans/<plan_id>", roles=_ACTING, gives=PlanOut)
    def get_plan(plan_id: str, who: Principal):
        return planning.get(plan_id, who)

    @routes.get("/plans", roles=_ACTING, query=PlanQuery, gives=PlanList)
    def list_plans(query, who):
        return planning.page(query, PageRequest(query.pop("limit")), who)
""",
    "service/planning.py": """
class Planning:
    def get(self, plan_id, who):
        with self._primary.read() as session:
            plan = plans.get(session, plan_id)
            access.act_for(who, plan.student_id)
            return plan

    def create(self, told, who, once):
        student = access.standing(self._students, told["student_id"], who).student_id
        with once.begin(self._primary) as session:
            enrollments.lock_student(session, student)
            if plans.count(session, student) >= MOST:
                raise TooManyPlans
            session.add(Plan(student_id=student))
""",
    "schemas.py": """
class PlanQuery(PageQuery):
    student_id = Key(metadata={"description": "The id of a student."})
    status = Choice(PlanStatus)
    term: Key = Key()

class PlanSearchIn(SearchIn):
    q = Text(100)
""",
    "repository.py": "def find(session, q):\n    return session.execute(text(f'SELECT {SEEN} WHERE n = :q'), [q])\n",
}


def parsed(files: dict[str, str]) -> Sources:
    return {path: ast.parse(text) for path, text in files.items()}


@pytest.mark.parametrize(("name", "flaw"), SOWN, ids=[f"{name}-{number}" for number, (name, _) in enumerate(SOWN)])
def test_a_sown_flaw_is_found(name: str, flaw: dict[str, str]) -> None:
    assert len(list(BY_NAME[name](parsed(flaw)))) == 1


@pytest.mark.parametrize("name", BY_NAME)
def test_every_rule_has_a_flaw_sown_for_it_and_spares_what_is_right(name: str) -> None:
    assert FLAWS[name]
    assert list(BY_NAME[name](parsed(WHOLE))) == []
