"""A run on a cluster that has no machine for a trial yet: what Ray's autoscaler is asked for, and what it would start.

What it decides is asked for given demands; that these are the real ones, of a real run on a real head, is tested with
ETUDE_HOSTS=1 in the environment. The machines that it decides to start are not started.
"""

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from ray._raylet import GcsClient
from ray.autoscaler._private.util import prepare_config
from ray.autoscaler.v2.instance_manager.config import AutoscalingConfig
from ray.autoscaler.v2.instance_manager.reconciler import Reconciler
from ray.autoscaler.v2.scheduler import ResourceDemandScheduler, SchedulingRequest
from ray.autoscaler.v2.sdk import get_cluster_resource_state
from ray.cluster_utils import Cluster
from ray.core.generated.autoscaler_pb2 import BundleSelector, GangResourceRequest, ResourceRequest
from ray.core.generated.instance_manager_pb2 import Instance

from studies.resources import AUTOSCALER

CLUSTER = yaml.safe_load((Path(__file__).parent.parent.parent / "cluster.yaml").read_text())
SHARE = 0.25
PLACES = 4 * CLUSTER["max_workers"]


def demand() -> GangResourceRequest:
    """What one trial that waits asks for."""
    request = ResourceRequest(resources_bundle={"CPU": 1.0, "GPU": SHARE})
    return GangResourceRequest(requests=[request], bundle_selectors=[BundleSelector(resource_requests=[request])])


@pytest.fixture
def real_demands(driving, corpora, tmp_path) -> Any:
    """What is asked for once as many trials wait as all machines of cluster.yaml hold, of the 18 that are known."""
    if os.environ.get("ETUDE_HOSTS") != "1":
        pytest.skip("a run on a head of its own: set ETUDE_HOSTS=1 to have it")
    home = driving.Home(tmp_path / "growing", corpora)
    (home.path / AUTOSCALER).write_text(yaml.safe_dump(CLUSTER))
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="et-", dir="/tmp") as scratch:
        patch.setenv("HOME", str(home.path))
        patch.setenv("RAY_TMPDIR", scratch)
        head = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": 10**8})
        try:
            driver = home.start("--address", head.address, "--gpus-per-trial", str(SHARE))
            client = GcsClient(address=head.gcs_address)
            driver.wait_for(lambda: len(asked(client)) >= PLACES, 120)
            found = asked(client)
            driver.process.kill()
            driver.finish()
        finally:
            head.shutdown()
    return found


def asked(client: GcsClient) -> list[Any]:
    """The groups of resources that something waits for, as the autoscaler is told."""
    return list(get_cluster_resource_state(client).pending_gang_resource_requests)


def to_start(demands: list[Any], cluster: dict[str, Any]) -> dict[str, int]:
    """How many machines of each kind the autoscaler would start at once for demands, with the head alone there."""
    config = AutoscalingConfig(prepare_config(cluster), skip_content_hash=True)
    request = SchedulingRequest(
        disable_launch_config_check=True,
        node_type_configs=config.get_node_type_configs(),
        max_num_nodes=config.get_max_num_nodes(),
        gang_resource_requests=demands,
    )
    wanted = {launch.instance_type: launch.count for launch in ResourceDemandScheduler().schedule(request).to_launch}
    queued = [Instance(instance_id=f"{kind}-{n}", instance_type=kind) for kind in wanted for n in range(wanted[kind])]
    most = re.search(r"AUTOSCALER_MAX_CONCURRENT_LAUNCHES=(\d+)", " ".join(cluster["head_start_ray_commands"]))
    limit = int(most[1]) if most else config.get_max_concurrent_launches()
    found = Reconciler._compute_to_launch(queued, [], [], config.get_upscaling_speed(), limit)
    return {kind: len(instances) for kind, instances in found.items()}


@pytest.mark.slow
def test_each_waiting_trial_is_a_demand(real_demands):
    for real in real_demands:
        real.ClearField("details")
    assert real_demands == [demand()] * PLACES


def test_all_machines_are_started_at_once():
    assert to_start([demand()] * PLACES, CLUSTER) == {"gpu_worker": CLUSTER["max_workers"]}
    assert to_start([demand()] * 5, CLUSTER) == {"gpu_worker": 2}
    # As many trials as 64 machines hold, each asking for what these do.
    large = {**CLUSTER, "max_workers": 64}
    assert to_start([demand()] * 16 * PLACES, large) == {"gpu_worker": 64}


def test_rays_own_limits_would_hold_machines_back():
    """The test above can fail: this is what the settings of cluster.yaml are for."""
    plain = [re.sub(r"AUTOSCALER_\w+=\d+ ", "", command) for command in CLUSTER["head_start_ray_commands"]]
    large, demands = {**CLUSTER, "max_workers": 64}, [demand()] * 16 * PLACES
    assert to_start(demands, {**large, "head_start_ray_commands": plain}) == {"gpu_worker": 10}
    assert to_start(demands, {**large, "upscaling_speed": 1}) == {"gpu_worker": 1}
