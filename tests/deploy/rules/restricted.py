"""Pods keep to the "restricted" standard of Pod Security, for every container of theirs."""

from collections.abc import Callable, Iterator

from tests.deploy.manifests import Document, Manifests, Workload

_VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
}  # fmt: skip
_SECCOMP = {"RuntimeDefault", "Localhost"}
_SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
}
_SELINUX = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


def pods_are_restricted(manifests: Manifests, _: str) -> Iterator[str]:
    """Every pod passes the checks that its namespace enforces."""
    for workload in manifests.workloads:
        yield from (f"{workload}: {said}" for said in _about_the_pod(workload.spec))
        for container in [*workload.containers, *workload.spec.get("ephemeralContainers", [])]:
            yield from (f"{workload} {container['name']}: {said}" for said in _about(container, workload))


def namespaces_enforce_it(manifests: Manifests, _: str) -> Iterator[str]:
    """The namespace of every pod enforces "restricted", and brings itself along."""
    for workload in manifests.workloads:
        name = workload.document["metadata"].get("namespace", "")
        if not manifests.has("Namespace", name):
            yield f"{workload}: no namespace {name!r} is brought along"
            continue
        labels = manifests.named("Namespace", name)["metadata"].get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{workload}: namespace {name} does not enforce the standard"


def _about_the_pod(spec: Document) -> Iterator[str]:
    yield from (key for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key))
    for volume in spec.get("volumes", []):
        if kinds := volume.keys() - {"name"} - _VOLUMES:
            yield f"volume {volume['name']} is of {sorted(kinds)}"
    for sysctl in spec.get("securityContext", {}).get("sysctls", []):
        if sysctl["name"] not in _SYSCTLS:
            yield f"sysctl {sysctl['name']}"
    yield from _about_both(spec.get("securityContext", {}))


def _about(container: Document, workload: Workload) -> Iterator[str]:
    context, around = container.get("securityContext", {}), workload.spec.get("securityContext", {})
    added = context.get("capabilities", {}).get("add", [])
    failed: dict[str, Callable[[], bool]] = {
        "privileged": lambda: bool(context.get("privileged")),
        "may gain privileges": lambda: context.get("allowPrivilegeEscalation") is not False,
        "keeps capabilities": lambda: "ALL" not in context.get("capabilities", {}).get("drop", []),
        "adds capabilities": lambda: bool(set(added) - {"NET_BIND_SERVICE"}),
        "mounts /proc unmasked": lambda: context.get("procMount", "Default") != "Default",
        "may be root": lambda: {**around, **context}.get("runAsNonRoot") is not True,
        "has no seccomp profile": lambda: not ({**around, **context}.get("seccompProfile") or {}).get("type"),
        "takes a port of the host": lambda: any(port.get("hostPort") for port in container.get("ports", [])),
        "asks another host": lambda: any(_asks_elsewhere(container.get(probe, {})) for probe in _PROBES),
    }
    yield from (said for said, fails in failed.items() if fails())
    yield from _about_both(context)


def _about_both(context: Document) -> Iterator[str]:
    """What must not be said for a pod nor for a container."""
    if context.get("runAsUser") == 0:
        yield "is root"
    if context.get("runAsNonRoot") is False:
        yield "may be root by its own word"
    if context.get("seccompProfile", {"type": "RuntimeDefault"}).get("type") not in _SECCOMP:
        yield "is unconfined"
    if context.get("appArmorProfile", {"type": "RuntimeDefault"}).get("type") not in _SECCOMP:
        yield "has no AppArmor"
    if context.get("windowsOptions", {}).get("hostProcess"):
        yield "is a process of the host"
    linux = context.get("seLinuxOptions", {})
    if linux.get("type", "") not in _SELINUX or linux.get("user") or linux.get("role"):
        yield "chooses its SELinux label"


def _asks_elsewhere(probe: Document) -> bool:
    return any(probe.get(way, {}).get("host") for way in ("httpGet", "tcpSocket"))
