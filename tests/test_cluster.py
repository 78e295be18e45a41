"""cluster.yaml passes Ray's own validation and keeps what makes it safe."""

from pathlib import Path

import pytest
import yaml
from ray.autoscaler._private.util import prepare_config, validate_config

CLUSTER = Path(__file__).parent.parent / "cluster.yaml"


@pytest.fixture
def cluster() -> dict:
    return yaml.safe_load(CLUSTER.read_text())


def test_ray_accepts_it(cluster):
    validate_config(prepare_config(cluster))


def test_ray_refuses_a_broken_one(cluster):
    del cluster["provider"]["type"]
    with pytest.raises(Exception, match="type"):
        validate_config(prepare_config(cluster))


def test_head_takes_no_trials(cluster):
    assert cluster["available_node_types"][cluster["head_node_type"]]["resources"] == {"CPU": 0}


def test_nothing_is_open_to_the_world(cluster):
    assert "security_group" not in cluster["provider"]
    assert all(kind["node_config"]["SecurityGroupIds"] for kind in cluster["available_node_types"].values())
    starts = cluster["head_start_ray_commands"] + cluster["worker_start_ray_commands"]
    assert all("RAY_AUTH_MODE=token" in command for command in starts if "ray start" in command)
    assert "--dashboard-host=127.0.0.1" in " ".join(cluster["head_start_ray_commands"])
