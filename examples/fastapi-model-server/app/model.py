"""The model: a logistic regression whose weights lie in a JSON file."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PATH = Path(__file__).with_name("model.json")


@dataclass(frozen=True)
class Model:
    """Predicts the probability that a customer leaves."""

    version: str
    intercept: float
    weights: dict[str, float]

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> Model:
        """Reads the weights.

        Raises:
            ValueError: the file holds no model.
        """
        data = json.loads(path.read_text(encoding="utf-8"))
        try:
            weights = {str(name): float(weight) for name, weight in data["weights"].items()}
            return cls(str(data["version"]), float(data["intercept"]), weights)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name} holds no model: {error!r}") from error

    def predict(self, features: dict[str, float]) -> float:
        """Probability between 0 and 1. Every feature of the model must be there."""
        score = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        # Written so that neither side overflows.
        if score >= 0:
            return 1 / (1 + math.exp(-score))
        return math.exp(score) / (1 + math.exp(score))
