"""The next generation, built aside: whatever is wrong with it, nothing of the one that serves has changed by then."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence

import msgspec

from filterd.config import Config, ConfigError, Mistake, check_start
from filterd.edge.board import Board
from filterd.edge.generation import Generation, Loaded
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
    config: Config,
    source: str | None,
    build: Callable[[Config], Generation],
    present: Sequence[Listener],
    *,
    passed: bool,
    before: Sequence[Loaded] = (),
) -> tuple[Generation, list[Listener]]:
    """The next generation and its listeners, those present kept; raises before anything has changed.

    `passed`: the listeners came from systemd, and stay whatever the configuration says. `before`: lists that must not shrink.
    """
    check_start(config, source)
    gc.unfreeze()
    fresh = build(config)
    check_sizes(before, fresh.lists)
    listeners = list(present) if passed else open_listeners(config.proxy.listen, present)
    try:
        check_listeners(config, listeners)
    except ConfigError:
        close_listeners(listener for listener in listeners if listener not in present)
        raise
    return fresh, listeners


def check_sizes(before: Sequence[Loaded], after: Sequence[Loaded]) -> None:
    """Raises `ConfigError` if a list lost more than half of its entries: a file cut short looks like a good one."""
    sizes = {(one.name, one.file): one.entries for one in before}
    cure = "if that is meant, say `filterd reload --force` or start filterd again; else give it the whole file"
    mistakes = [
        Mistake(one.file, 0, "", f"the list has {one.entries} entries now, and had {size}: it may be half written", cure)
        for one in after
        if one.entries * 2 < (size := sizes.get((one.name, one.file), 0))
    ]
    if mistakes:
        raise ConfigError(mistakes)
