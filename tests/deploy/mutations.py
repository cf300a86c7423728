"""Manifests with one thing wrong, and the one rule that must see it."""

import base64
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.deploy.manifests import Document, Manifests

GONE = object()
"""The value of what is taken away."""
Step = str | int
POD: tuple[Step, ...] = ("spec", "template", "spec")
APP: tuple[Step, ...] = (*POD, "containers", 0)
LABELS: tuple[Step, ...] = ("spec", "template", "metadata", "labels")
CONTEXT: tuple[Step, ...] = (*APP, "securityContext")
ROLE = "app.kubernetes.io/component"


@dataclass(frozen=True)
class Mutation:
    """One change to one object, which one rule refuses; a path that ends with `+` adds to a list."""

    rule: str
    what: str
    path: tuple[Step, ...]
    value: Any
    overlay: str = "dev"

    def __str__(self) -> str:
        told = "gone" if self.value is GONE else str(self.value)[:30]
        return f"{self.what} {'.'.join(str(step) for step in self.path[-3:])} {told}"

    def of(self, manifests: Manifests) -> Manifests:
        """Return these manifests changed; raises `KeyError` or `IndexError` when there is nothing to change."""
        kind, _, name = self.what.partition("/")
        documents = copy.deepcopy(manifests.documents)
        changed = Manifests(documents)
        _set(changed.named(kind, name), self.path, self.value)
        return changed


def _set(document: Document, path: tuple[Step, ...], value: Any) -> None:
    place: Any = document
    for step in path[:-1]:
        place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
    if value is GONE:
        del place[path[-1]]
    elif path[-1] == "+":
        place.append(value)
    else:
        place[path[-1]] = value


def pods() -> Iterator[Mutation]:
    """Yield pods that are not as they must be."""
    yield Mutation("memory_is_bounded", "Deployment/course", (*APP, "resources", "limits", "memory"), GONE)
    yield Mutation("memory_is_bounded", "Job/demo", (*APP, "resources", "requests"), {"cpu": "1"})
    yield Mutation("memory_is_bounded", "Deployment/course", (*APP, "resources", "limits", "memory"), "1Mi")
    yield Mutation("processors_are_not_capped", "Deployment/student", (*APP, "resources", "limits", "cpu"), "1")
    for probe in ("readinessProbe", "livenessProbe"):
        yield Mutation("probes_ask_the_right_port", "Deployment/gateway", (*APP, probe), GONE)
        yield Mutation("probes_ask_the_right_port", "Deployment/gateway", (*APP, probe, "httpGet", "port"), "http")
    liveness = (*APP, "livenessProbe", "httpGet", "path")
    yield Mutation("probes_ask_the_right_port", "Deployment/course-worker", liveness, "/health/ready")
    yield Mutation("probes_ask_the_right_port", "StatefulSet/postgresql", (*APP, "readinessProbe"), GONE)
    yield Mutation("probes_ask_the_right_port", "Job/demo", (*APP, "livenessProbe"), {"exec": {"command": ["true"]}})
    yield Mutation("no_token_is_mounted", "Deployment/course", (*POD, "automountServiceAccountToken"), GONE)
    yield Mutation("no_token_is_mounted", "Job/demo", (*POD, "enableServiceLinks"), True)
    yield Mutation("no_token_is_mounted", "ServiceAccount/course", ("automountServiceAccountToken",), GONE)
    yield Mutation("only_tmp_is_written", "Deployment/frontend", (*CONTEXT, "readOnlyRootFilesystem"), False)
    written = {"name": "tmp", "mountPath": "/srv"}
    yield Mutation("only_tmp_is_written", "Deployment/course", (*APP, "volumeMounts", "+"), written)
    readable = {"name": "keys", "mountPath": "/etc/more"}
    yield Mutation("only_tmp_is_written", "Deployment/course", (*APP, "volumeMounts", "+"), readable)
    yield Mutation("only_tmp_is_written", "Deployment/course", (*POD, "volumes", 0), {"name": "tmp", "emptyDir": {}})
    yield Mutation("images_are_of_one_release", "Deployment/course", (*APP, "image"), "localhost/university-course:new")
    yield Mutation("images_are_of_one_release", "Deployment/course", (*APP, "image"), "localhost/university-course")
    yield Mutation("images_are_of_one_release", "Job/demo", (*APP, "imagePullPolicy"), "Always")
    other = "localhost/university-student:dev"
    yield Mutation("modules_run_their_own_image", "Deployment/course-worker", (*APP, "image"), other)
    yield Mutation("pods_have_time_to_end", "Deployment/course", (*POD, "terminationGracePeriodSeconds"), 30)
    yield Mutation("pods_have_time_to_end", "Deployment/course-worker", (*POD, "terminationGracePeriodSeconds"), GONE)
    yield Mutation("pods_have_time_to_end", "Deployment/frontend", (*APP, "lifecycle"), GONE)

    rolling = ("spec", "strategy", "rollingUpdate")
    yield Mutation("updates_take_nobody_away", "Deployment/course", (*rolling, "maxUnavailable"), 1)
    yield Mutation("jobs_try_again_and_end", "Job/course-migrate", ("spec", "activeDeadlineSeconds"), GONE)
    yield Mutation("jobs_try_again_and_end", "Job/course-migrate", ("spec", "backoffLimit"), 0)


def restricted() -> Iterator[Mutation]:
    """Yield pods that the standard refuses."""
    rule, course = "pods_are_restricted", "Deployment/course"
    yield Mutation(rule, course, (*CONTEXT, "allowPrivilegeEscalation"), GONE)
    yield Mutation(rule, course, (*CONTEXT, "capabilities", "drop"), ["NET_RAW"])
    yield Mutation(rule, course, (*CONTEXT, "capabilities", "add"), ["SYS_TIME"])
    yield Mutation(rule, course, (*CONTEXT, "privileged"), True)
    yield Mutation(rule, course, (*CONTEXT, "procMount"), "Unmasked")
    yield Mutation(rule, course, (*CONTEXT, "runAsUser"), 0)
    yield Mutation(rule, course, (*CONTEXT, "runAsNonRoot"), False)
    yield Mutation(rule, course, (*CONTEXT, "seccompProfile"), {"type": "Unconfined"})
    yield Mutation(rule, course, (*CONTEXT, "appArmorProfile"), {"type": "Unconfined"})
    yield Mutation(rule, course, (*CONTEXT, "seLinuxOptions"), {"type": "spc_t"})
    yield Mutation(rule, course, (*POD, "securityContext", "seccompProfile"), GONE)
    yield Mutation(rule, course, (*POD, "securityContext", "runAsNonRoot"), GONE)
    yield Mutation(rule, course, (*POD, "securityContext", "sysctls"), [{"name": "kernel.msgmax", "value": "1"}])
    yield Mutation(rule, course, (*POD, "hostNetwork"), True)
    yield Mutation(rule, course, (*POD, "volumes", "+"), {"name": "host", "hostPath": {"path": "/"}})
    yield Mutation(rule, course, (*APP, "ports", 0, "hostPort"), 8000)
    yield Mutation(rule, course, (*APP, "readinessProbe", "httpGet", "host"), "10.0.0.1")
    yield Mutation(rule, "StatefulSet/postgresql", (*POD, "hostPID"), True)
    yield Mutation(rule, "Job/course-migrate", (*POD, "initContainers", 0, "securityContext", "privileged"), True)
    enforced = ("metadata", "labels", "pod-security.kubernetes.io/enforce")
    yield Mutation("namespaces_enforce_it", "Namespace/university", enforced, "baseline")


def selecting() -> Iterator[Mutation]:
    """Yield selectors that take the wrong pods, or none."""
    other = {"app.kubernetes.io/name": "course"}
    yield Mutation("labels_say_what_a_pod_is", "Job/demo", (*LABELS, "app.kubernetes.io/part-of"), GONE)
    yield Mutation("owners_select_their_own", "Deployment/course", ("spec", "selector", "matchLabels"), other)
    yield Mutation("services_lead_to_their_pods", "Service/course", ("spec", "selector"), other)
    yield Mutation("services_lead_to_their_pods", "Service/course", ("spec", "selector", ROLE), "worker")
    yield Mutation("services_lead_to_their_pods", "Service/course", ("spec", "ports", 0, "targetPort"), "https")
    yield Mutation("what_serves_has_a_service", "Service/frontend", ("metadata", "name"), "pages")
    budget = "PodDisruptionBudget/course"
    yield Mutation("budgets_let_one_pod_go", budget, ("spec", "maxUnavailable"), 0)
    yield Mutation("budgets_let_one_pod_go", budget, ("spec", "unhealthyPodEvictionPolicy"), GONE)
    yield Mutation("budgets_let_one_pod_go", budget, ("spec", "selector", "matchLabels", ROLE), "worker")
    yield Mutation("budgets_let_one_pod_go", budget, ("spec", "selector", "matchLabels"), other)
    spread = (*POD, "topologySpreadConstraints")
    yield Mutation("pods_spread_over_nodes_and_zones", "Deployment/course", (*spread, 0), GONE)
    yield Mutation("pods_spread_over_nodes_and_zones", "Deployment/course", (*spread, 0, "matchLabelKeys"), GONE)
    alike = (*spread, 0, "labelSelector", "matchLabels")
    yield Mutation("pods_spread_over_nodes_and_zones", "Deployment/course", alike, other)
    yield Mutation(
        "pods_spread_over_nodes_and_zones", "Deployment/course", (*spread, 1, "whenUnsatisfiable"), "DoNotSchedule"
    )
    peer = ("spec", "egress", 0, "to", 0, "podSelector", "matchLabels", "app.kubernetes.io/name")
    yield Mutation("no_policy_is_idle", "NetworkPolicy/frontend-to-gateway", peer, "gatway")
    about = ("spec", "podSelector", "matchLabels", "app.kubernetes.io/name")
    yield Mutation("no_policy_is_idle", "NetworkPolicy/gateway-from-frontend", about, "gatway")
    port = ("spec", "ingress", 0, "ports", 0, "port")
    yield Mutation("no_policy_is_idle", "NetworkPolicy/gateway-from-frontend", port, "https")


def knowing() -> Iterator[Mutation]:
    """Yield processes that know too much, too little, or what is not so."""
    rule = "secrets_reach_whom_they_concern"
    theirs = {"name": "UNIVERSITY_DATABASE_URL__STUDENT", "valueFrom": {"secretKeyRef": _key("student/database-url")}}
    yield Mutation(rule, "Deployment/course", (*APP, "env", "+"), theirs)
    yield Mutation(rule, "Deployment/course", (*APP, "env", 0), GONE)
    whole = {"name": "keys", "secret": {"secretName": "course"}}
    yield Mutation(rule, "Deployment/course", (*POD, "volumes", 1), whole)
    admin = {"name": "ADMIN_URL", "valueFrom": {"secretKeyRef": _key("course-migrate/admin-url")}}
    rule = "only_preparing_knows_the_administrator"
    yield Mutation(rule, "Job/course-migrate", (*APP, "env", "+"), admin)
    unknown = {"name": "UNIVERSITY_THREDS", "value": "4"}
    yield Mutation("settings_exist", "Deployment/course", (*APP, "env", "+"), unknown)
    many = {"name": "UNIVERSITY_THREADS", "value": "many"}
    yield Mutation("settings_are_understood", "Deployment/course", (*APP, "env", "+"), many)
    unnamed = {"name": "UNIVERSITY_NEIGHBOR_URL__LIBRARY", "value": "http://course:8000"}
    yield Mutation("settings_exist", "Deployment/course", (*APP, "env", "+"), unnamed)
    away = {"name": "UNIVERSITY_NEIGHBOR_URL__STUDENT", "value": "http://students:8000"}
    yield Mutation("neighbors_are_services", "Deployment/course", (*APP, "env", "+"), away)
    gone = "references_lead_somewhere"
    yield Mutation(gone, "Deployment/course", (*POD, "serviceAccountName"), "cource")


def scaling() -> Iterator[Mutation]:
    """Yield scalers that quarrel, or scale what is not there."""
    scaler = "HorizontalPodAutoscaler/course"
    yield Mutation("one_scaler_decides", "Deployment/course", ("spec", "replicas"), 3)
    yield Mutation("one_scaler_decides", scaler, ("spec", "scaleTargetRef", "name"), "gateway")
    yield Mutation("one_scaler_decides", scaler, ("spec", "scaleTargetRef", "name"), "cource")
    yield Mutation("one_scaler_decides", scaler, ("spec", "maxReplicas"), 0)
    yield Mutation("web_scales_by_processor", scaler, ("spec", "metrics", 0, "resource", "name"), "memory")
    yield Mutation("web_scales_by_processor", scaler, ("spec", "behavior", "scaleDown"), GONE)


def around() -> Iterator[Mutation]:
    """Yield what a cluster would refuse, or let anybody in by."""
    yield Mutation("everything_has_its_place_and_name", "Service/course", ("metadata", "namespace"), "default")
    yield Mutation("everything_has_its_place_and_name", "Job/demo", ("metadata", "name"), "Demo")
    yield Mutation("only_the_frontend_is_public", "Service/gateway", ("spec", "type"), "LoadBalancer")


def development() -> Iterator[Mutation]:
    """Yield what would not come up on a bare cluster, or not be understood there."""
    bare = "development_needs_nothing_but_a_cluster"
    elsewhere = "registry.example.edu/university-course:dev"
    yield Mutation(bare, "Deployment/course", (*APP, "image"), elsewhere)
    yield Mutation(bare, "Service/course", ("apiVersion",), "example.edu/v1")
    rule = "development_passwords_agree"
    url = "postgresql://university_course_app:wrong@postgresql:5432/university_course"
    yield Mutation(rule, "Secret/course", ("data", "database-url"), _encoded(url))
    yield Mutation(rule, "Secret/stores", ("data", "rabbitmq-admin-password"), _encoded("wrong"))
    url = "amqp://university-course:development-course-broker@rabbitmq:5673/university"
    rule = "development_addresses_lead_to_services"
    yield Mutation(rule, "Secret/course", ("data", "broker-url"), _encoded(url))
    keys = _encoded('{"keys": [{"kid": "course"}]}')
    yield Mutation("development_keys_are_known_as_such", "Secret/course", ("data", "signing-keys.json"), keys)


def operated() -> Iterator[Mutation]:
    """Yield what operators, or whoever guards production, would not take."""
    release, queue = "production", ("spec", "triggers", 0, "metadata", "queueName")
    worker, rule = "ScaledObject/course-worker", "workers_scale_by_their_queues"
    yield Mutation(rule, worker, queue, "course", release)
    yield Mutation(rule, worker, queue, "student.imports", release)
    yield Mutation(rule, worker, ("spec", "triggers", 0), GONE, release)
    yield Mutation("one_scaler_decides", "ScaledObject/course-worker", ("spec", "minReplicaCount"), 0, "staging")
    lonely = "production_survives_the_loss_of_one"
    yield Mutation(lonely, worker, ("spec", "minReplicaCount"), 1, release)
    yield Mutation(lonely, "RabbitmqCluster/rabbitmq", ("spec", "replicas"), 2, release)
    yield Mutation(lonely, "Cluster/course-db", ("spec", "instances"), 2, release)
    yield Mutation(lonely, "Cluster/course-db", ("spec", "postgresql", "synchronous", "number"), GONE, release)
    told = ("spec", "target", "template", "data")
    gone = "references_lead_somewhere"
    yield Mutation(gone, "ExternalSecret/course", (*told, "database-url"), GONE, release)
    yield Mutation(gone, "ExternalSecret/trusted-keys", ("spec", "target", "name"), "trusted", release)
    url = (*told, "broker-url")
    yield Mutation(
        "addresses_lead_to_what_is_made", "ExternalSecret/course", url, "amqp://u:{{ .a }}@rabbit:5672/u", release
    )
    replica = "postgresql://university_student_app:{{ .app }}@student-db-ro:5432/university_student"
    yield Mutation("databases_are_their_own", "ExternalSecret/course", (*told, "replica-url"), replica, release)
    near, rule = "http://admin:{{ .admin }}@rabbitmq:15672", "scalers_ask_by_a_name_that_is_known_everywhere"
    yield Mutation(rule, "ExternalSecret/broker-provision", (*told, "management-url"), near, release)
    of_none = ("metadata", "name")
    yield Mutation("a_release_tells_one_version", "Job/course-migrate-0-1-0", of_none, "course-migrate", release)
    version = (*LABELS, "app.kubernetes.io/version")
    yield Mutation("a_release_tells_one_version", "Deployment/course", version, "0.0.9", release)
    port = ("spec", "podMetricsEndpoints", 0, "port")
    yield Mutation("monitoring_finds_every_process", "PodMonitor/university", port, "http", release)
    values = ("spec", "selector", "matchExpressions", 0, "values")
    yield Mutation("monitoring_finds_every_process", "PodMonitor/university", values, ["gateway"], release)
    expr = ("spec", "groups", 0, "rules", 0, "expr")
    yield Mutation(
        "alerts_know_their_metrics", "PrometheusRule/university", expr, "university_errors_total > 1", release
    )
    mode = {"name": "UNIVERSITY_MODE", "value": "development"}
    rule = "processes_are_in_production_mode"
    yield Mutation(rule, "Deployment/course-worker", (*APP, "env", "+"), mode, release)
    password = {"name": "NOTE", "value": "amqp://somebody:told@rabbitmq"}
    yield Mutation("secrets_stay_outside", "Deployment/course", (*APP, "env", "+"), password, release)
    backend = ("spec", "rules", 0, "backendRefs", 0)
    yield Mutation("routes_lead_to_services", "HTTPRoute/university", (*backend, "port"), 8080, release)
    section = ("spec", "parentRefs", 0, "sectionName")
    yield Mutation("routes_lead_to_services", "HTTPRoute/university", section, "tls", release)
    around = {"name": "gateway", "port": 8000}
    yield Mutation("only_the_frontend_is_public", "HTTPRoute/university", backend, around, release)


def _key(said: str) -> Document:
    name, _, key = said.partition("/")
    return {"name": name, "key": key}


def _encoded(said: str) -> str:
    return base64.b64encode(said.encode()).decode()


MUTATIONS = [*pods(), *restricted(), *selecting(), *knowing(), *scaling(), *around(), *development(), *operated()]
