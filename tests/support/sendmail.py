"""A real Sendmail, run from an unpacked package: Debian's sendmail and postfix packages exclude each other.

Its configuration is built with m4. It listens on two ports:

- `trusting`: a stock configuration. Sendmail's own rules let every client at 127.0.0.1 send to anywhere, so filterd's
  relay control is the only guard.
- `guarded`: the same with the LOCAL_RULESETS below, which take that trust away from filterd's address.

Whatever it accepts is delivered, wherever it is addressed, by a small program into one directory.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.processes import ROOT, Process, free_port, need_root, program, wait_for

LOCAL_DOMAIN = "local.example"
UNPACKED = Path(os.environ.get("SENDMAIL_ROOT", ROOT / "build/sendmail"))

_MC = """\
divert(0)dnl
VERSIONID(`filterd tests')
OSTYPE(`linux')
define(`confDOMAIN_NAME', `mx.local.example')
define(`confDELIVERY_MODE', `interactive')
define(`confDEF_USER_ID', `nobody:nogroup')
define(`confDONT_BLAME_SENDMAIL', `TrustStickyBit')
define(`confPID_FILE', `@HOME@/pid')
define(`confSERVICE_SWITCH_FILE', `@HOME@/service.switch')
define(`confTO_IDENT', `0')
define(`confREFUSE_LA', `0')
define(`confQUEUE_LA', `0')
define(`QUEUE_DIR', `@HOME@/queue')
define(`STATUS_FILE', `@HOME@/status')
define(`HELP_FILE', `@HOME@/help')
define(`ALIAS_FILE', `')
define(`SMART_HOST', `inbox:everything')
FEATURE(`no_default_msa')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`accept_unqualified_senders')
FEATURE(`access_db', `hash -T<TMPF> @HOME@/access')
RELAY_DOMAIN(`local.example')
DAEMON_OPTIONS(`Port=@TRUSTING@, Addr=127.0.0.1, Name=trusting')
DAEMON_OPTIONS(`Port=@GUARDED@, Addr=127.0.0.1, Name=guarded')
MAILER_DEFINITIONS
Minbox, P=@HOME@/deliver, F=nls, A=deliver $u
MAILER(`local')
MAILER(`smtp')
LOCAL_RULESETS
SLocal_check_rcpt
R$*			$: <$&{client_addr}> <$&{daemon_name}> $1
R<127.0.0.1> <guarded> $*	$: <filterd> $>Rcpt_ok $1
R<filterd> RELAY	$@ OK
R<filterd> $#$*	$#$1
R<filterd> $*		$#error $@ 5.7.1 $: "550 Relaying denied by Sendmail"
"""

_DELIVER = """\
#!/bin/sh
umask 022
file=$(mktemp @HOME@/inbox/XXXXXXXX.part) && { echo "Delivered-To: $1"; cat; } >"$file" && mv "$file" "${file%.part}"
"""

_ACCESS = 'From:sender@refused.example\tERROR:5.7.1:"550 We do not like you"\n' + (
    'From:sender@later.example\tERROR:4.7.1:"450 Come back later"\n'
)


def _named_host() -> list[str]:
    """A prefix that gives a program a qualified host name of its own: without a dot in it Sendmail waits 60 s."""
    prefix = ["unshare", "--uts", "sh", "-c", 'hostname mx.local.example && exec "$@"', "sh"]
    allowed = shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
    return prefix if allowed else []


@dataclass(frozen=True)
class Delivery:
    """One message as Sendmail passed it to the delivery program."""

    recipient: str
    stored: bytes

    @property
    def content(self) -> bytes:
        """The message below the Received field that Sendmail put on top."""
        return re.sub(rb"\AReceived:[^\n]*\n(?:[ \t][^\n]*\n)*", b"", self.stored)


class Sendmail:
    """A running Sendmail; `ports` are `trusting` and `guarded`, `log` is the record of all its dialogues."""

    def __init__(self, home: Path, root: Path) -> None:
        self.home, self.root = home, root
        self.ports = {"trusting": free_port(), "guarded": free_port()}
        (home / "queue").mkdir(mode=0o700)
        (home / "inbox").mkdir()
        shutil.chown(home / "inbox", "nobody")
        for name in ("help", "service.switch", "status"):
            (home / name).touch()
        (home / "service.switch").write_text("hosts\tfiles\naliases\tfiles\n")
        deliver = home / "deliver"
        deliver.write_text(_DELIVER.replace("@HOME@", str(home)))
        deliver.chmod(0o755)
        self._build()

    def _build(self) -> None:
        text = _MC.replace("@HOME@", str(self.home))
        for name, port in self.ports.items():
            text = text.replace(f"@{name.upper()}@", str(port))
        (self.home / "sendmail.mc").write_text(text)
        macros = self.root / "usr/share/sendmail/cf"
        with (self.home / "sendmail.cf").open("wb") as out:
            command = [program("m4"), f"-D_CF_DIR_={macros}/", f"{macros}/m4/cf.m4", "sendmail.mc"]
            subprocess.run(command, cwd=self.home, stdout=out, check=True)
        makemap = self.root / "usr/libexec/sendmail/makemap"
        command = [str(makemap), "-C", "sendmail.cf", "hash", str(self.home / "access")]
        subprocess.run(command, cwd=self.home, input=_ACCESS.encode(), stderr=subprocess.DEVNULL, check=True)

    @contextlib.contextmanager
    def running(self) -> Iterator[Sendmail]:
        """Started, listening on both ports, and stopped with everything it started."""
        binary = str(self.root / "usr/libexec/sendmail/sendmail")
        files = ["-C", str(self.home / "sendmail.cf"), "-X", str(self.home / "dialogue.log")]
        arguments = [*_named_host(), binary, "-bD", *files]
        process = Process(arguments, self.home / "sendmail.out", cwd=self.home)
        try:
            process.wait_listening(*self.ports.values(), seconds=90)
            yield self
        finally:
            process.stop()

    @property
    def log(self) -> str:
        """Every line that Sendmail read (`<<<`) and wrote (`>>>`)."""
        path = self.home / "dialogue.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def deliveries(self, token: str) -> list[Delivery]:
        """Everything delivered that holds `token`, once the queue is empty."""
        wait_for("Sendmail's queue to be empty", lambda: not list((self.home / "queue").glob("qf*")), 15)
        stored = [path.read_bytes() for path in sorted((self.home / "inbox").glob("*")) if path.suffix != ".part"]
        return [
            Delivery(text.partition(b"\n")[0].removeprefix(b"Delivered-To: ").decode(), text.partition(b"\n")[2])
            for text in stored
            if token.encode() in text
        ]

    def delivery(self, token: str) -> Delivery:
        """The one message that holds `token`; fails if there are none or more."""
        wait_for(f"delivery of {token}", lambda: self.deliveries(token))
        [only] = self.deliveries(token)
        return only


@contextlib.contextmanager
def sendmail() -> Iterator[Sendmail]:
    """A Sendmail in a directory of its own."""
    if not (UNPACKED / "usr/libexec/sendmail/sendmail").exists():
        pytest.skip(f"sendmail is not unpacked under {UNPACKED}")
    program("m4")
    need_root("Sendmail")
    with tempfile.TemporaryDirectory(prefix="filterd-sendmail-") as name:
        home = Path(name)
        home.chmod(0o755)
        with Sendmail(home, UNPACKED).running() as instance:
            yield instance
