"""What of a cluster each kind of generator gets: replicas, cores, GPUs. Where to compute, never what: no content."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

MOST_REPLICAS = 256


class Share(BaseModel):
    """`replicas` processes of a generator, each with so many `cpus` and `gpus`.

    `gpus` is below 1 for a part of one, else a whole number; `gpu_kind` is Ray's name of an accelerator type, such as
    `H100`, or "" for any. A share without CPUs and GPUs takes what there is and waits for nothing. Raises pydantic's
    ValidationError.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    replicas: Annotated[int, Field(ge=1, le=MOST_REPLICAS)] = 1
    cpus: Annotated[float, Field(ge=0, le=1024)] = 0
    gpus: Annotated[float, Field(ge=0, le=64)] = 0
    gpu_kind: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,40}$")] = ""

    @field_validator("gpus")
    @classmethod
    def _part_or_whole(cls, value: float) -> float:
        if value > 1 and value != int(value):
            raise ValueError(f"gpus {value:g}: give a part of one GPU (such as 0.5) or a whole number")
        return value

    @property
    def bundle(self) -> dict[str, float]:
        """What one replica reserves, as Ray names it; empty when it waits for nothing."""
        wanted = {"CPU": self.cpus, "GPU": self.gpus}
        if self.gpu_kind and self.gpus:
            # Ray marks a node's kind of GPU with a resource of 1 that everybody there takes a sliver of.
            wanted[f"accelerator_type:{self.gpu_kind}"] = 0.001
        return {name: amount for name, amount in wanted.items() if amount}

    def words(self) -> str:
        """Return what is asked for, in words."""
        kind = f" of kind {self.gpu_kind}" if self.gpu_kind else ""
        parts = ((f"{self.cpus:g} CPU", self.cpus), (f"{self.gpus:g} GPU{kind}", self.gpus))
        each = " and ".join(part for part, amount in parts if amount)
        return f"{self.replicas} replica{'s' * (self.replicas > 1)} of {each or 'no reserved resources'}"


ANYWHERE = Share()
"""What a kind gets that a scenario does not speak of."""
