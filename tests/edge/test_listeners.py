"""Listening sockets: our own, and those that systemd passes on."""

from __future__ import annotations

import os
import resource
import socket

import pytest

from filterd.config import ConfigError
from filterd.edge import listeners
from filterd.edge.listeners import close_listeners, open_listeners, passed_listeners
from filterd.edge.startup import check_listeners, raise_descriptor_limit
from tests.edge.supervised import configuration


def test_several_addresses_and_families_on_one_port() -> None:
    (first,) = open_listeners(["127.0.0.1:0"])
    port = first.endpoint.port
    both = open_listeners([f"[::]:{port}"])
    assert (str(both[0].endpoint), both[0].is_loopback) == (f"[::]:{port}", False)
    assert first.is_loopback
    close_listeners([first, *both])


def test_a_listener_that_stays_is_the_same_socket() -> None:
    old = open_listeners(["127.0.0.1:0", "127.0.0.2:0"])
    new = open_listeners(["127.0.0.2:0", "127.0.0.3:0"], old)
    assert new[0] is old[1]
    close_listeners([*old, *new])


def test_every_address_that_fails_is_told_and_none_stays_open() -> None:
    (taken,) = open_listeners(["127.0.0.1:0"])
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(ConfigError) as caught:
        open_listeners([str(taken.endpoint), "127.0.0.4:0", "192.0.2.1:25"])
    assert [mistake.what.partition('": ')[2] for mistake in caught.value.mistakes] == [
        "Address already in use",
        "Cannot assign requested address",
    ]
    assert len(os.listdir("/proc/self/fd")) == before
    close_listeners([taken])


def test_sockets_from_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as passed:
        monkeypatch.setattr(listeners, "FIRST_PASSED", os.dup(passed.fileno()))
        monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
        monkeypatch.setenv("LISTEN_FDS", "1")
        (listener,) = passed_listeners()
        assert listener.endpoint.port == passed.getsockname()[1]
        assert not listener.socket.get_inheritable()
        assert "LISTEN_FDS" not in os.environ
        assert passed_listeners() == []
        close_listeners([listener])


def test_sockets_for_somebody_else_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_PID", "1")
    monkeypatch.setenv("LISTEN_FDS", "1")
    assert passed_listeners() == []


def test_a_socket_that_is_not_tcp_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as passed:
        monkeypatch.setattr(listeners, "FIRST_PASSED", os.dup(passed.fileno()))
        monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
        monkeypatch.setenv("LISTEN_FDS", "1")
        with pytest.raises(ConfigError, match="no TCP socket"):
            passed_listeners()


def test_upstream_must_not_be_the_listener_whatever_port_that_got() -> None:
    (listener,) = open_listeners(["127.0.0.1:0"])
    config = configuration(upstream=f"127.0.0.1:{listener.endpoint.port}")
    with pytest.raises(ConfigError, match="own listener"):
        check_listeners(config, [listener])
    check_listeners(configuration(), [listener])
    close_listeners([listener])


def test_a_public_socket_of_systemd_is_checked_like_a_configured_one() -> None:
    (listener,) = open_listeners(["0.0.0.0:0"])
    with pytest.raises(ConfigError, match="open relay"):
        check_listeners(configuration(), [listener])
    close_listeners([listener])


def test_the_soft_limit_of_descriptors_is_raised_as_far_as_needed() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, before[1]))
        raise_descriptor_limit(configuration(sessions=200))
        os._exit(0 if resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 864 else 1)
    assert os.waitpid(child, 0)[1] == 0
