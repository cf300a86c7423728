"""The stand-in understands manifests as Kubernetes does, and refuses what it does not understand."""

from collections import Counter

import pytest

from tests.cluster import overlay
from tests.cluster.containers import command, hardening, quantity
from tests.cluster.network import Network
from tests.cluster.telling import Store, environment, expanded

STORE = Store.of(
    [
        {"kind": "ConfigMap", "metadata": {"name": "common"}, "data": {"MODE": "development", "WORD": "one"}},
        {"kind": "Secret", "metadata": {"name": "own"}, "data": {"password": "c2VjcmV0"}},
        {"kind": "Service", "metadata": {"name": "own"}, "spec": {}},
    ]
)


def secret(key: str, **facts: object) -> dict[str, object]:
    return {"name": "ASKED", "valueFrom": {"secretKeyRef": {"name": "own", "key": key, **facts}}}


def test_own_variables_come_after_those_of_maps() -> None:
    container = {
        "envFrom": [{"configMapRef": {"name": "common"}}],
        "env": [{"name": "WORD", "value": "two"}, secret("password"), {"name": "SAID", "value": "$(WORD) $(ASKED)"}],
    }

    told = environment(container, STORE, {})

    assert told == {"MODE": "development", "WORD": "two", "ASKED": "secret", "SAID": "two secret"}


def test_what_is_optional_may_be_missing_and_nothing_else() -> None:
    assert environment({"env": [secret("missing", optional=True)]}, STORE, {}) == {}
    with pytest.raises(KeyError):
        environment({"env": [secret("missing")]}, STORE, {})


@pytest.mark.parametrize(
    ("words", "meant"),
    [("$(A)-$(A)", "1-1"), ("$(B)", "$(B)"), ("$$(A)", "$(A)"), ("$A", "$A")],
    ids=["known", "unknown", "escaped", "no brackets"],
)
def test_variables_are_expanded_where_they_are_known(words: str, meant: str) -> None:
    assert expanded(words, {"A": "1"}) == meant


def test_a_container_is_as_hard_as_it_says_and_no_harder() -> None:
    hard = {"readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    around = {"runAsUser": 10001, "runAsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"}}

    told = hardening({"securityContext": around}, {"securityContext": hard})
    plain = hardening({}, {})

    assert {"--read-only", "--read-only-tmpfs=false", "no-new-privileges", "10001:10001", "ALL"} <= set(told)
    assert "seccomp=unconfined" not in told
    assert "seccomp=unconfined" in plain
    assert not {"--read-only", "no-new-privileges", "--cap-drop", "--user"} & set(plain)


def test_a_command_takes_the_place_of_the_image_s_and_arguments_follow_it() -> None:
    assert command({"command": ["run", "$(A)"], "args": ["now"]}, {"A": "1"}) == (
        ["--entrypoint", '["run","1"]'],
        ["now"],
    )
    assert command({"args": ["web"]}, {}) == ([], ["web"])


@pytest.mark.parametrize(("written", "meant"), [("64Mi", 67_108_864), ("1G", 10**9), ("7", 7)])
def test_quantities_are_read(written: str, meant: int) -> None:
    assert quantity(written) == meant


def test_no_two_pods_have_one_address_at_a_time() -> None:
    network = Network("trial", 7, "none")
    lent = Counter(network.lend(f"pod-{number}") for number in range(100))

    assert set(lent.values()) == {1}
    assert network.name_service("course") == network.name_service("course") not in lent


def test_the_overlay_can_be_told_more_and_stays_as_it_was() -> None:
    more = overlay.told(demo=False, replicas=2, patience=7, UNIVERSITY_NEIGHBOR_TIMEOUT="9")
    plain = overlay.told()

    assert len(plain.of("Job")) == len(more.of("Job")) + 1
    assert {one["spec"]["replicas"] for one in more.of("Deployment")} == {2}
    assert "UNIVERSITY_NEIGHBOR_TIMEOUT" not in plain.of("ConfigMap")[0]["data"]
