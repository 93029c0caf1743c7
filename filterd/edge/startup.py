"""What has to be right on this machine before anything is served."""

from __future__ import annotations

import os
import resource

import msgspec

from filterd.config import Config, ConfigError, Mistake
from filterd.config.checks import file_descriptors, find
from filterd.config.mistakes import dotted
from filterd.edge.listeners import Listener


def open_standard_streams() -> None:
    """If stdin, stdout or stderr are closed, the first socket would take their place, and be given our log to read."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def worker_count(config: Config) -> int:
    """As configured, or one for each core this process may use."""
    return config.proxy.workers or len(os.sched_getaffinity(0))


def raise_descriptor_limit(config: Config) -> None:
    """Room for every session's files in one worker, as far as this process may raise it."""
    needed = file_descriptors(config)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        attainable = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, attainable), hard))


def check_listeners(config: Config, listeners: list[Listener]) -> None:
    """The checks of the configuration once more, with the sockets as they really are (systemd's, or port 0)."""
    really = [str(listener.endpoint) for listener in listeners]
    proxy = msgspec.structs.replace(config.proxy, listen=really)
    findings = find(msgspec.structs.replace(config, proxy=proxy))
    if findings:
        raise ConfigError(Mistake("", 0, dotted(finding.path), finding.what, finding.cure) for finding in findings)
