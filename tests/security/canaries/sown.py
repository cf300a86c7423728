"""Flawed files, by the rule that must find them, as somebody in a hurry might write them."""

FLAWS: dict[str, list[dict[str, str]]] = {
    "the_object_is_checked": [
        {
            "api/plans.py": '''
_ACTING = ("student", "registrar")

def declare(routes, planning):
    @routes.get("/plans/<plan_id>", roles=_ACTING, gives=PlanOut)
    def get_plan(plan_id: str):
        """Show a plan."""
        return planning.get(plan_id)
'''
        },
        {
            "api/plans.py": '''
_ACTING, _SEEING = ("student", "registrar"), ("instructor",)

def declare(routes, planning):
    @routes.delete("/plans/<plan_id>", roles=(*_SEEING, *_ACTING))
    def delete_plan(plan_id: str, who: Principal) -> None:
        """Remove a plan."""
        planning.remove(plan_id, who)
''',
            "service/planning.py": """
class Planning:
    def remove(self, plan_id: str, who: Principal) -> None:
        with self._primary.begin() as session:
            plan = self._named(session, plan_id, who)
            session.delete(plan)

    def _named(self, session, plan_id, who):
        audit(session, plan_id, by=who.subject)
        return plans.get(session, plan_id)
""",
        },
    ],
    "the_owner_is_no_word_of_the_body": [
        {"service/planning.py": 'def create(told, who, once):\n    return Plan(student_id=told["student_id"])\n'},
        {"api/plans.py": 'def create_plan(body):\n    return Wish(student_id=body.get("student_id"))\n'},
    ],
    "a_list_is_a_page": [
        {
            "api/plans.py": """
def declare(routes, planning):
    @routes.get("/plans", roles=("registrar",), gives=PlanList)
    def list_plans():
        return {"items": planning.all()}
"""
        },
        {
            "api/plans.py": """
def declare(routes, planning):
    @routes.get("/plans", roles=("registrar",), query=PlanQuery, gives=PlanList)
    def list_plans(query):
        return {"items": planning.all(query)}
"""
        },
    ],
    "what_was_looked_at_is_locked": [
        {
            "service/planning.py": """
def create(self, student, once):
    with once.begin(self._primary) as session:
        if plans.count(session, student) >= MOST:
            raise TooManyPlans
        session.add(Plan(student_id=student))
"""
        },
        {
            "service/planning.py": """
def create(self, student, once):
    with once.begin(self._primary) as session:
        if plans.is_pending(session, student):
            raise AlreadyAsked
        enrollments.lock_student(session, student)
        session.add(Plan(student_id=student))
"""
        },
    ],
    "nothing_is_written_into_sql": [
        {"repository/students.py": "def find(session, q):\n    return session.execute(text(f'SELECT {q}'))\n"},
        {"repository/students.py": "def find(session, q):\n    return session.scalars(text('SELECT ' + q))\n"},
        {"repository/students.py": "def find(session, q):\n    return session.execute(text('SELECT %s' % q))\n"},
        {"repository/students.py": "def find(session, q):\n    return session.execute(text('SELECT {}'.format(q)))\n"},
        {"repository.py": 'def find(connection, q):\n    return connection.exec_driver_sql(f"SELECT {q}")\n'},
    ],
    "a_view_opens_no_session": [
        {"api/plans.py": "def get_plan(plan_id):\n    with primary.begin() as session:\n        return 1\n"},
        {"api.py": "def get_plan(plan_id, session):\n    return session.scalars(select(Plan)).all()\n"},
    ],
    "no_address_names_anybody": [
        {"schemas/students.py": "class StudentQuery(PageQuery):\n    q = Text(100)\n    stage = Whole(1, 20)\n"},
        {"schemas.py": "class AccountQuery(Query):\n    email = fields.String()\n"},
        {"schemas/students.py": "class Named:\n    name = Text(9)\n\nclass OneQuery(Query, Named):\n    id = 1\n"},
        {"schemas/plans.py": "class PlanQuery(PageQuery):\n    student: fields.String = Key()\n"},
        {
            "api/students.py": """
def declare(routes, students):
    @routes.get("/students/by-name/<name>", roles=("registrar",), gives=StudentOut)
    def get_student_by_name(name: str):
        return students.named(name)
"""
        },
    ],
}
