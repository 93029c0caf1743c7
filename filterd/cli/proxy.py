"""`filterd proxy`: the inline proxy, from a configuration file or from flags alone."""

from __future__ import annotations

import sys
from typing import Any, get_args

import click

from filterd.config import Config, config_from_flags, load_config
from filterd.config.schema import ActionName

_IDENTITIES = ("none", "xclient", "proxy", "xforward")


@click.command
@click.option("--config", "file", metavar="FILE", help="The configuration; no other option goes with it.")
@click.option("--listen", multiple=True, metavar="HOST:PORT", help="Where clients connect; may be given again.")
@click.option("--upstream", default="", metavar="HOST:PORT", help="The MTA behind filterd.")
@click.option("--words", multiple=True, metavar="FILE", help="A list of forbidden words; may be given again.")
@click.option("--action", type=click.Choice(get_args(ActionName)), help="What a hit does; reject unless given.")
@click.option("--identity", type=click.Choice(_IDENTITIES), help="How upstream learns the real client.")
@click.option("--local-domain", multiple=True, metavar="DOMAIN", help="Anybody may send here; may be given again.")
@click.option("--relay-clients", multiple=True, metavar="NETWORK", help="May send anywhere; loopback unless given.")
@click.option("--front-ends", multiple=True, metavar="NETWORK", help="An MTA in front, whose XCLIENT is believed.")
@click.option("--workers", type=click.IntRange(0, 64), help="Worker processes; one a core unless given.")
def proxy(file: str | None, **flags: Any) -> None:
    """Relay mail to an upstream MTA, and stop messages that hold forbidden words.

    SIGHUP reads the configuration and the lists again; SIGTERM finishes what is in hand and stops.

    \b
    Example: filterd proxy --listen 127.0.0.1:2525 --upstream 127.0.0.1:25 --words words.txt
             filterd proxy --config /etc/filterd/filterd.toml
    """
    config = _from_file(file, flags) if file is not None else _from_flags(flags)
    from filterd.edge import supervisor  # late, so that mistakes are told before the engine is loaded

    sys.exit(supervisor.run(config, source=file))


def _from_file(file: str, flags: dict[str, Any]) -> Config:
    given = [f"--{name.replace('_', '-')}" for name, value in flags.items() if value not in (None, (), "")]
    if given:
        raise click.UsageError(f"{', '.join(given)} cannot go with --config: write it into the file")
    return load_config(file)


def _from_flags(flags: dict[str, Any]) -> Config:
    if not flags["upstream"]:
        raise click.UsageError("give --config FILE, or at least --upstream HOST:PORT and --words FILE")
    return config_from_flags(
        flags["listen"],
        flags["upstream"],
        flags["words"],
        flags["action"] or "reject",
        workers=flags["workers"] or 0,
        relay_clients=flags["relay_clients"],
        local_domains=flags["local_domain"],
        front_ends=flags["front_ends"],
        identity=flags["identity"] or "none",
    )
