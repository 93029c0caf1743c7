"""From a file, or from flags, to a `Config` that is ready to use; everything wrong with it is told at once.

What comes back is complete: list files are absolute paths, lists have names, domains are in lower case.
Raises `ConfigError` and nothing else; reads the file and looks at the lists, but does not read them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from filterd.config import checks
from filterd.config.addresses import AddressError, parse_domain
from filterd.config.convert import convert
from filterd.config.lines import find_lines, line_of
from filterd.config.mistakes import ConfigError, Finding, KeyPath, Mistake, dotted
from filterd.config.schema import ActionName, Config, Content, LevelName, Proxy, Relay, Upstream, Wordlist

_POSITION = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)")
FLAGS: dict[KeyPath, str] = {
    ("proxy", "listen"): "--listen",
    ("proxy", "workers"): "--workers",
    ("proxy", "front_ends"): "--front-ends",
    ("upstream", "address"): "--upstream",
    ("upstream", "identity"): "--identity",
    ("relay", "relay_clients"): "--relay-clients",
    ("relay", "local_domains"): "--local-domain",
    ("content", "action"): "--action",
    ("content", "level"): "--level",
    ("wordlist",): "--words",
}


def load_config(path: str | Path) -> Config:
    """Read and check a TOML file."""
    file = str(path)
    text = _read(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        raise ConfigError([_not_toml(file, text, str(mistake))]) from None
    lines = find_lines(text)

    def located(findings: Iterable[Finding]) -> ConfigError:
        return ConfigError(Mistake(file, line_of(f.path, lines), dotted(f.path), f.what, f.cure) for f in findings)

    config, findings = convert(document)
    if config is None:
        raise located(findings)
    config = _completed(config, Path(file).parent)
    if findings := checks.find(config):
        raise located(findings)
    return config


def config_from_flags(
    listen: Sequence[str] = (),
    upstream: str = "",
    words: Sequence[str] = (),
    action: ActionName = "reject",
    *,
    workers: int = 0,
    relay_clients: Sequence[str] = (),
    local_domains: Sequence[str] = (),
    front_ends: Sequence[str] = (),
    identity: str = "none",
    level: LevelName = "fold",
) -> Config:
    """The configuration that flags alone stand for; what is not given has its default."""
    default = Config()
    config = Config(
        proxy=Proxy(listen=list(listen) or default.proxy.listen, workers=workers, front_ends=list(front_ends)),
        upstream=Upstream(address=upstream or default.upstream.address, identity=identity),  # type: ignore[arg-type]
        relay=Relay(
            local_domains=list(local_domains),
            relay_clients=list(relay_clients) or default.relay.relay_clients,
        ),
        content=Content(action=action, level=level),
        wordlist=[Wordlist(file=file) for file in words],
    )
    config = _completed(config, Path())
    if findings := checks.find(config):
        raise ConfigError(Mistake("", 0, flag_of(f.path), f.what, f.cure) for f in findings)
    return config


def check_start(config: Config, source: str | None = None) -> None:
    """The checks that need the name service, before a socket is opened; raises `ConfigError`."""
    if findings := checks.start_findings(config):
        file = source or ""
        lines = find_lines(_read(file)) if file else {}
        raise ConfigError(
            Mistake(
                file,
                line_of(f.path, lines) if file else 0,
                dotted(f.path) if file else flag_of(f.path),
                f.what,
                f.cure,
            )
            for f in findings
        )


def flag_of(path: KeyPath) -> str:
    """The flag that sets this key."""
    while path and path not in FLAGS:
        path = path[:-1]
    return FLAGS.get(path, "")


def _read(file: str) -> str:
    if trouble := checks.unreadable(file):
        missing = "exist" in trouble[0]
        cure = "write it (`filterd config --defaults` prints one), or correct the path" if missing else trouble[1]
        raise ConfigError([Mistake(file, 0, "", trouble[0], cure)])
    octets = Path(file).read_bytes()
    try:
        # newlines as tomllib counts them; a mark of byte order is harmless, so editors that add one are forgiven
        return octets.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as mistake:
        line = octets.count(b"\n", 0, mistake.start) + 1
        what = f"octet {octets[mistake.start]:#04x} is not UTF-8"
        raise ConfigError([Mistake(file, line, "", what, "save the file as UTF-8")]) from None


def _not_toml(file: str, text: str, message: str) -> Mistake:
    found = _POSITION.fullmatch(message)
    what, line = (found[1], int(found[2] or 0)) if found else (message, 0)
    line = line or text.count("\n") + 1
    shown = text.split("\n")[line - 1].strip()[:60]
    return Mistake(file, line, "", f"this is not TOML: {what[:1].lower()}{what[1:]}", _toml_cure(what, shown))


def _toml_cure(what: str, shown: str) -> str:
    if "overwrite" in what or "twice" in what or "already" in what:
        return "leave one of the two out (a second list is [[wordlist]] with two brackets)"
    if shown and what == "Invalid value":
        return f"texts are written in quotes, true and false in small letters: {shown}"
    return f"correct this line: {shown}" if shown else "close what was opened before: a quote or a bracket"


def _completed(config: Config, base: Path) -> Config:
    """Paths absolute, lists named, domains folded."""
    wordlists = [
        msgspec.structs.replace(
            wordlist, file=str((base / wordlist.file).absolute()), name=wordlist.name or _list_name(wordlist.file)
        )
        for wordlist in config.wordlist
    ]
    relay = msgspec.structs.replace(config.relay, local_domains=[_folded(name) for name in config.relay.local_domains])
    control = config.control
    if control.socket not in ("", "none"):
        control = msgspec.structs.replace(control, socket=str((base / control.socket).absolute()))
    return msgspec.structs.replace(config, wordlist=wordlists, relay=relay, control=control)


def _list_name(file: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", Path(file).stem).strip("-._")[:64] or "words"


def _folded(domain: str) -> str:
    try:
        return parse_domain(domain)
    except AddressError:
        return domain  # reported by the checks
