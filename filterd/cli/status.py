"""`filterd status`: how the filterd that runs here stands."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from filterd.cli.asking import answer_of, asking_options


@click.command
@asking_options
@click.option("--json", "as_json", is_flag=True, help="Print it for a program to read.")
def status(file: str | None, path: str | None, timeout: float, as_json: bool) -> None:
    """Tell how the filterd that runs here stands.

    Prints its generation (the configuration and lists it judges by), since when it serves, its lists, workers and sessions,
    and what became of the last reload. Exit code 0 if it runs, 1 if nobody answers, 2 for a mistake in the command line.

    \b
    Example: filterd status
             filterd status --json | jq .generation
    """
    found = answer_of({"do": "status"}, file, path, timeout)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(found)))
    sys.exit(0 if found.get("ok") else 1)


def _lines(found: dict[str, Any]) -> list[str]:
    if not found.get("ok"):
        return [f"filterd: {found.get('error', '')}"]
    workers = found["workers"]
    lists = [f"list         {one['name']}: {one['entries']} entries ({one['file']})" for one in found["lists"]]
    return [
        f"generation   {found['generation']}, since {found['since'] or 'now: it is not ready yet'}",
        f"listeners    {', '.join(found['listeners'])} → {found['upstream']}",
        *(lists or ["lists        none"]),
        f"workers      {workers['serving']} of {workers['wanted']}, {workers['draining']} draining",
        f"sessions     {found['sessions']}",
        *_last_reload(found["last_reload"]),
    ]


def _last_reload(last: dict[str, Any] | None) -> list[str]:
    if last is None:
        return ["last reload  none since filterd was started"]
    if last["ok"]:
        return [f"last reload  {last['at']}, done"]
    return [f"last reload  {last['at']}, refused:", *(f"  {mistake['text']}" for mistake in last["mistakes"])]
