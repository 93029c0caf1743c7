"""The next generation, built aside: whatever is wrong with it, nothing of the one that serves has changed by then."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence

import msgspec

from filterd.config import Config, ConfigError, check_start
from filterd.edge.board import Board
from filterd.edge.generation import Generation
from filterd.edge.listeners import Listener, close_listeners, open_listeners
from filterd.edge.maillog import MailLog
from filterd.edge.startup import check_listeners, worker_count


def fit(config: Config, board: Board, log: MailLog) -> Config:
    """What the board, made once, has no room for waits for a restart."""
    if config.limits.sessions > board.slots:
        log.warning(f"limits.sessions: {board.slots} until filterd is restarted")
        config = msgspec.structs.replace(config, limits=msgspec.structs.replace(config.limits, sessions=board.slots))
    if worker_count(config) * 2 > board.areas:
        log.warning(f"proxy.workers: {board.areas // 2} until filterd is restarted")
        config = msgspec.structs.replace(config, proxy=msgspec.structs.replace(config.proxy, workers=board.areas // 2))
    return config


def prepare(
    config: Config, source: str | None, build: Callable[[Config], Generation], present: Sequence[Listener], *, passed: bool
) -> tuple[Generation, list[Listener]]:
    """The next generation and its listeners, those present kept; raises before anything has changed.

    `passed`: the listeners came from systemd, and stay whatever the configuration says.
    """
    check_start(config, source)
    gc.unfreeze()
    fresh = build(config)
    listeners = list(present) if passed else open_listeners(config.proxy.listen, present)
    try:
        check_listeners(config, listeners)
    except ConfigError:
        close_listeners(listener for listener in listeners if listener not in present)
        raise
    return fresh, listeners
