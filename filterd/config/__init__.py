"""The configuration: TOML in, frozen and checked settings out, and every mistake told with its place and cure."""

from filterd.config.advice import warnings
from filterd.config.load import check_start, config_from_flags, load_config
from filterd.config.mistakes import ConfigError, Mistake
from filterd.config.schema import Config

__all__ = ["Config", "ConfigError", "Mistake", "check_start", "config_from_flags", "load_config", "warnings"]
