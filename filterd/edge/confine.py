"""Bounds on a process that reads mail: what one message may take of this machine."""

from __future__ import annotations

import os
import resource

_PAGE = resource.getpagesize()


def confine(memory_octets: int) -> None:
    """Bounds that hold from now on: address space beyond that in use; a core would be mail on disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = _statm(0) + memory_octets
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or size < hard:
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    os.nice(5)  # serving goes before scanning


def limit_cpu(seconds: int) -> None:
    """CPU time of the next scan; counted from what was used so far, since the limit is the whole process's."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    limit = int(usage.ru_utime + usage.ru_stime) + seconds
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def resident_octets() -> int:
    """Memory this process has in use."""
    return _statm(1)


def _statm(column: int) -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[column]) * _PAGE
