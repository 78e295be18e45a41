"""cluster.yaml passes Ray's own validation and bootstrap, as EC2 would answer it, and opens nothing to the world.

Never a whole `ray up` against the mock: it invents public addresses, and Ray would try to open SSH to them.
"""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws
from ray.autoscaler._private.aws.config import bootstrap_aws
from ray.autoscaler._private.util import prepare_config, validate_config

CLUSTER = Path(__file__).parent.parent / "cluster.yaml"
WORLD = ("0.0.0.0/0", "::/0")


@pytest.fixture
def cluster() -> dict[str, Any]:
    return yaml.safe_load(CLUSTER.read_text())


@pytest.fixture
def ec2(monkeypatch, tmp_path, cluster) -> Iterator[Any]:
    """A made-up EC2 in this process, without a way to a real one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "made-up")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    # More than a thousand images that Amazon offers, in each of twenty regions.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    (tmp_path / ".ssh").mkdir()
    with mock_aws():
        yield boto3.resource("ec2", region_name=cluster["provider"]["region"])


@pytest.fixture
def edited(cluster, ec2) -> dict[str, Any]:
    """The file with the marked lines filled in as a user would, Ray's defaults added."""
    vpc = next(iter(ec2.vpcs.all()))
    group = ec2.create_security_group(GroupName="mine", Description="mine", VpcId=vpc.id)
    mine = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "198.51.100.7/32"}]}
    members = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group.id}]}
    group.authorize_ingress(IpPermissions=[mine, members])
    image = ec2.meta.client.register_image(Name="mine")["ImageId"]
    for kind in cluster["available_node_types"].values():
        kind["node_config"] |= {"SecurityGroupIds": [group.id], "ImageId": image}
    return prepare_config(cluster)


def open_groups(ec2: Any) -> dict[str, list[dict[str, Any]]]:
    """The rules of each security group that let in somebody from anywhere."""
    found = {}
    for group in ec2.security_groups.all():
        ranges = [
            (rule, span.get("CidrIp") or span.get("CidrIpv6"))
            for rule in group.ip_permissions
            for span in [*rule.get("IpRanges", []), *rule.get("Ipv6Ranges", [])]
        ]
        found[group.id] = [rule for rule, span in ranges if span in WORLD]
    return found


def test_ray_accepts_it(cluster):
    validate_config(prepare_config(cluster))


def test_ray_refuses_a_broken_one(cluster):
    del cluster["provider"]["type"]
    with pytest.raises(Exception, match="type"):
        validate_config(prepare_config(cluster))


def test_six_things_are_to_be_edited():
    marked = [line for line in CLUSTER.read_text().splitlines() if re.search(r"\S.* # EDIT", line)]
    keys = [re.match(r"\s*(?:(\w+):|- .* (--from) s3:)", line).groups() for line in marked]
    wanted = ["max_workers", "region", "ImageId", "SecurityGroupIds", "IamInstanceProfile", "--from"]
    assert [one or other for one, other in keys] == wanted


def test_bootstrap_keeps_what_the_file_says(edited, ec2):
    groups, profiles = len(list(ec2.security_groups.all())), edited["available_node_types"]
    booted = bootstrap_aws(copy.deepcopy(edited))
    assert booted["head_node"] == {}, "Ray gave the head a role of its own"
    assert len(list(ec2.security_groups.all())) == groups
    for name, kind in booted["available_node_types"].items():
        before = profiles[name]["node_config"]
        after = kind["node_config"]
        assert {key: after[key] for key in before} == before
        assert after.keys() - before.keys() == {"KeyName", "SubnetIds"}
    assert Path(booted["auth"]["ssh_private_key"]).stat().st_mode & 0o777 == 0o600


def test_no_node_is_open_to_the_world(edited, ec2):
    booted = bootstrap_aws(edited)
    open_to_all = open_groups(ec2)
    for kind in booted["available_node_types"].values():
        assert all(not open_to_all[group] for group in kind["node_config"]["SecurityGroupIds"])


def test_without_a_group_of_ones_own_it_would_be_open(edited, ec2):
    """The test above can fail: this is what it guards against."""
    for kind in edited["available_node_types"].values():
        del kind["node_config"]["SecurityGroupIds"]
    booted = bootstrap_aws(edited)
    (group,) = booted["available_node_types"]["head"]["node_config"]["SecurityGroupIds"]
    assert [rule["FromPort"] for rule in open_groups(ec2)[group]] == [22]


@pytest.mark.parametrize("kind", ["head", "gpu_worker"])
def test_ec2_knows_every_setting_of_a_machine(edited, ec2, kind):
    """One made-up machine, from what Ray would ask for; a setting that EC2 does not know is an error."""
    wanted = dict(bootstrap_aws(edited)["available_node_types"][kind]["node_config"])
    subnet = wanted.pop("SubnetIds")[0]
    # The made-up account has no such profile; its form is checked all the same.
    profile = wanted.pop("IamInstanceProfile")
    assert profile.keys() == {"Arn"}
    (machine,) = ec2.create_instances(MinCount=1, MaxCount=1, SubnetId=subnet, **wanted)
    assert machine.instance_type == wanted["InstanceType"]
    assert (machine.instance_lifecycle == "spot") == (kind == "gpu_worker")


def test_head_takes_no_trials(cluster):
    assert cluster["available_node_types"][cluster["head_node_type"]]["resources"] == {"CPU": 0}


def test_machines_end_by_themselves(cluster):
    assert cluster["idle_timeout_minutes"] <= 15
    assert cluster["provider"]["cache_stopped_nodes"] is False
    assert cluster["available_node_types"]["gpu_worker"]["min_workers"] == 0


def test_ports_ask_for_the_token(cluster):
    starts = cluster["head_start_ray_commands"] + cluster["worker_start_ray_commands"]
    assert all("RAY_AUTH_MODE=token" in command for command in starts if "ray start" in command)
    assert "--dashboard-host=127.0.0.1" in " ".join(cluster["head_start_ray_commands"])
    (target,) = (path for path, source in cluster["file_mounts"].items() if source == "~/.ray/auth_token")
    assert f"chmod 600 {target}" in cluster["setup_commands"][0]


def test_commands_use_absolute_paths_and_the_locked_versions(cluster):
    commands = [cluster[name] for name in ("setup_commands", "head_start_ray_commands", "worker_start_ray_commands")]
    text = "\n".join(command for part in commands for command in part)
    assert not re.search(r"(?<![\w/.-])(ray|pip|etude|python) ", text), "a program without its path"
    (install,) = (command for command in cluster["setup_commands"] if "pip install" in command)
    assert "--constraint /home/ubuntu/etude/.requirements.lock" in install
    assert cluster["head_setup_commands"] == [], "Ray's default installs a package of any version"
