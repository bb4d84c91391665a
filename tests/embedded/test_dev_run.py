"""`make dev` serves everything at one address and reloads changed code."""

import os
import re
from collections.abc import Iterator

import pytest

from embedded.run_folder import ROOT, Home
from tests.embedded.demo_process import Demo, get, running_demo

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def dev(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(demo_home, tmp_path_factory.mktemp("dev") / "output", "--reload") as demo:
        demo.facts()
        yield demo


def test_the_page_the_api_and_a_module_of_the_web_app_have_the_same_address(dev: Demo) -> None:
    clinic = dev.facts()["clinics"][0]["url"]

    page = get(clinic + "/")
    script = re.findall(r'<script type="module" src="([^"]+)"', page[1])
    answers = {
        path: get(clinic + path)
        for path in (
            "/api/clinic/",
            "/admin/login/",
            "/static/admin/css/base.css",
            "/static/app/src/main.tsx",
        )
    }

    assert (page[0], script) == (200, ["/static/app/dev.ts"])
    assert {path: status for path, (status, _) in answers.items()} == dict.fromkeys(answers, 200)
    assert '"time_zone":"Europe/London"' in answers["/api/clinic/"][1]
    assert "/static/app/@vite/client" in get(clinic + "/static/app/src/app/app.tsx")[1]
    assert get(clinic + script[0])[0] == 200


def test_a_changed_python_file_restarts_web_worker_and_beat(dev: Demo) -> None:
    address = dev.facts()["base_url"] + "/health/ready"
    starts = {"web": "Started worker-1\n", "worker": "[tasks]", "beat": "Configuration ->"}
    dev.wait_until(lambda: all(_count(dev, *start) == 1 for start in starts.items()))
    processes = dev.pids()

    os.utime(ROOT / "platform" / "config" / "health.py")
    dev.wait_until(lambda: all(_count(dev, *start) == 2 for start in starts.items()))

    dev.wait_until(lambda: get(address)[0] == 200)
    assert dev.pids() == processes


def _count(dev: Demo, program: str, text: str) -> int:
    log = dev.home.log(program)
    return log.read_text().count(text) if log.exists() else 0
