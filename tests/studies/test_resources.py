"""How many trials fit on machines, and on those that an autoscaler may add."""

from pathlib import Path

import pytest
import yaml

from studies.resources import AUTOSCALER, Resources, capacity

CLUSTER = yaml.safe_load((Path(__file__).parent.parent.parent / "cluster.yaml").read_text())


@pytest.mark.parametrize(
    ("threads", "gpus", "machine", "fits"),
    [
        (1, 0, {"CPU": 8}, 8),
        (3, 0, {"CPU": 8}, 2),
        (1, 0, {}, 0),
        (1, 0.25, {"CPU": 8, "GPU": 1}, 4),
        (1, 0.1, {"CPU": 64, "GPU": 1}, 10),
        (1, 0.3333, {"CPU": 64, "GPU": 2}, 6),
        (1, 0.6, {"CPU": 64, "GPU": 3}, 3),
        (1, 2, {"CPU": 64, "GPU": 3}, 1),
        (4, 0.25, {"CPU": 8, "GPU": 1}, 2),
        (1, 0.25, {"CPU": 8}, 0),
    ],
)
def test_trials_that_fit_on_one_machine(threads, gpus, machine, fits):
    assert Resources(threads=threads, gpus=gpus).fits(machine) == fits


class TestAutoscaling:
    """On the head of a cluster that `ray up` has made of cluster.yaml, before any worker is there."""

    HEAD = ({"Alive": True, "Resources": {"memory": 1e9}},)

    @pytest.fixture
    def home(self, tmp_path):
        (tmp_path / AUTOSCALER).write_text(yaml.safe_dump(CLUSTER))
        return tmp_path

    def test_all_machines_are_asked_for_at_once(self, home):
        assert capacity(Resources("auto", gpus=0.25), self.HEAD, home) == 4 * CLUSTER["max_workers"]
        assert capacity(Resources("auto", threads=4, gpus=0.25), self.HEAD, home) == 2 * CLUSTER["max_workers"]

    def test_no_more_machines_than_may_be(self, home):
        kinds = {**CLUSTER["available_node_types"], "large": {"resources": {"CPU": 64, "GPU": 8}, "max_workers": 1}}
        (home / AUTOSCALER).write_text(yaml.safe_dump({**CLUSTER, "available_node_types": kinds, "max_workers": 3}))
        assert capacity(Resources("auto", gpus=1), self.HEAD, home) == 8 + 1 + 1

    def test_machines_of_another_kind_count_too(self, home):
        nodes = [*self.HEAD, {"Alive": True, "Resources": {"CPU": 96, "GPU": 8}}]
        assert capacity(Resources("auto", gpus=0.25), nodes, home) == 32

    def test_dead_nodes_do_not_count(self, tmp_path):
        nodes = [{"Alive": alive, "Resources": {"CPU": 4}} for alive in (True, False, True)]
        assert capacity(Resources("auto"), nodes, tmp_path) == 8

    def test_this_machine_does_not_grow(self, home):
        assert capacity(Resources("local"), [{"Alive": True, "Resources": {"CPU": 2}}], home) == 2
