"""One report as lines for people; each line is fragments of (style, text), the text harmless already."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

from filterd.cli.harmless import one_line
from filterd.cli.scan_summary import alarm_name, count
from filterd.edge.context import Context
from filterd.edge.offline import Report
from filterd.policy import alarms
from filterd.policy.verdict import Hit, ListScore

Line = list[tuple[str, str]]
AROUND = 60  # characters before and after a hit
_HIT_CHARACTERS = 200
_COLOURS = {"reject": "bold red", "defer": "bold yellow", "tag": "bold yellow", "observe": "bold cyan", "accept": "green"}
SUMMED = 8  # entries of a list whose points are shown
_OF_WORDS = {alarms.FORBIDDEN_WORD, alarms.TAGGED, alarms.OBSERVED}


def report_lines(report: Report, hits: int) -> Iterator[Line]:
    """The verdict in a line, then each hit with where it stands and what stands around it."""
    yield _head(report)
    for number, hit in enumerate(report.hits[:hits]):
        yield from _hit(hit, report.contexts[number] if number < len(report.contexts) else Context("", hit.text, ""))
    if len(report.hits) > hits:
        rest = count(len(report.hits) - hits, "other hit")
        yield [("dim", f"    and {rest}; --json tells of every one")]
    for one in report.lists:
        yield from _sum(one)
    if report.conditions:
        yield [("dim", f"    conditions: {', '.join(report.conditions)}")]


def _head(report: Report) -> Line:
    line: Line = [("bold", one_line(report.place.path)), ("", ": ")]
    if not report.alarm:
        return [*line, ("green", "clean")]
    line.append((_COLOURS.get(report.action, "bold"), report.action))
    if report.hits:
        lists = ", ".join(dict.fromkeys(hit.list for hit in report.hits))
        line.append(("", f", {count(len(report.hits), 'hit')} of {lists}, score {report.score}"))
    if report.would:
        line.append((_COLOURS.get(report.would, "bold"), f", would be {report.would} if it were not only watched"))
    if report.alarm not in _OF_WORDS:
        line.append(("yellow", f", alarm {alarm_name(report.alarm)}"))
    return line


def _sum(one: ListScore) -> Iterator[Line]:
    """How the score of a list was made, where it is more than counting."""
    counted = [share for share in one.entries if share.points or share.hits]
    is_plain = all(share.points == share.hits == share.counted for share in counted) and one.threshold in ("", "found")
    if is_plain and not one.why and not one.watched:
        return
    line: Line = [("dim", f"    list {one.list}: ")]
    terms = [f"{one_line(share.entry)} {share.weight} × {share.counted} = {share.points}" for share in counted[:SUMMED]]
    rest = f" + {count(len(counted) - SUMMED, 'other entry')}" if len(counted) > SUMMED else ""
    line.append(("", f"{' + '.join(terms)}{rest}; score {one.score}"))
    reached = f", threshold {one.threshold}: {one.action}" if one.threshold else ", no threshold reached"
    line.append(("", reached + (f" ({one.why})" if one.why else "") + (" (only watched)" if one.watched else "")))
    yield line


def _hit(hit: Hit, context: Context) -> Iterator[Line]:
    file = shown_file(hit.file)
    weight = f", weight {hit.weight}" if hit.weight != 1 else ""
    yield [("cyan", f"    {one_line(hit.entry)}"), ("dim", f"  {file}:{hit.line}, list {hit.list}{weight}")]
    yield [("dim", f"        {where(hit)}; {_view(hit)}")]
    yield [("", "        "), *_marked(context)]


def where(hit: Hit) -> str:
    """Part, area, field, the decode chain, and how sure it is that a reader sees it."""
    place = f"part {hit.part}, {hit.area}"
    if hit.field and hit.field != hit.area:
        place += f" {one_line(hit.field)}"
    if hit.chain:
        place += f", {' → '.join(hit.chain)}"
    return place if hit.reading == "sure" else f"{place}, {hit.reading} reading"


def _view(hit: Hit) -> str:
    return "as written" if hit.view == "exact" else f"seen through {hit.view.replace('+', ', ')}"


def _marked(context: Context) -> Line:
    before, after = one_line(context.before), one_line(context.after)
    found = one_line(context.text)
    found = found if len(found) <= _HIT_CHARACTERS else f"{found[:_HIT_CHARACTERS]}…"
    if len(before) > AROUND:
        before = f"…{before[-AROUND:]}"
    if len(after) > AROUND:
        after = f"{after[:AROUND]}…"
    return [("", before.lstrip()), ("bold reverse", f"[[{found}]]"), ("", after.rstrip())]


def shown_file(file: str) -> str:
    """As short as it is clear."""
    return one_line(file.removeprefix(_here()))


@cache
def _here() -> str:
    try:
        return os.path.join(os.getcwd(), "")
    except OSError:  # it was taken away
        return ""
