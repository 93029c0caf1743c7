"""A real Postfix in a private directory: own queue, own log, one smtpd service a port, everything into one Maildir.

Each service may override settings, so that one instance offers all the upstreams that the tests need:
`Postfix(directory, {"plain": {}, "proxy": {"smtpd_upstream_proxy_protocol": "haproxy"}})`.
It trusts 127.0.0.0/8, as an MTA does by default: what gets past filterd is delivered, wherever it is addressed.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import Process, free_port, need_root, program, wait_for

LOCAL_DOMAIN = "local.example"
QUEUES = ("maildrop", "incoming", "active", "deferred", "hold")

_MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.local.example
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtputf8_enable = yes
mydestination = local.example
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_base = {home}
virtual_mailbox_domains =
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
default_transport = virtual
local_transport = virtual
local_header_rewrite_clients =
message_size_limit = 52428800
anvil_rate_time_unit = 1s
in_flow_delay = 0
"""

_MASTER_CF = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

_ADDED = ("return-path", "x-original-to", "delivered-to")


@dataclass(frozen=True)
class Delivery:
    """One message as it lies in the Maildir: who it was for, and what Postfix was given (`content`, with LF lines)."""

    recipient: str
    stored: bytes

    def content(self, hops: int = 1) -> bytes:
        """The message without the fields that delivery and `hops` Postfix instances put on top of it."""
        rest = self.stored
        while match := re.match(rb"([!-9;-~]+):[^\n]*\n(?:[ \t][^\n]*\n)*", rest):
            name = match[1].decode("ascii").lower()
            if name == "received" and hops:
                hops -= 1
            elif name not in _ADDED:
                break
            rest = rest[match.end() :]
        return rest


class Postfix:
    """A running Postfix; `ports[name]` is where the service of that name listens."""

    def __init__(self, home: Path, services: Mapping[str, Mapping[str, str]], main: str = "") -> None:
        self.home = home
        self.ports = {name: free_port() for name in services}
        (home / "etc").mkdir()
        (home / "data").mkdir()
        (home / "queue").mkdir()
        shutil.chown(home / "data", "postfix")
        (home / "inbox").mkdir()
        shutil.chown(home / "inbox", "nobody")
        uid = (home / "inbox").stat().st_uid
        (home / "etc/main.cf").write_text(_MAIN_CF.format(home=home, uid=uid) + main)
        (home / "etc/master.cf").write_text(_MASTER_CF + "".join(map(self._service, services.items())))

    def _service(self, item: tuple[str, Mapping[str, str]]) -> str:
        name, options = item
        settings = "".join(
            f"  -o {{ {key} = {value} }}\n" for key, value in {"syslog_name": f"postfix/{name}", **options}.items()
        )
        return f"127.0.0.1:{self.ports[name]} inet n - n - - smtpd\n{settings}"

    @contextlib.contextmanager
    def running(self) -> Iterator[Postfix]:
        """Started, listening on every port, and stopped with everything it started."""
        command = [program("postfix"), "-c", str(self.home / "etc"), "start-fg"]
        process = Process(command, self.home / "postfix.out")
        try:
            process.wait_listening(*self.ports.values())
            yield self
        finally:
            subprocess.run([command[0], "-c", command[2], "abort"], capture_output=True, timeout=20, check=False)
            process.stop()

    @property
    def log(self) -> str:
        """The whole mail log so far."""
        path = self.home / "mail.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_log(self, pattern: str, since: int = 0, seconds: float = 10.0) -> re.Match[str]:
        """The first match of a regular expression in the log after offset `since`."""
        return wait_for(f"{pattern!r} in Postfix's log", lambda: re.search(pattern, self.log[since:], re.MULTILINE), seconds)

    def _queued(self) -> bool:
        return any(path.is_file() for queue in QUEUES for path in (self.home / "queue" / queue).rglob("*"))

    def deliveries(self, token: str) -> list[Delivery]:
        """Everything delivered that holds `token`, once nothing is on its way any more.

        Mail for other domains than local.example is delivered here too: its recipient tells that it was relayed.
        """
        wait_for("Postfix's queue to be empty", lambda: not self._queued(), 15)
        found = []
        for path in sorted((self.home / "inbox").glob("new/*")):
            stored = path.read_bytes()
            if token.encode() in stored:
                recipient = re.search(rb"^Delivered-To: (.*)$", stored, re.MULTILINE)
                assert recipient, stored
                found.append(Delivery(recipient[1].decode(), stored))
        return found

    def delivery(self, token: str, seconds: float = 10.0) -> Delivery:
        """The one message that holds `token`; fails if there are none or more."""
        wait_for(f"delivery of {token}", lambda: self.deliveries(token), seconds)
        [only] = self.deliveries(token)
        return only


@contextlib.contextmanager
def postfix(services: Mapping[str, Mapping[str, str]], main: str = "") -> Iterator[Postfix]:
    """A Postfix with these services, in a directory that its unprivileged processes can enter."""
    program("postfix")
    need_root("Postfix")
    with tempfile.TemporaryDirectory(prefix="filterd-postfix-") as name:
        home = Path(name)
        home.chmod(0o755)
        with Postfix(home, services, main).running() as instance:
            yield instance
