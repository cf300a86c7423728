"""All rules that manifests keep, by name."""

from collections.abc import Callable, Iterator

from tests.deploy.manifests import Manifests
from tests.deploy.rules import development, edge, knowing, operated, pods, restricted, scaling, selecting

Rule = Callable[[Manifests, str], Iterator[str]]
"""Takes what an overlay renders to and the overlay's name; yields a sentence for whatever breaks the rule."""

_ALL: tuple[Rule, ...] = (
    restricted.pods_are_restricted,
    restricted.namespaces_enforce_it,
    pods.memory_is_bounded,
    pods.processors_are_not_capped,
    pods.probes_ask_the_right_port,
    pods.no_token_is_mounted,
    pods.only_tmp_is_written,
    pods.images_are_of_one_release,
    pods.modules_run_their_own_image,
    pods.pods_have_time_to_end,
    pods.updates_take_nobody_away,
    pods.jobs_try_again_and_end,
    selecting.labels_say_what_a_pod_is,
    selecting.owners_select_their_own,
    selecting.services_lead_to_their_pods,
    selecting.what_serves_has_a_service,
    selecting.budgets_let_one_pod_go,
    selecting.pods_spread_over_nodes_and_zones,
    selecting.no_policy_is_idle,
    scaling.one_scaler_decides,
    scaling.web_scales_by_processor,
    scaling.workers_scale_by_their_queues,
    scaling.production_survives_the_loss_of_one,
    knowing.secrets_reach_whom_they_concern,
    knowing.only_preparing_knows_the_administrator,
    knowing.settings_exist,
    knowing.settings_are_understood,
    knowing.processes_are_in_production_mode,
    knowing.neighbors_are_services,
    knowing.secrets_stay_outside,
    knowing.references_lead_somewhere,
    edge.routes_lead_to_services,
    edge.only_the_frontend_is_public,
    edge.everything_has_its_place_and_name,
    development.development_needs_nothing_but_a_cluster,
    development.development_addresses_lead_to_services,
    development.development_passwords_agree,
    development.development_keys_are_known_as_such,
    operated.addresses_lead_to_what_is_made,
    operated.databases_are_their_own,
    operated.scalers_ask_by_a_name_that_is_known_everywhere,
    operated.a_release_tells_one_version,
    operated.monitoring_finds_every_process,
    operated.alerts_know_their_metrics,
)
RULES: dict[str, Rule] = {rule.__name__: rule for rule in _ALL}


def broken(manifests: Manifests, overlay: str) -> dict[str, list[str]]:
    """Return the rules that an overlay breaks, each with what breaks it."""
    told = {name: list(rule(manifests, overlay)) for name, rule in RULES.items()}
    return {name: said for name, said in told.items() if said}
