"""filterd keeps forbidden words out of mail."""

__version__ = "0.1.0"
