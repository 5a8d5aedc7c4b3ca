# SPDX-License-Identifier: GPL-2.0
"""The sipsec generic netlink interface, and the module itself.

The numbers are written down here a second time on purpose: they are ABI.
"""

import atexit
import contextlib
import functools
import ipaddress
import os
import select
import shutil
import struct
import subprocess
import tempfile

from . import genl, sip
from .tap import Deadline, Failed, Skip, check, equal, skip_all

CMD = {name: number for number, name in enumerate(
    ["unspec", "sa-add", "sa-replace", "sa-set", "sa-del", "sa-get",
     "sa-flush", "listener-add", "listener-set", "listener-del",
     "listener-get", "stats-get", "info-get", "key-id", "sa-added",
     "sa-changed", "sa-expired", "sa-deleted", "datagram", "verdict",
     "listener-replace"])}
CMD_NAME = {number: name for name, number in CMD.items()}
#: what the kernel says, and takes from nobody
EVENTS = {"sa-added", "sa-changed", "sa-expired", "sa-deleted", "datagram",
          "verdict"}
OPERATIONS = {name: number for name, number in CMD.items()
              if name not in EVENTS | {"unspec"}}

CLASSES = ["transport", "keepalive", "compressed", "malformed", "unprotected",
           "unknown-spi", "expired", "mismatch", "throttled", "replay",
           "bad-mac", "identity", "bad-e2e", "verified", "ratelimited",
           "emergency", "annotate"]
CLASS = {name: number for number, name in enumerate(CLASSES)}

INBOUND, OUTBOUND = 0, 1
TEMPORARY, ESTABLISHED, OLD = 0, 1, 2
IMS, STRICT, OPEN = 0, 1, 2
DROP, ACCEPT, ANSWER = 0, 1, 2
REASONS = ["command", "flush", "replaced", "soft", "hard", "expired",
           "drained"]

COUNTS = {name: (number + 1, "u64") for number, name in enumerate(CLASSES)}
COUNTS["would-drop"] = (33, "u64")
ACTIONS = {name: (number + 1, "u8") for number, name in enumerate(CLASSES)}

SA = {name: (number, kind) for number, (name, kind) in enumerate([
    ("type", "u8"), ("spi", "u32"), ("addr4", "addr"), ("addr6", "addr"),
    ("port", "u16"), ("direction", "u8"), ("alg", "u8"), ("key", "binary"),
    ("window", "u32"), ("seq", "u64"), ("mark", "u32"),
    ("soft-seconds", "u64"), ("hard-seconds", "u64"),
    ("soft-messages", "u64"), ("hard-messages", "u64"), ("budget", "u32"),
    ("compact", "u8"), ("key-id", "u64"), ("age", "u64"), ("expired", "flag"),
    ("messages", "u64"), ("octets", "u64"), ("counters", COUNTS),
    ("state", "u8"), ("impi", "string"), ("impu", "strings"),
    ("pair", "u32"), ("drain", "u32"), ("temporary-seconds", "u32")], 1)}

LISTENER = {name: (number, kind) for number, (name, kind) in enumerate([
    ("addr4", "addr"), ("addr6", "addr"), ("port", "u16"),
    ("direction", "u8"), ("preset", "u8"), ("max-size", "u32"),
    ("mark-mask", "u32"), ("stun", "u8"), ("rate", "u32"),
    ("actions", ACTIONS), ("counters", COUNTS), ("pad", "flag"),
    ("monitor", "u8"), ("annotate", "u8"), ("word", "string"),
    ("notify", "u8"), ("identity", "u8"), ("emergencies", "u32")], 1)}

STATS = {name: (number, kind) for number, (name, kind) in enumerate([
    ("inbound", "u64"), ("outbound", "u64"), ("listeners", "u64"),
    ("counters", COUNTS), ("fragments", "u64"), ("mac-failed", "u64"),
    ("signed", "u64"), ("stripped", "u64"), ("unsigned", "u64"),
    ("tx-malformed", "u64"), ("tx-compressed", "u64"),
    ("tx-too-big", "u64"), ("tx-failed", "u64"), ("events-lost", "u64")], 1)}

ALGORITHM = {"nr": (1, "u8"), "driver": (2, "string"),
             "disabled": (3, "flag")}
EVENT = {"reason": (1, "u8"), "class": (2, "u8"), "addr4": (3, "addr"),
         "addr6": (4, "addr"), "port": (5, "u16"), "lost": (6, "u64"),
         "action": (8, "u8")}

MSG = {"sa": (1, SA), "listener": (2, LISTENER), "stats": (3, STATS),
       "algorithm": (4, ALGORITHM), "event": (5, EVENT),
       "version": (6, "string"), "count": (7, "u64"), "partner": (8, SA)}

_INTS = {"u8": "=B", "u16": "=H", "u32": "=I", "u64": "=Q"}


def encode(table, values):
    """A dict to attributes, in the dict's order."""
    result = b""
    for name, value in values.items():
        name = name.replace("_", "-")
        number, kind = table[name]
        if isinstance(kind, dict):
            result += genl.nest(number, encode(kind, value))
        elif kind in _INTS:
            result += genl.attr(number, struct.pack(_INTS[kind], value))
        elif kind == "addr":
            result += genl.attr(number, ipaddress.ip_address(value).packed)
        elif kind == "flag":
            result += genl.attr(number)
        elif kind == "string" and isinstance(value, str):
            result += genl.attr(number, value.encode() + b"\0")
        elif kind == "strings":
            for one in value:
                result += genl.attr(number, one.encode() + b"\0")
        else:
            result += genl.attr(number, value)
    return result


def decode(table, attrs):
    """Attributes to a dict."""
    names = {number: (name, kind) for name, (number, kind) in table.items()}
    result = {}
    for number, payload in attrs:
        if number not in names:
            continue    # padding, or newer than this test
        name, kind = names[number]
        if isinstance(kind, dict):
            value = decode(kind, genl.parse_attrs(payload))
        elif kind in _INTS:
            value = struct.unpack(_INTS[kind], payload)[0]
        elif kind == "addr":
            value = str(ipaddress.ip_address(payload))
        elif kind == "flag":
            value = True
        elif kind in ("string", "strings"):
            value = payload.rstrip(b"\0").decode()
        else:
            value = payload
        if name == "algorithm" or kind == "strings":
            result.setdefault(name, []).append(value)
        else:
            result[name] = value
    return result


def address(text):
    """{'addr4': text} or {'addr6': text}"""
    return {"addr6" if ":" in text else "addr4": text}


class Client:
    """Calls of the family, in the namespace it is made in."""

    def __init__(self):
        try:
            self.genl = genl.Genl("sipsec")
        except genl.NlError as error:
            raise Failed(f"family sipsec: {error}") from error

    def close(self):
        """Close the socket."""
        self.genl.close()

    def call(self, command, **parts):
        """call("sa-add", sa={...}): the decoded replies."""
        replies = self.genl.call(CMD[command], encode(MSG, parts))
        return [decode(MSG, attrs) for _, attrs in replies]

    # security associations

    @staticmethod
    def inbound(sa, **more):
        """The attributes of a sip.SA as an inbound one."""
        return {"type": INBOUND, "spi": sa.spi, "direction": sa.direction,
                "alg": sa.alg, "key": sa.key, **more}

    @staticmethod
    def outbound(sa, addr, port, **more):
        """The attributes of a sip.SA as an outbound one to a peer."""
        return {"type": OUTBOUND, "spi": sa.spi, **address(addr),
                "port": port, "direction": sa.direction, "alg": sa.alg,
                "key": sa.key, **more}

    def add_in(self, sa, **more):
        """Add an inbound SA; returns it."""
        self.call("sa-add", sa=self.inbound(sa, **more))
        return sa

    def add_out(self, sa, addr, port, **more):
        """Add an outbound SA; returns it."""
        self.call("sa-add", sa=self.outbound(sa, addr, port, **more))
        return sa

    def new_in(self, alg=sip.SHA256, direction=sip.UPLINK, **more):
        """A random inbound SA."""
        return self.add_in(sip.SA.new(alg, direction), **more)

    def not_served(self, alg):
        """An SA of this algorithm is refused, since the kernel has no driver."""
        try:
            self.new_in(alg)
        except genl.NlError as error:
            equal((error.name, error.msg),
                  ("EOPNOTSUPP", "alg: this kernel does not serve it"),
                  sip.ALGS[alg][0])
        else:
            raise Failed(f"{sip.ALGS[alg][0]} was accepted")

    def new_out(self, addr, port, alg=sip.SHA256, direction=sip.UPLINK,
                **more):
        """A random outbound SA; its seq starts at 1 unless given."""
        more.setdefault("seq", 1)
        return self.add_out(sip.SA.new(alg, direction), addr, port, **more)

    def get_in(self, spi):
        """One inbound SA."""
        return self.call("sa-get", sa={"type": INBOUND, "spi": spi})[0]["sa"]

    def get_out(self, spi, addr, port):
        """One outbound SA."""
        return self.call("sa-get", sa={"type": OUTBOUND, "spi": spi,
                                       **address(addr), "port": port})[0]["sa"]

    def set_in(self, spi, **more):
        """Change an inbound SA."""
        self.call("sa-set", sa={"type": INBOUND, "spi": spi, **more})

    def del_in(self, spi):
        """Delete an inbound SA."""
        self.call("sa-del", sa={"type": INBOUND, "spi": spi})

    def new_pair(self, addr, port, inbound=None, outbound=None, replace=False,
                 direction=sip.UPLINK, **more):
        """A pair, the inbound SA of this direction: two random sip.SAs.

        more: of both; inbound, outbound: of one.
        """
        one = sip.SA.new(direction=direction)
        two = sip.SA.new(direction=1 - direction)
        self.call("sa-replace" if replace else "sa-add",
                  sa=self.inbound(one, **more, **(inbound or {})),
                  partner=self.outbound(two, addr, port,
                                        **{"seq": 1, **(outbound or {})}))
        return one, two

    def flush(self, **filters):
        """Delete what the filter means; the count."""
        parts = {"sa": filters} if filters else {}
        return self.call("sa-flush", **parts)[0]["count"]

    def list(self, **filters):
        """The SAs a filter means."""
        parts = {"sa": filters} if filters else {}
        return [decode(MSG, attrs)["sa"] for _, attrs in
                self.genl.dump(CMD["sa-get"], encode(MSG, parts))]

    # listeners and the rest

    def listen(self, addr, port, direction=sip.UPLINK, **more):
        """Add a listener; returns a Listener that counts."""
        self.call("listener-add", listener={
            **address(addr), "port": port, "direction": direction, **more})
        return Listener(self, addr, port)

    def listeners(self):
        """All listeners."""
        return [decode(MSG, attrs)["listener"] for _, attrs in
                self.genl.dump(CMD["listener-get"])]

    def stats(self):
        """The namespace's counters."""
        return self.call("stats-get")[0]["stats"]

    def info(self):
        """The module's version, and its algorithms by number."""
        replies = self.call("info-get")
        version = [one["version"] for one in replies if "version" in one]
        rows = [row for one in replies for row in one.get("algorithm", [])]
        return "".join(version), {row["nr"]: row for row in rows}

    def clear(self):
        """No SA and no listener is left."""
        self.flush()
        for one in self.listeners():
            key = {k: one[k] for k in ("addr4", "addr6", "port") if k in one}
            self.call("listener-del", listener=key)

    def wait_stats(self, **want):
        """Wait until counters of stats have (at least) these values."""
        want = {k.replace("_", "-"): v for k, v in want.items()}

        def reached():
            stats = self.stats()
            return all(stats[k] >= v for k, v in want.items()) and stats

        stats = wait_for(reached, lambda: f"{want} in {self.stats()}")
        equal({k: stats[k] for k in want}, want, "stats")


def wait_for(condition, text, seconds=None):
    """Poll until condition() is true, and return its value."""
    deadline = Deadline(seconds)
    while True:
        value = condition()
        if value:
            return value
        if deadline.over():
            raise Failed("waited in vain for "
                         + (text() if callable(text) else text))
        select.select([], [], [], 0.005)


def counted(counters):
    """A decoded counters nest without its zeros."""
    return {name: n for name, n in counters.items() if n}


class Listener:
    """A listener and the model of its counters."""

    def __init__(self, client, addr, port):
        self.client, self.addr, self.port = client, addr, port
        self.key = {**address(addr), "port": port}
        self.want = {}

    def get(self):
        """Its attributes."""
        return self.client.call("listener-get",
                                listener=self.key)[0]["listener"]

    def counters(self):
        """Its counters, zeros left out."""
        return counted(self.get()["counters"])

    def expect(self, **more):
        """More datagrams of these classes have been sent: wait until they are
        counted, and no others are (what is counted too much at the end is
        seen by the next call)."""
        for name, number in more.items():
            name = name.replace("_", "-")
            self.want[name] = self.want.get(name, 0) + number
        total = sum(self.want.values())
        wait_for(lambda: sum(self.counters().values()) >= total,
                 lambda: f"{self.want}, have {self.counters()}")
        equal(self.counters(), self.want, "counters of the listener")

    def which(self):
        """One more datagram was sent: wait for it, and return its class."""
        total = sum(self.want.values())
        counters = wait_for(
            lambda: sum(self.counters().values()) > total and self.counters(),
            lambda: f"one more than {self.want}")
        new = [n for n in counters if counters[n] != self.want.get(n, 0)]
        equal(sum(counters.values()), total + 1, "datagrams counted")
        self.want = counters
        return new[0]

    def set(self, **more):
        """Change it."""
        self.client.call("listener-set", listener={**self.key, **more})

    def remove(self):
        """Delete it."""
        self.client.call("listener-del", listener=self.key)


class Events:
    """A subscriber to the multicast group."""

    def __init__(self):
        self.genl = genl.Genl("sipsec")
        # above rmem_max where the test may (SO_RCVBUFFORCE)
        self.genl.sock.setsockopt(1, 33, 8 << 20)
        self.genl.join("events")
        self.genl.log = bytearray()
        self.queue = []

    def next(self, seconds=None):
        """The next event as (name, sa, event), waiting for it."""
        while not self.queue:
            for _, _, _, payload in self.genl.read(Deadline(seconds)):
                message = decode(MSG, genl.parse_attrs(payload[4:]))
                event = message.get("event", {})
                if "listener" in message:
                    event["listener"] = message["listener"]
                self.queue.append((CMD_NAME[payload[0]],
                                   message.get("sa", {}), event))
        return self.queue.pop(0)

    def want(self, name, spi, reason=None):
        """The next event has to be this one; returns it."""
        got = self.next()
        equal((got[0], got[1].get("spi")), (name, spi), "event")
        if reason:
            equal(REASONS[got[2]["reason"]], reason, "reason of the event")
        return got

    def none(self):
        """There is no event left in the queue."""
        ready = select.select([self.genl.sock], [], [], 0)[0]
        check(not self.queue and not ready,
              f"unexpected event {self.next() if ready else self.queue}")


# the module

_SYS = "/sys/module/sipsec"


def loaded():
    """Is the module in the kernel?"""
    return os.path.isdir(_SYS)


@functools.lru_cache
def _prepare(path):
    """Load what the module depends on, and make a copy of it without debug
    information: the tests load it again and again, some in emulators."""
    depends = subprocess.run(["modinfo", "-F", "depends", path],
                             capture_output=True, text=True, check=False)
    for name in filter(None, depends.stdout.strip().split(",")):
        subprocess.run(["modprobe", name], check=False)
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, True)
    copy = os.path.join(folder, "sipsec.ko")
    done = subprocess.run(["strip", "--strip-debug", "-o", copy, path],
                          check=False) if shutil.which("strip") else None
    return copy if done and done.returncode == 0 else path


def load(**params):
    """insmod $SIPSEC_KO, else modprobe; True for success."""
    words = [f"{name}={value}" for name, value in params.items()]
    path = os.environ.get("SIPSEC_KO")
    if path:
        command = ["insmod", _prepare(path), *words]
    else:
        command = ["modprobe", "sipsec", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print("#", done.stderr.strip())
    return done.returncode == 0


def unload():
    """Remove the module."""
    done = subprocess.run(["rmmod", "sipsec"], capture_output=True, text=True,
                          check=False)
    check(done.returncode == 0, f"rmmod: {done.stderr}")


@contextlib.contextmanager
def no_modprobe():
    """The kernel finds no module that it asks for."""
    file = "/proc/sys/kernel/modprobe"
    with open(file, encoding="ascii") as reader:
        before = reader.read()
    try:
        with open(file, "w", encoding="ascii") as writer:
            writer.write("/bin/false\n")
        yield
    finally:
        with open(file, "w", encoding="ascii") as writer:
            writer.write(before)


def need_module():
    """The module is loaded, or the program is skipped."""
    if os.geteuid():
        skip_all("needs root")
    if not loaded() and not load():
        skip_all("no module sipsec (set SIPSEC_KO)")


class Param:
    """with Param(clients, allow_md5="1"): ...  The module has the parameters
    meanwhile.  Where they cannot be written it is loaded anew, and all of its
    state is gone; clients are then given its new family."""

    def __init__(self, clients, **params):
        self.clients = clients
        self.params = params
        self.old = parameters()

    def _put(self, params):
        try:
            for name, value in params.items():
                with open(f"{_SYS}/parameters/{name}", "r+",
                          encoding="ascii") as file:
                    file.write(value)
        except OSError:
            unload()
            if not load(**{**self.old, **params}):
                load(**self.old)
                raise Skip(f"cannot load with {params}") from None
            for client in self.clients:
                client.genl.resolve("sipsec")

    def __enter__(self):
        missing = set(self.params) - set(self.old)
        if missing:
            raise Skip(f"no parameter {missing}")
        self._put(self.params)

    def __exit__(self, *_):
        self._put({name: self.old[name] for name in self.params})


def parameters():
    """The module's parameters as they are."""
    result = {}
    base = f"{_SYS}/parameters"
    for name in os.listdir(base) if os.path.isdir(base) else []:
        with open(f"{base}/{name}", encoding="ascii") as file:
            result[name] = file.read().strip()
    return result
