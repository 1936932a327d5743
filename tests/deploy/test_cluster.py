"""What stands in deploy/cluster and deploy/kubernetes can be read by what it is for, and names only what there is."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import kubernetes_validate
import pytest
import yaml

from newscrawl.__main__ import cli
from newscrawl.cluster.children import FORCED
from newscrawl.cluster.status_metrics import METRICS
from newscrawl.crawl.options import OPTIONS
from tests.crawl.running import ROOT
from tests.deploy.units import verify

CLUSTER, KUBERNETES = ROOT / "deploy" / "cluster", ROOT / "deploy" / "kubernetes"
UNITS = sorted([*CLUSTER.glob("*.service"), *CLUSTER.glob("*.timer")])
MANIFESTS = sorted(path for path in KUBERNETES.glob("*.yaml") if path.name != "kustomization.yaml")
VERSION = "1.37"
LONG = re.compile(r"--grace[= ](\d+)")


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in MANIFESTS:
        for one in yaml.safe_load_all(path.read_text("utf-8")):
            yield path.name, one


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here: the units were NOT verified")
def test_systemd_reads_each_unit(tmp_path: Path) -> None:
    ours, code, said = verify(UNITS, tmp_path)
    assert not ours, ours
    assert code == 0, said


@pytest.mark.parametrize("name", ["newscrawl-worker.service", "newscrawl-schedule.service"])
def test_a_unit_is_started_again_however_it_ends_and_leaves_no_orphan(name: str) -> None:
    text = (CLUSTER / name).read_text("utf-8")
    assert "\nRestart=always\n" in text
    assert "\nKillMode=control-group\n" in text


def test_a_worker_has_time_to_drain_before_it_is_killed() -> None:
    unit = (CLUSTER / "newscrawl-worker.service").read_text("utf-8")
    grace, stop = LONG.search(unit), re.search(r"TimeoutStopSec=(\d+)", unit)
    assert grace is not None
    assert stop is not None
    assert int(stop[1]) > int(grace[1]) + FORCED
    (worker,) = (one["spec"]["template"]["spec"] for name, one in objects() if name == "worker.yaml")
    asked = LONG.search(" ".join(worker["containers"][0]["args"]))
    assert asked is not None
    assert worker["terminationGracePeriodSeconds"] > int(asked[1]) + FORCED


def called() -> list[list[str]]:
    """Each call of `newscrawl` in a unit, a manifest and the Dockerfile: its words after the command."""
    found = [
        shlex.split(line) for path in UNITS for line in re.findall(r"-m newscrawl (.+)", path.read_text("utf-8"))
    ]  # fmt: skip
    for _, one in objects():
        template = one.get("spec", {}).get("template", {})
        found += [container["args"] for container in template.get("spec", {}).get("containers", [])]
    command = re.search(r"^CMD (\[.*\])$", (KUBERNETES / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert command is not None
    return [*found, json.loads(command[1])]


@pytest.mark.parametrize("words", called(), ids=" ".join)
def test_each_command_is_one_that_newscrawl_knows(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCRAWL_INDEX", "postgresql://db/news")
    group: click.Group = cli
    context = click.Context(cli)
    rest = [word.replace("$(POD_NAME)", "pod-1").replace("%H", "machine-1") for word in words]
    while True:
        command = group.get_command(context, rest[0])
        assert command is not None, rest
        rest = rest[1:]
        if not isinstance(command, click.Group):
            break
        group = command
    command.make_context("x", rest)
    named = {word.partition("=")[0] for word in rest if word.startswith("NEWSCRAWL_")}
    assert named <= {option.name for option in OPTIONS}


@pytest.mark.parametrize(("name", "one"), tuple(objects()), ids=lambda value: value if isinstance(value, str) else "")
def test_each_manifest_is_one_that_kubernetes_reads(name: str, one: dict[str, Any]) -> None:
    kubernetes_validate.validate(one, VERSION, strict=True)


def test_a_manifest_with_a_wrong_key_would_be_told() -> None:
    _, one = next(found for found in objects() if found[0] == "worker.yaml")
    one["spec"]["template"]["spec"]["containers"][0]["argz"] = []
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(one, VERSION, strict=True)


@pytest.mark.parametrize("name", ["init.yaml", "schedule.yaml", "worker.yaml"])
def test_no_pod_may_do_more_than_it_must(name: str) -> None:
    (pod,) = (one["spec"]["template"]["spec"] for found, one in objects() if found == name)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        allowed = container["securityContext"]
        assert allowed["readOnlyRootFilesystem"] is True
        assert allowed["capabilities"] == {"drop": ["ALL"]}
        secret = {one["name"]: one for one in container["env"]}["NEWSCRAWL_INDEX"]
        assert "secretKeyRef" in secret["valueFrom"], "a password in a manifest is read by whoever may read the pod"


def test_what_kustomize_takes_is_there() -> None:
    taken = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert sorted(taken) == [path.name for path in MANIFESTS]


def test_the_files_that_the_image_takes_are_there() -> None:
    for line in (KUBERNETES / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY "):
            assert all((ROOT / name).exists() for name in line.split()[1:-1]), line


def test_each_alert_asks_for_a_figure_that_there_is_and_has_a_remedy() -> None:
    text = (CLUSTER / "alerts.yml").read_text("utf-8")
    assert set(re.findall(r"newscrawl_cluster_([a-z_]+)", text)) <= set(METRICS)
    for rule in yaml.safe_load(text)["groups"][0]["rules"]:
        assert {"summary", "remedy"} <= rule["annotations"].keys(), rule["alert"]
