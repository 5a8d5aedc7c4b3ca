# SPDX-License-Identifier: GPL-2.0
"""TAP version 13 as kselftest wants it: a plan, a line per case, exit status.

A program registers its cases with @case and ends with run().  A case fails by
an exception (usually from check() or equal()) and is skipped by Skip.
"""

import atexit
import gc
import os
import sys
import time
import traceback

KSFT_PASS, KSFT_FAIL, KSFT_SKIP = 0, 1, 4

#: Seconds after which a wait for something that must happen fails the test.
#: No passing test ever waits that long; it is generous for slow emulators.
DEADLINE = float(os.environ.get("SELFTEST_DEADLINE", "60"))

_cases = []


class Skip(Exception):
    """The case cannot run here; the text says what is missing."""


class Failed(AssertionError):
    """The case's expectation does not hold."""


def check(truth, text):
    """Fail with text unless truth."""
    if not truth:
        raise Failed(text)


def equal(got, want, text):
    """Fail unless got equals want."""
    if got != want:
        raise Failed(f"{text}: got {got!r}, want {want!r}")


def case(title, *args, **kwargs):
    """Register a function as a case; may be stacked, with other arguments."""
    def register(function):
        _cases.append((title, function, args, kwargs))
        return function
    return register


def both(title, *args):
    """Register a case once for IPv4 and once for IPv6, its first argument."""
    def register(function):
        for version in (4, 6):
            case(f"{title}, IPv{version}", version, *args)(function)
        return function
    return register


def diag(text):
    """A comment in the TAP output."""
    for line in str(text).splitlines():
        print("#", line, flush=True)


def tail(path, count=40):
    """The last lines of a file, if it is there, for who looks for a failure."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            diag(f"{os.path.basename(path)}:\n" + "".join(file.readlines()[-count:]))
    except FileNotFoundError:
        pass


class Deadline:
    """Ends a wait that would otherwise never end."""

    def __init__(self, seconds=None):
        self.seconds = DEADLINE if seconds is None else seconds
        self.end = time.monotonic() + self.seconds

    def left(self):
        """Seconds left, 0 when there are none."""
        return max(0.0, self.end - time.monotonic())

    def over(self):
        """Has it passed?"""
        return self.left() <= 0


def skip_all(why):
    """End the program: nothing of it can run here."""
    print("TAP version 13")
    print(f"1..0 # SKIP {why}", flush=True)
    sys.exit(KSFT_SKIP)


def run():
    """Run the registered cases and exit; arguments select by title."""
    wanted = sys.argv[1:]
    # stacked decorators register from the innermost out
    cases = [c for c in _cases
             if not wanted or any(word in c[0] for word in wanted)]
    print("TAP version 13")
    print(f"1..{len(cases)}", flush=True)
    counts = {"ok": 0, "not ok": 0, "skip": 0}
    for number, (title, function, args, kwargs) in enumerate(cases, 1):
        begin = time.monotonic()
        outcome, note = "ok", ""
        try:
            function(*args, **kwargs)
        except Skip as why:
            note = f" # SKIP {why}"
            counts["skip"] += 1
        except Exception:  # pylint: disable=broad-except
            outcome = "not ok"
            diag(traceback.format_exc())
        if not note:
            counts[outcome] += 1
        print(f"{outcome} {number} - {title}{note}", flush=True)
        gc.collect()    # sockets and namespaces that hang on tracebacks
        took = time.monotonic() - begin
        if took > 5:
            diag(f"{title}: {took:.1f} s")
    print(f"# Totals: pass:{counts['ok']} fail:{counts['not ok']} "
          f"skip:{counts['skip']}", flush=True)
    sys.stdout.flush()
    atexit._run_exitfuncs()     # pylint: disable=protected-access
    # not sys.exit(): helper threads of a failed case must not hold it up
    os._exit(KSFT_FAIL if counts["not ok"] else KSFT_PASS)
