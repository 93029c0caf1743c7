"""The supervisor: one thread, no event loop, so that it can fork at any moment.

It owns the listening sockets, the board, the generations and every child. Its whole life is a round: take the signals
that came, look after the crew, and bring it nearer to what is wanted (so many workers of the newest generation, older
ones draining). SIGHUP, files that changed and entries that end have the next generation built aside; one that cannot be
built changes nothing. SIGTERM closes the listeners and drains, a second one ends it.
"""

from __future__ import annotations

import gc
import select
import signal
import socket
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from filterd import __version__
from filterd.config import Config, ConfigError, Mistake, check_start, load_config, warnings
from filterd.edge import generation as generations
from filterd.edge.board import Board
from filterd.edge.changes import Changes
from filterd.edge.children import HANDLED
from filterd.edge.control import Control, Reply
from filterd.edge.control_client import place_to_listen
from filterd.edge.crew import Crew, mail_log
from filterd.edge.generation import Generation
from filterd.edge.listeners import Listener, close_listeners, open_listeners, passed_listeners
from filterd.edge.notify import notify
from filterd.edge.reload import fit, prepare
from filterd.edge.standing import Standing
from filterd.edge.startup import check_listeners, open_standard_streams, raise_descriptor_limit, worker_count
from filterd.edge.worker import SessionFactory, client_session, preload
from filterd.policy import alarms

ROUND_SECONDS = 0.25
STARTING_SECONDS = 0.02  # so that readiness is told soon
MINIMAL_SLOTS = 1024  # room to raise limits.sessions by a reload
AREAS_A_WORKER = 4  # one serves, the others may still be draining
HOPELESS = 6  # crashes before any worker was ever ready
Build = Callable[[Config], Generation]


def run(
    config: Config,
    *,
    source: str | None,
    session_factory: SessionFactory = client_session,
    build: Build = generations.build,
) -> int:
    """Serve until SIGTERM; answers the exit code. `source` is the file to read again at SIGHUP.

    Raises ConfigError when this configuration cannot be started; nothing was started then.
    """
    return Supervisor(config, source, session_factory, build).run()


class Supervisor:
    """Everything is open and built when the constructor returns; `run` forks."""

    def __init__(self, config: Config, source: str | None, session_factory: SessionFactory, build: Build) -> None:
        self._source = source
        self._build = build
        open_standard_streams()
        self._wakeup = _catch_signals()
        check_start(config, source)
        raise_descriptor_limit(config)
        self._passed = passed_listeners()
        self._listeners = self._passed or open_listeners(config.proxy.listen)
        self._removed: list[Listener] = []
        check_listeners(config, self._listeners)
        self._changes = Changes()
        self._begin(wordlist.file for wordlist in config.wordlist)
        self._generation = build(config)
        self._changes.settle(self._generation.files)
        self._log, self._log_settings = mail_log(self._generation), config.log
        self._workers = worker_count(config)
        board = Board(AREAS_A_WORKER * max(self._workers, 2), max(MINIMAL_SLOTS, config.limits.sessions))
        self._crew = Crew(board, session_factory, self._forget)
        self._standing = Standing()
        self._control = self._open_control(config)
        self._reload_wanted = self._force = False
        self._day_tried: date | None = None
        self._stopping = False
        self._told = ""  # the generation last said to be ready
        self._warn(config)
        preload()
        _settle_memory()

    def run(self) -> int:
        """The rounds, until nobody is left or nobody can be started."""
        try:
            while not (self._stopping and not self._crew.members):
                self._round()
                if not self._crew.ever_ready and self._crew.crashes.count >= HOPELESS:
                    self._log.notice("start-failed", why="no worker lives long enough to serve")
                    return 1
                self._wait(ROUND_SECONDS if self._told else STARTING_SECONDS)
        finally:
            self._end()
        self._log.notice("stopped")
        return 0

    def _round(self) -> None:
        self._crew.look_after(self._listeners, self._log)
        if self._stopping:
            return
        if self._has_room():
            if self._reload_wanted:
                self._reload()
            elif self._changes.are_due(time.monotonic()) or self._is_another_day():
                self._reload(only_if_other=True)
        self._fill_up()
        if self._crew.is_ready(self._generation, self._workers):
            self._settle()

    def _has_room(self) -> bool:
        """Could a whole new generation of workers be started beside those that drain?"""
        return self._crew.board.free_areas >= self._workers

    def _fill_up(self) -> None:
        """Start the workers that are missing."""
        missing = self._workers - len(self._crew.of(self._generation))
        while missing > 0 and self._crew.crashes.allows(time.monotonic()):
            missing -= 1
            try:
                self._crew.start(self._generation, self._listeners)
            except OSError as error:  # no processes, memory or descriptors left: later, perhaps
                self._log.internal_error("starting a worker", error)
                self._crew.crashes.crashed(time.monotonic())

    def _settle(self) -> None:
        """The newest generation serves: say so once, and let what is older or too many drain."""
        current = self._crew.of(self._generation)
        old = [member for member in self._crew.members if member.generation is not self._generation]
        self._crew.drain([*old, *current[self._workers :]])
        close_listeners(self._removed)
        self._removed = []
        if self._told != self._generation.id:
            event = "reloaded" if self._crew.ever_ready else "started"
            self._standing.serves(self._generation, reloaded=self._crew.ever_ready)
            self._crew.ever_ready = True
            self._told = self._generation.id
            self._log.notice(event, **self._description())
            notify("READY=1", f"STATUS=serving generation {self._generation.id}")

    def _description(self) -> dict[str, object]:
        config = self._generation.config
        return {
            "version": __version__,
            "listeners": ",".join(str(listener.endpoint) for listener in self._listeners),
            "upstream": config.upstream.address,
            "identity": config.upstream.identity,
            "lists": ",".join(map(str, self._generation.lists)) or "none",
            "workers": self._workers,
            "gen": self._generation.id,
        }

    # Signals and requests

    def _wait(self, seconds: float) -> None:
        poller = select.poll()
        poller.register(self._wakeup[0], select.POLLIN)
        for descriptor, events in (self._control.descriptors() if self._control else {}).items():
            poller.register(descriptor, events)
        ready = {descriptor for descriptor, _ in poller.poll(seconds * 1000)}
        if self._wakeup[0].fileno() in ready:
            self._take_signals(self._wakeup[0].recv(4096))
        if self._control:
            self._control.serve(ready)

    def _take_signals(self, numbers: bytes) -> None:
        for number in numbers:
            if number == signal.SIGHUP:
                self._want_reload()
            elif number in (signal.SIGTERM, signal.SIGINT):
                self._stop()

    def _want_reload(self) -> None:
        self._reload_wanted = True
        if not self._has_room():
            self._log.notice("reload-waits", why="draining workers hold every place")

    def _open_control(self, config: Config) -> Control | None:
        """Without it mail is filtered as well, so that no trouble with it is a reason not to start."""
        path = place_to_listen(config.control.socket)
        try:
            return Control(path, config.control.group, self._handle) if path else None
        except OSError as trouble:
            self._log.warning(f"control.socket: {path}: {trouble.strerror or trouble}; `filterd reload` and `status` cannot ask")
            return None

    def _handle(self, request: dict[str, Any], reply: Reply) -> None:
        match request:
            case {"do": "status"}:
                listeners = [str(listener.endpoint) for listener in self._listeners]
                reply(self._standing.status(self._generation, self._crew, self._workers, listeners))
            case {"do": "reload"} if not self._stopping:
                self._force |= request.get("force") is True
                self._standing.ask(reply)
                self._want_reload()
            case _:
                reply({"ok": False, "error": "filterd is stopping" if self._stopping else "nobody knows this request"})

    def _stop(self) -> None:
        if self._stopping:
            self._crew.kill(self._crew.members, "told to stop twice")
            return
        self._stopping = True
        notify("STOPPING=1")
        self._standing.give_up()
        close_listeners([*self._listeners, *self._removed])
        self._log.notice("stopping", sessions=self._crew.board.total("sessions"))
        self._crew.drain(self._crew.members)

    # Reload

    def _is_another_day(self) -> bool:
        """Do other entries count since today? Asked for once a day: if it fails, the log says so."""
        due, today = self._generation.next_change, datetime.now(UTC).date()
        if due is None or today < due or self._day_tried == today:
            return False
        self._day_tried = today
        return True

    def _begin(self, files: Iterable[str] = ()) -> None:
        self._changes.begin([*filter(None, [self._source]), *files])

    def _reload(self, *, only_if_other: bool = False) -> None:
        """`only_if_other`: nobody asked for it, and there may be nothing to do."""
        self._reload_wanted = False
        notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        named: Iterable[str] = ()
        self._standing.begin()
        try:
            fresh, listeners = self._prepared()
            named = fresh.files
            if not only_if_other or fresh.id != self._generation.id:
                self._take_over(fresh, listeners)
        except ConfigError as error:
            named = {mistake.file for mistake in error.mistakes if mistake.file}
            self._log.reload_refused(error.mistakes)
            self._standing.refused(error.mistakes)
            notify(f"STATUS=reload refused, still serving generation {self._generation.id}")
        except Exception as error:  # whatever it is, the old generation goes on
            self._log.internal_error("reload", error)
            mistake = Mistake("", 0, "", f"{type(error).__name__}: {error}", "this is a fault of filterd: report it")
            self._log.reload_refused([mistake])
            self._standing.refused([mistake])
        self._changes.settle(named)
        self._force = False
        if self._told:
            notify("READY=1")
        _settle_memory()

    def _prepared(self) -> tuple[Generation, list[Listener]]:
        self._begin(self._generation.files)
        config = load_config(self._source) if self._source else self._generation.config
        self._changes.add(wordlist.file for wordlist in config.wordlist)
        config = fit(config, self._crew.board, self._log)
        known = () if self._force else self._generation.lists
        return prepare(config, self._source, self._build_at_rest, self._listeners, passed=bool(self._passed), before=known)

    def _build_at_rest(self, config: Config) -> Generation:
        """Never of files that changed meanwhile, of which some could be old and some new."""
        fresh = self._build(config)
        cure = "nothing to do: it is read again once it rests"
        if mistakes := [Mistake(file, 0, "", "changed while the lists were read", cure) for file in self._changes.disturbed()]:
            raise ConfigError(mistakes)
        return fresh

    def _take_over(self, fresh: Generation, listeners: list[Listener]) -> None:
        if self._told != self._generation.id:  # it never came to serve, and shall not stand in the way
            self._crew.drain(self._crew.of(self._generation))
        self._removed += [listener for listener in self._listeners if listener not in listeners]
        self._generation, self._listeners = fresh, listeners
        self._workers = worker_count(fresh.config)
        self._told = ""
        if fresh.config.log != self._log_settings:
            self._log, self._log_settings = mail_log(fresh), fresh.config.log
        raise_descriptor_limit(fresh.config)
        self._warn(fresh.config)

    def _warn(self, config: Config) -> None:
        for warning in warnings(config):
            self._log.warning(warning)
        if config.proxy.allow_laundering:
            self._log.alarm(alarms.LAUNDERING, f"upstream {config.upstream.address} takes every client for this machine")

    # The end

    def _forget(self) -> None:
        """In a child: what only the supervisor needs."""
        for end in self._wakeup:
            end.close()
        close_listeners(self._removed)
        if self._control:
            self._control.forget()

    def _end(self) -> None:
        self._crew.kill(self._crew.members, "the supervisor ends")
        while self._crew.members:
            self._crew.look_after((), self._log)
            self._wait(0.01)
        if self._control:
            self._control.close()
        close_listeners([*self._listeners, *self._removed])


def _catch_signals() -> tuple[socket.socket, socket.socket]:
    """Signals become octets to read; before anything listens, so that none comes too early."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in HANDLED:
        signal.signal(number, lambda *_: None)
    return reader, writer


def _settle_memory() -> None:
    """What is there now stays: children share it, and no collector touches its pages."""
    gc.collect()
    gc.freeze()
