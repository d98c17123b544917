"""Serves the model: health, readiness, predictions, metrics."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from app.model import DEFAULT_PATH, Model

# The names that the alerts of the platform's ModelServer look for.
LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
PREDICTION_BUCKETS = tuple(step / 20 for step in range(1, 21))
# Their own requests would hide the ones that matter.
UNCOUNTED = frozenset({"/healthz", "/readyz", "/metrics"})


class PredictionRequest(BaseModel):
    """Customers to score, each by the features that the model knows."""

    model_config = ConfigDict(extra="forbid")
    instances: Annotated[list[dict[str, FiniteFloat]], Field(min_length=1, max_length=1000)]


class PredictionResponse(BaseModel):
    """A probability for each customer, in the order asked."""

    model_version: str
    predictions: list[float]

    model_config = ConfigDict(protected_namespaces=())


def create_app(model_path: Path | None = None) -> FastAPI:
    """The application. Each one counts for itself, so that tests do not see each other."""
    path = model_path or Path(os.environ.get("MODEL_PATH", DEFAULT_PATH))
    registry = CollectorRegistry()
    requests = Counter("http_requests", "Requests by path and status.", ["path", "status"], registry=registry)
    latency = Histogram(
        "http_request_duration_seconds", "Time to answer.", ["path"], buckets=LATENCY_BUCKETS, registry=registry
    )
    predicted = Histogram("prediction_value", "What the model predicts.", buckets=PREDICTION_BUCKETS, registry=registry)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.model = Model.load(path)
        yield
        app.state.model = None

    app = FastAPI(title="Churn", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.model = None

    @app.middleware("http")
    async def count(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.url.path in UNCOUNTED:
            return await call_next(request)
        # A label for each path that somebody tries would fill the memory.
        known = request.url.path if request.url.path == "/v1/predict" else "other"
        start = time.perf_counter()
        status = 500
        try:
            response = await call_next(request)
            status = response.status_code
            return response
        finally:
            requests.labels(known, str(status)).inc()
            latency.labels(known).observe(time.perf_counter() - start)

    @app.exception_handler(RequestValidationError)
    async def refuse(_: Request, error: RequestValidationError) -> JSONResponse:
        # Without the input: JSON has no word for a NaN in it, and it may be personal data.
        detail = [{"where": list(item["loc"]), "what": item["msg"]} for item in error.errors()]
        return JSONResponse(status_code=422, content={"detail": detail})

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Whether the process is worth keeping."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        """Whether the model is loaded."""
        model: Model | None = app.state.model
        if model is None:
            raise HTTPException(status_code=503, detail="the model is not loaded")
        return {"status": "ready", "model_version": model.version}

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @app.post("/v1/predict")
    def predict(request: PredictionRequest) -> PredictionResponse:
        """Scores customers. Not async: arithmetic would keep all other requests waiting."""
        model: Model | None = app.state.model
        if model is None:
            raise HTTPException(status_code=503, detail="the model is not loaded")
        for index, instance in enumerate(request.instances):
            wanted, given = set(model.weights), set(instance)
            if wanted != given:
                raise HTTPException(
                    status_code=422,
                    detail={
                        "what": f"instance {index} does not have the features of the model",
                        "missing": sorted(wanted - given),
                        "unknown": sorted(given - wanted),
                    },
                )
        predictions = [model.predict(instance) for instance in request.instances]
        for prediction in predictions:
            predicted.observe(prediction)
        return PredictionResponse(model_version=model.version, predictions=predictions)

    return app


app = create_app()
