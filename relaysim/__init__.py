"""relaysim: who may relay through an Exchange receive connector, and why."""

__all__ = ["__version__"]

__version__ = "0.1.0"
