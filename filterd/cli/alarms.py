"""`filterd alarms`: every numbered reason, what it means and what to do; docs/alarms.md is this output."""

from __future__ import annotations

from collections.abc import Iterable

import click

from filterd.policy.alarms import ALARMS, Alarm

_HEAD = """\
# Alarms

Every refusal and every alarm has a number, in the log (`alarm=501(forbidden-word)`). A number never changes its meaning.

This page is generated: `filterd alarms`.
"""
HUNDREDS = {
    1: "Sessions",
    2: "Commands",
    3: "Who may send to where",
    4: "The message as a whole",
    5: "What the message says",
    6: "Upstream",
    7: "Operation",
}


def page(chosen: Iterable[Alarm]) -> str:
    """The alarms as Markdown, under the heading of their hundred."""
    blocks: list[str] = []
    hundred = 0
    for alarm in chosen:
        if alarm.number // 100 != hundred:
            hundred = alarm.number // 100
            blocks.append(f"## {hundred}xx: {HUNDREDS[hundred]}\n")
        blocks.append(f"### {alarm.number} {alarm.name}\n\n{alarm.meaning}\n\n**Cure:** {alarm.cure}\n")
    return "\n".join(blocks)


@click.command
@click.argument("which", metavar="[NUMBER|NAME]", required=False)
def alarms(which: str | None) -> None:
    """Say what the alarms mean and how each is cured.

    \b
    Example: filterd alarms 606
             filterd alarms identity-refused
    """
    if which is None:
        click.echo(f"{_HEAD}\n{page(ALARMS.values())}", nl=False)
        return
    chosen = [alarm for alarm in ALARMS.values() if which in (str(alarm.number), alarm.name)]
    if not chosen:
        raise click.UsageError(f'there is no alarm "{which}"; `filterd alarms` lists them all')
    for alarm in chosen:
        click.echo(f"{alarm.number} {alarm.name}\n\n{alarm.meaning}\n\nCure: {alarm.cure}")
