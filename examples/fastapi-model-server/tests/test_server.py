from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.model import Model
from app.server import create_app

CUSTOMER = {"tenure_months": 12, "monthly_charge": 70, "support_tickets": 2}


@pytest.fixture()
def client() -> Iterator[TestClient]:
    with TestClient(create_app()) as started:
        yield started


def metric(client: TestClient, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


def test_is_healthy_before_the_model_is_loaded_but_not_ready() -> None:
    client = TestClient(create_app())  # not started: its lifespan has not run
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.post("/v1/predict", json={"instances": [CUSTOMER]}).status_code == 503


def test_is_ready_with_the_model(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ready", "model_version": "7"}


def test_predicts_a_probability_for_each_customer(client: TestClient) -> None:
    response = client.post("/v1/predict", json={"instances": [CUSTOMER, {**CUSTOMER, "support_tickets": 9}]})
    assert response.status_code == 200
    first, second = response.json()["predictions"]
    assert first == pytest.approx(0.6035, abs=1e-4)
    assert 0 < first < second < 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"instances": []},
        {"instances": [CUSTOMER] * 1001},
        {"instances": [{**CUSTOMER, "monthly_charge": "a lot"}]},
        {"instances": [CUSTOMER], "extra": 1},
    ],
)
def test_refuses_what_is_no_request(client: TestClient, body: dict[str, object]) -> None:
    assert client.post("/v1/predict", json=body).status_code == 422


def test_refuses_what_is_no_number(client: TestClient) -> None:
    body = '{"instances": [{"tenure_months": NaN, "monthly_charge": 1, "support_tickets": 1}]}'
    response = client.post("/v1/predict", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422
    assert "finite number" in response.text


def test_says_which_features_do_not_fit(client: TestClient) -> None:
    response = client.post("/v1/predict", json={"instances": [{"tenure_months": 1, "age": 40}]})
    assert response.status_code == 422
    assert response.json()["detail"]["missing"] == ["monthly_charge", "support_tickets"]
    assert response.json()["detail"]["unknown"] == ["age"]


def test_counts_requests_durations_and_predictions_under_the_names_of_the_alerts(client: TestClient) -> None:
    client.post("/v1/predict", json={"instances": [CUSTOMER, CUSTOMER]})
    client.post("/v1/predict", json={})
    client.get("/no/such/path")
    assert metric(client, 'http_requests_total{path="/v1/predict",status="200"}') == 1
    assert metric(client, 'http_requests_total{path="/v1/predict",status="422"}') == 1
    assert metric(client, 'http_requests_total{path="other",status="404"}') == 1
    assert metric(client, 'http_request_duration_seconds_count{path="/v1/predict"}') == 2
    assert metric(client, 'http_request_duration_seconds_bucket{le="0.25",path="/v1/predict"}') == 2
    assert metric(client, "prediction_value_count") == 2


def test_counts_an_error_of_its_own_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Model, features: dict[str, float]) -> float:
        raise RuntimeError("broken")

    monkeypatch.setattr(Model, "predict", broken)
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        assert client.post("/v1/predict", json={"instances": [CUSTOMER]}).status_code == 500
        assert metric(client, 'http_requests_total{path="/v1/predict",status="500"}') == 1


def test_does_not_count_probes(client: TestClient) -> None:
    client.get("/healthz")
    client.get("/readyz")
    assert "http_requests_total{" not in client.get("/metrics").text


def test_does_not_start_without_a_model(tmp_path: Path) -> None:
    broken = tmp_path / "model.json"
    broken.write_text('{"version": "8"}')
    with pytest.raises(ValueError, match="model.json holds no model"):
        with TestClient(create_app(broken)):
            pass


@pytest.mark.parametrize("score", [-1e4, 1e4])
def test_knows_no_number_too_large(score: float) -> None:
    assert 0 <= Model("1", score, {}).predict({}) <= 1
