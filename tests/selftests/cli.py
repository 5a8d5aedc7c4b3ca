#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The control utility, end to end: sipsec(8) against the kernel.

The topology is that of lib/lab.py; the tool runs in the host's namespace.
SIPSEC names the program (else the one in PATH, else the one built here).
"""

import hashlib
import hmac
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import tempfile

from lib import lab, sip, sipsec, tap
from lib.sipsec import STRICT
from lib.tap import case, check, equal

_BUILT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "build", "userspace-ctl", "sipsec")
TOOL = os.environ.get("SIPSEC") or shutil.which("sipsec") or _BUILT
if not os.access(TOOL, os.X_OK):
    tap.skip_all("no program sipsec (set SIPSEC)")
sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
DIR = tempfile.TemporaryDirectory()


class Result:
    """What a command did; every output so far is kept for the key search."""

    everything = b""

    def __init__(self, words, data=None):
        with LAB.host.inside():
            done = subprocess.run([TOOL, *words], input=data,
                                  capture_output=True, check=False,
                                  cwd=DIR.name)
        self.status = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()
        Result.everything += done.stdout + done.stderr
        check("\033" not in self.out + self.err,
              "colour without a terminal")


def run(line, data=None, status=0):
    """A command that has to end with a status; its output."""
    result = Result(line.split(), data)
    equal(result.status, status, f"status of {line} ({result.err.strip()})")
    if status:
        lines = result.err.splitlines()
        check(lines and (status == 2 or len(lines) == 1),
              f"{line}: not a one-line error: {result.err!r}")
        equal(result.out, "", f"output of {line}, which failed")
        return result.err
    return result.out


#: All JSON that was printed.
JSON = []


def keys(value):
    """The keys in a JSON value."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    elif isinstance(value, dict):
        yield from value
    else:
        return
    for one in value.values():
        yield from keys(one)


def run_json(line, data=None):
    """The JSON a command prints."""
    text = run(f"-j {line}", data)
    try:
        JSON.append(json.loads(text))
        return JSON[-1]
    except ValueError as error:
        raise tap.Failed(f"{line}: {error}: {text!r}") from error


def key_file(key, name="key"):
    """A file with a key as the tool takes it."""
    path = os.path.join(DIR.name, name)
    with open(path, "w", encoding="ascii",
              opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write(key.hex() + "\n")
    return path


def kdf(ck, ik, name, direction, spi):
    """Clause 6, independently."""
    parts = [b"sipsec:" + name.encode(), bytes([direction]),
             struct.pack("!I", spi)]
    text = b"\xf0" + b"".join(p + struct.pack("!H", len(p)) for p in parts)
    return hmac.new(ck + ik, text, hashlib.sha256).digest()


def named(direction):
    """uplink or downlink"""
    return ("uplink", "downlink")[direction]


@case("version, and JSON of every reading command")
def version():
    CLIENT.clear()
    CLIENT.listen(lab.HOST[4], 5060)
    CLIENT.listen(lab.HOST[6], 5060)
    CLIENT.new_in()
    CLIENT.new_out(lab.PEER[4], 5080)
    got = run_json("version")
    check(got["module"], f"no module: {got}")
    rows = {row["name"]: row for row in got["algorithms"]}
    check(rows["hmac-sha-256-128"].get("driver"), f"no driver: {rows}")
    check(rows["hmac-md5-96"].get("disabled"), "hmac-md5-96 is not disabled")
    equal(len(run_json("sa list")), 2, "SAs")
    equal([row["type"] for row in run_json("sa list in")], ["in"], "types")
    equal(len(run_json("listen list")), 2, "listeners")
    stats = run_json("stats")
    equal(stats["inbound"], 1, "inbound SAs")
    equal(stats["algorithms"], got["algorithms"], "drivers")
    run_json("show")
    for line in ("sa list", "listen list", "stats", "show", "version", "save",
                 "help", "help sa"):
        check(run(line).strip(), f"{line} prints nothing")
    CLIENT.clear()
    equal(run_json("sa list"), [], "SAs")


@case("SAs: add, get, list, set, replace, del, flush")
def associations():
    CLIENT.clear()
    up, down = sip.SA.new(), sip.SA.new(sip.GMAC, sip.DOWNLINK)
    run(f"sa add in spi {up.spi:#x} dir uplink key-file {key_file(up.key)} "
        "window 64 hard-seconds 1000 budget 7")
    run(f"sa add out spi {down.spi} peer {lab.PEER[4]} port 5080 dir downlink "
        "alg aes-gmac key-file - seq 5 mark 3 compact on",
        down.key.hex().encode() + b"\n")
    got = CLIENT.get_in(up.spi)
    equal((got["alg"], got["window"], got["hard-seconds"], got["budget"]),
          (sip.SHA256, 64, 1000, 7), "the inbound SA")
    got = CLIENT.get_out(down.spi, lab.PEER[4], 5080)
    equal((got["alg"], got["seq"], got["mark"], got["compact"]),
          (sip.GMAC, 5, 3, 1), "the outbound SA")
    rows = {row["type"]: row for row in run_json("sa list")}
    equal((rows["in"]["spi"], rows["in"]["alg"], rows["in"]["dir"]),
          (f"{up.spi:#010x}", "hmac-sha-256-128", "uplink"), "list")
    equal((rows["out"]["addr"], rows["out"]["port"], rows["out"]["seq"]),
          (lab.PEER[4], 5080, 5), "list")
    table = run("sa list").splitlines()
    equal(len(table), 3, "lines of the table")
    check(table[0].startswith("TYPE"), f"no header: {table[0]}")
    # they work
    with LAB.flow(4, preset=STRICT) as flow:
        flow.one(up.sign(sip.request(), 1), "verified")
        one = run_json(f"sa get in spi {up.spi}")
        equal((one["counters"]["verified"], one["messages"], one["seq"]),
              (1, 1, 1), "counters")
        equal(run_json("listen list")[0]["counters"]["verified"], 1,
              "counters of the listener")
    run(f"sa set in spi {up.spi:#x} budget 9 seq 77")
    got = CLIENT.get_in(up.spi)
    equal((got["budget"], got["seq"]), (9, 77), "after sa set")
    other = sip.SA.new(sip.SHA1)
    run(f"sa replace in spi {up.spi:#x} dir downlink alg hmac-sha-1-96 "
        f"key-file {key_file(other.key)}")
    equal(CLIENT.get_in(up.spi)["alg"], sip.SHA1, "after sa replace")
    run(f"sa del in spi {up.spi:#x}")
    equal(len(CLIENT.list()), 1, "SAs after sa del")
    equal(run_json("sa flush out"), {"deleted": 1}, "deleted")
    equal(run_json("sa flush"), {"deleted": 0}, "deleted")


@case("pairs: add, replace, del; states and identities, saved and loaded")
def pairs():
    CLIENT.clear()
    up, down = sip.SA.new(), sip.SA.new(direction=sip.DOWNLINK)
    os.makedirs(os.path.join(DIR.name, "pair.d"), exist_ok=True)
    key_file(up.key, f"pair.d/in-{up.spi:08x}.key")
    key_file(down.key, f"pair.d/out-{down.spi:08x}-{lab.PEER[4]}-5080.key")
    one = f"in spi {up.spi:#x} dir uplink key-file pair.d/in-{up.spi:08x}.key"
    two = (f"out spi {down.spi:#x} peer {lab.PEER[4]} port 5080 dir downlink "
           f"key-file pair.d/out-{down.spi:08x}-{lab.PEER[4]}-5080.key seq 1")
    more = ("state temporary impi u1@home1.example impu sip:u1@home1.example "
            "impu tel:+358-555-1 drain 60 temporary-seconds 99")
    refused = run(f"pair add {one} {more} {two} alg aes-gmac", status=1)
    check("key-file" in refused, refused)
    check("direction" in run(f"pair add {one} {more} {two}".replace(
        "downlink", "uplink"), status=1), "which word")
    equal(CLIENT.list(), [], "SAs after refusals")
    run(f"pair add {one} {more} {two}")
    check("spi: in use" in run(f"pair add {one} {two}", status=1), "in use")
    rows = {row["type"]: row for row in run_json("sa list")}
    for kind, partner in (("in", down), ("out", up)):
        equal({name: rows[kind][name] for name in (
            "state", "impi", "impu", "pair", "drain", "temporary-seconds")},
              {"state": "temporary", "impi": "u1@home1.example",
               "impu": ["sip:u1@home1.example", "tel:+358-555-1"],
               "pair": f"{partner.spi:#010x}", "drain": 60,
               "temporary-seconds": 99}, kind)
    check(" temporary " in run("sa list") and "(u1@home1.example)" in
          run("sa list"), "the table")
    check("\nimpu: sip:u1@home1.example tel:+358-555-1\n" in
          run(f"sa get in spi {up.spi:#x}"), "sa get")
    equal(len(run_json("sa list impu tel:+358-555-1 state temporary")), 2,
          "by IMPU and state")
    equal(run_json("sa list impi other"), [], "by IMPI")
    # saved and loaded, it is what it was
    saved = run("save key-dir pair.d")
    path = os.path.join(DIR.name, "pair.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(saved)
    equal(run_json(f"load {path}")["sa"]["unchanged"], 2, "unchanged")
    before = [{k: v for k, v in row.items() if k not in
               ("age", "seq", "counters")} for row in rows.values()]
    CLIENT.clear()
    equal(run_json(f"load {path}")["sa"]["added"], 2, "added")
    equal([{k: v for k, v in row.items() if k not in
            ("age", "seq", "counters")} for row in run_json("sa list")],
          before, "after loading")
    # states
    run(f"sa set in spi {up.spi:#x} state established")
    equal({row["state"] for row in run_json("sa list")}, {"established"},
          "states")
    check("state" in run(f"sa set in spi {up.spi:#x} state temporary",
                         status=1), "which word")
    equal(run_json(f"load {path}")["sa"]["replaced"], 2, "replaced")
    # in the order in which they were made
    equal({(row["type"], row["state"], row["pair"])
           for row in run_json("sa list")},
          {(row["type"], row["state"], row["pair"]) for row in before},
          "once more")
    # del takes the partner along when it is told so
    check("pair" in run(f"sa del in spi {up.spi:#x} pair 0x999", status=1),
          "which word")
    run(f"pair del in spi {up.spi:#x}")
    equal(CLIENT.list(), [], "SAs after pair del")
    run(f"pair replace {one} seq 0 {two} seq 2".replace("seq 1 seq 2",
                                                       f"seq {1 << 62}"))
    check("six" in [run(f"sa add in spi {0x7000 + n} dir uplink key-file - "
                        "impi u2 state old drain 600", os.urandom(32).hex()
                        .encode() + b"\n", status=n // 6)
                    for n in range(7)][-1], "the seventh")
    equal(run_json("sa flush impi u2"), {"deleted": 6}, "deleted")
    run(f"sa del in spi {up.spi:#x} pair {down.spi:#x}")
    equal(CLIENT.list(), [], "SAs after sa del")


@case("listeners: add, list, set, del")
def listeners():
    CLIENT.clear()
    run(f"listen add addr {lab.HOST[4]} port 5060 dir uplink preset strict "
        "mark-mask 0x1f0 stun on rate 7 max-size 3000 "
        "action unknown-spi=answer,malformed=accept")
    got = CLIENT.listeners()[0]
    equal({k: got[k] for k in ("preset", "mark-mask", "stun", "rate",
                               "max-size", "direction")},
          {"preset": 1, "mark-mask": 0x1F0, "stun": 1, "rate": 7,
           "max-size": 3000, "direction": 0}, "the listener")
    equal((got["actions"]["unknown-spi"], got["actions"]["malformed"]),
          (2, 1), "actions")
    row = run_json("listen list")[0]
    equal((row["addr"], row["port"], row["dir"], row["preset"]),
          (lab.HOST[4], 5060, "uplink", "strict"), "list")
    run(f"listen set addr {lab.HOST[4]} port 5060 preset open "
        "action malformed=drop")
    got = CLIENT.listeners()[0]
    equal((got["preset"], got["actions"]["unknown-spi"],
           got["actions"]["malformed"]), (2, 2, 0), "after listen set")
    run(f"listen del addr {lab.HOST[4]} port 5060")
    equal(CLIENT.listeners(), [], "listeners after listen del")


@case("errors: one line, with the kernel's reason, and the status")
def errors():
    CLIENT.clear()
    key = key_file(os.urandom(32))
    good = f"dir uplink key-file {key}"
    for line in ("", "nonsense", "sa", "sa nonsense", "sa add sideways",
                 f"sa add in spi zebra {good}", f"sa add in {good} spi",
                 f"sa add in spi 0x1000 {good} mark 1",
                 f"sa add in spi 0x1000 {good} spi 0x1001",
                 "sa add in spi 0x1000 dir uplink",
                 f"sa add out spi 0x1000 {good}",
                 f"sa add in spi 0x100000000 {good}",
                 f"sa add in spi 0x1000 {good} alg rot13",
                 f"sa add in spi 0x1000 dir sideways key-file {key}",
                 "listen add addr 1.2.3 port 5060 dir uplink",
                 "listen add addr 1.2.3.4 port 70000 dir uplink",
                 "listen add addr 1.2.3.4 port 5060 dir uplink "
                 "action sleep=drop", "-x sa list", "load", "aka",
                 # options stand before the command
                 "sa list -j", "stats --json", "load - -v"):
        result = Result(line.split())
        equal(result.status, 2, f"status of {line!r} ({result.err})")
        check(result.err or not line, f"no text for {line!r}")
        check(not result.out or not line, f"output of {line!r}")
    # what the tool knows to be out of range it may say itself
    for line, word in ((f"sa add in spi 0x99 {good}", "spi"),
                       (f"sa add in spi 0x1000 {good} window 5", "window"),
                       ("listen add addr 1.2.3.4 port 5060 dir uplink "
                        "mark-mask 0x3", "mark-mask")):
        result = Result(line.split())
        check(result.status in (1, 2) and word in result.err
              and len(result.err.splitlines()) == 1 and not result.out,
              f"{line}: {result.status} {result.err!r}")
    for line, word in (("sa add in spi 0x1000 dir uplink key-file /nowhere",
                        "/nowhere"),
                       (f"sa add in spi 0x1000 {good} alg aes-gmac", "key"),
                       (f"sa add in spi 0x1000 {good} alg hmac-md5-96", ""),
                       ("sa del in spi 0x1000", ""),
                       ("sa get in spi 0x1000", ""),
                       ("sa set in spi 0x1000 budget 3", ""),
                       ("listen del addr 1.2.3.4 port 5060", ""),
                       ("load /nowhere", "/nowhere"),
                       # what a UE wrote is no option
                       (f"sa from-challenge peer {lab.PEER[4]} port 5080 "
                        "security-client -V", "message")):
        text = run(line, status=1)
        check(word in text, f"{line}: {text!r} does not name {word}")
    equal(CLIENT.list(), [], "SAs")
    run(f"sa add in spi 0x1000 {good}")
    run(f"sa add in spi 0x1000 {good}", status=1)
    # the same key again needs seq
    check("seq" in run(f"sa add in spi 0x1001 {good}", status=1),
          "the refusal of a used key does not name seq")
    run(f"sa add in spi 0x1001 {good} seq 9")
    # without the capability; another user may not be let to where the tool is
    with LAB.host.inside():
        done = subprocess.run(["setpriv", "--bounding-set", "-net_admin",
                               TOOL, "sa", "list"], capture_output=True,
                              check=False)
    equal(done.returncode, 1, "status without CAP_NET_ADMIN")
    check(done.stderr, "no text without CAP_NET_ADMIN")
    CLIENT.clear()


@case("keys are in no argument, no output, and not for others to read")
def secrecy():
    CLIENT.clear()
    sa = sip.SA.new()
    words = [TOOL, "sa", "add", "in", "spi", f"{sa.spi:#x}", "dir", "uplink",
             "key-file", "-"]
    with LAB.host.inside():
        # it waits for the key: look at it meanwhile
        process = subprocess.Popen(words, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
    process.stdin.write(sa.key.hex().encode()[:40])
    process.stdin.flush()
    for name in ("cmdline", "environ"):
        with open(f"/proc/{process.pid}/{name}", "rb") as file:
            check(sa.key.hex().encode()[:16] not in file.read(),
                  f"the key is in {name}")
    out, err = process.communicate(sa.key.hex().encode()[40:] + b"\n")
    equal((process.returncode, out, err), (0, b"", b""), "sa add")
    path = key_file(os.urandom(32), "open")
    os.chmod(path, 0o644)
    open_key = sip.SA.new()
    result = Result(f"sa add in spi {open_key.spi} dir uplink "
                    f"key-file {path}".split())
    check(result.err, "no warning of a key file for all to read")
    for line in ("sa list", "-j sa list", "-j -v show", "save", "stats",
                 f"-v sa get in spi {sa.spi}"):
        run(line)
    everything = Result.everything.lower()
    check(len(everything) > 1000, "nothing to search")
    for key in (sa.key, bytes.fromhex(open(path, encoding="ascii").read())):
        text = key.hex().encode()
        for at in range(0, len(text) - 12):
            check(text[at:at + 12] not in everything,
                  "a part of a key was printed")
        check(key[:8] not in everything, "a key was printed")
    CLIENT.clear()


def configuration(count=6):
    """A configuration, its keys in one file; [(SA, line)]"""
    sas = []
    for number in range(count):
        alg = (sip.SHA256, sip.GMAC, sip.AES_CMAC, sip.SHA1)[number % 4]
        sas.append(sip.SA.new(alg, number % 2))
    with open(os.path.join(DIR.name, "keys"), "w", encoding="ascii",
              opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.writelines(sa.key.hex() + "\n" for sa in sas)
    lines = [f"listen addr {lab.HOST[4]} port 5060 dir uplink preset strict",
             f"listen addr {lab.HOST[6]} port 5060 dir uplink "
             "action unknown-spi=answer"]
    for number, sa in enumerate(sas, 1):
        common = (f"spi {sa.spi:#010x} dir {named(sa.direction)} "
                  f"alg {sip.ALGS[sa.alg][0]} key-file keys#{number}")
        if number % 3:
            lines.append(f"sa in {common} window 256")
        else:
            lines.append(f"sa out {common} peer {lab.PEER[4]} port 5080 "
                         "mark 4")
    return sas, lines


def load(lines, status=0):
    """Load a configuration; what was done, or the error."""
    path = os.path.join(DIR.name, "sipsec.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write("# a comment\n\n" + "\n".join(lines) + "\n")
    if status:
        return run(f"load {path}", status=status)
    return run_json(f"load {path}")


def done(sa=(0, 0, 0, 0, 0), listen=(0, 0, 0, 0, 0)):
    """What load says it has done."""
    names = ("added", "replaced", "changed", "deleted", "unchanged")
    return {"sa": dict(zip(names, sa)), "listen": dict(zip(names, listen))}


def without_rates(report):
    """The counts of load's report alone."""
    return {kind: {name: count for name, count in report[kind].items()
                   if name != "refused"} for kind in ("sa", "listen")}


@case("load: only what differs is touched, and it says so")
def load_file():
    CLIENT.clear()
    sas, lines = configuration()
    equal(without_rates(load(lines)), done((6, 0, 0, 0, 0), (2, 0, 0, 0, 0)),
          "the first time")
    with open(os.path.join(DIR.name, "sipsec.conf"), "rb") as file:
        equal(without_rates(run_json("load -", file.read())),
              done((0, 0, 0, 0, 6), (0, 0, 0, 0, 2)), "the second time")
    # traffic moves counters and seqs, which is no difference
    flow_sock = LAB.peer.udp(lab.PEER[4], 5060)
    flow_sock.sendto(sas[0].sign(sip.request(), 5), (lab.HOST[4], 5060))
    sipsec.wait_for(lambda: CLIENT.get_in(sas[0].spi)["messages"] == 1,
                    "a verified message")
    equal(without_rates(load(lines)), done((0, 0, 0, 0, 6), (0, 0, 0, 0, 2)),
          "after traffic")
    equal(CLIENT.get_in(sas[0].spi)["messages"], 1, "messages")
    # one changed, one deleted, one added, one with another key
    changed = list(lines)
    changed[0] = changed[0].replace("strict", "open")
    changed[2] += " budget 6"
    extra = sip.SA.new()
    changed[3] = (f"sa in spi {extra.spi:#x} dir uplink "
                  f"key-file {key_file(extra.key, 'extra')}")
    changed[5] = changed[5].replace("window 256", "window 512")
    equal(without_rates(load(changed)),
          done((1, 1, 1, 1, 3), (0, 0, 1, 0, 1)), "with changes")
    equal((CLIENT.get_in(sas[0].spi)["budget"],
           CLIENT.get_in(sas[0].spi)["messages"]), (6, 1), "the changed SA")
    equal(CLIENT.get_in(sas[3].spi)["window"], 512, "the replaced SA")
    # a new key
    keys = os.path.join(DIR.name, "keys")
    with open(keys, encoding="ascii") as file:
        text = file.read().splitlines()
    text[0] = os.urandom(32).hex()
    with open(keys, "w", encoding="ascii") as file:
        file.write("\n".join(text) + "\n")
    before = CLIENT.get_in(sas[0].spi)["key-id"]
    equal(without_rates(load(changed))["sa"]["replaced"], 1, "replaced")
    check(CLIENT.get_in(sas[0].spi)["key-id"] != before, "the old key")
    # all gone
    equal(without_rates(load([])), done((0, 0, 0, 6, 0), (0, 0, 0, 2, 0)),
          "an empty file")
    flow_sock.close()


@case("load: what is wrong is told with its line, and nothing is done")
def load_wrong():
    CLIENT.clear()
    _, lines = configuration()
    for wrong in ("sa in spi 0x1000 dir uplink key-file /nowhere",
                  "sa in spi 0x10 dir uplink key-file keys#1",
                  "sa in spi 0x1000 dir uplink key-file keys#99",
                  "sa in spi 0x1000 dir sideways key-file keys#1",
                  "zebra", lines[2], lines[0]):
        bad = lines + [wrong]
        path = os.path.join(DIR.name, "bad.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(bad) + "\n")
        text = run(f"load {path}", status=1)
        check(f":{len(bad)}" in text or "0x10" in text,
              f"{wrong}: {text!r} names no line")
        equal((CLIENT.list(), CLIENT.listeners()), ([], []), "state")


@case("load: a file that cannot be read to its end is no shorter file")
def load_endless():
    CLIENT.clear()
    lines = [f"listen addr {lab.HOST[4]} port 5060 dir uplink"]
    load(lines)
    path = os.path.join(DIR.name, "endless")
    for text in ("", f"listen addr {lab.HOST[4]} port 5061 dir uplink\n"):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
            file.truncate(1 << 32)
        with LAB.host.inside():
            done = subprocess.run(
                ["sh", "-c", 'ulimit -v 200000; exec "$0" load "$1"', TOOL, path],
                capture_output=True, check=False, text=True)
        equal(done.returncode, 1, f"status ({done.stderr})")
        check("Cannot allocate memory" in done.stderr, f"told: {done.stderr}")
        equal([one["port"] for one in CLIENT.listeners()], [5060], "ports that are listened to")
    os.unlink(path)
    CLIENT.clear()


@case("save and load again")
def round_trip():
    CLIENT.clear()
    sas, lines = configuration()
    load(lines)
    saved = run("save key-dir keys.d")
    os.mkdir(os.path.join(DIR.name, "keys.d"))
    for sa in sas:
        for name in re.findall(r"key-file (\S+)", saved):
            if f"{sa.spi:08x}" in name:
                key_file(sa.key, name)
    path = os.path.join(DIR.name, "saved.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(saved)
    equal(without_rates(run_json(f"load {path}")),
          done((0, 0, 0, 0, 6), (0, 0, 0, 0, 2)), "loading what was saved")

    def state():
        drop = ("age", "key-id", "seq", "counters")
        return (sorted(sorted((k, v) for k, v in one.items() if k not in drop)
                       for one in CLIENT.list()),
                sorted((one["preset"], sorted(one["actions"].items()))
                       for one in CLIENT.listeners()))

    before = state()
    CLIENT.clear()
    # their keys were used: save has written a seq where one is needed
    equal(without_rates(run_json(f"load {path}"))["sa"]["added"], 6, "added")
    equal(state(), before, "state")
    equal(run("save key-dir keys.d").count("\nsa "), 6, "SAs saved again")
    CLIENT.clear()


@case("load of 5,000 SAs")
def load_many():
    CLIENT.clear()
    count = 5000
    keys = [os.urandom(32).hex() for _ in range(count)]
    with open(os.path.join(DIR.name, "keys"), "w", encoding="ascii") as file:
        file.write("\n".join(keys) + "\n")
    lines = [f"sa in spi {0x20000 + n:#x} dir uplink key-file keys#{n + 1}"
             for n in range(count)]
    report = load(lines)
    equal(report["sa"]["added"], count, "added")
    equal(CLIENT.stats()["inbound"], count, "inbound SAs")
    tap.diag(f"{report['per-second']:.0f} SAs a second")
    equal(without_rates(load(lines))["sa"]["unchanged"], count, "unchanged")
    equal(len(run("sa list").splitlines()), count + 1, "lines of the table")
    equal(run_json("sa flush"), {"deleted": count}, "deleted")


CHALLENGE = [
    "SIP/2.0 401 Unauthorized",
    "Via: SIP/2.0/UDP pcscf.example;branch=z9hG4bK1",
    "From: <sip:alice@home1.example>;tag=1",
    "To: <sip:alice@home1.example>;tag=2", "Call-ID: 1@ue",
    "CSeq: 1 REGISTER",
    'WWW-Authenticate: Digest realm="home1.example", nonce="%s", '
    'algorithm=AKAv1-MD5, qop="auth", ik="%s", ck="%s"',
    "Content-Length: 0", "", ""]


def run_state():
    """The states of all SAs."""
    names = ("temporary", "established", "old")
    return {names[one["state"]] for one in CLIENT.list()}


def challenge_text():
    """A 401 with new keys, and these."""
    ck, ik = os.urandom(16), os.urandom(16)
    nonce = sip.b64(os.urandom(32)).decode().translate(
        str.maketrans("-_", "+/")) + "="
    return ("\r\n".join(CHALLENGE) % (nonce, ik.hex(), ck.hex())).encode(), ck, ik


def from_challenge(words, message, status=0):
    """The SPIs of a pair that is made; or the error."""
    result = Result(f"-j sa from-challenge peer {lab.PEER[4]} port 5080 "
                    f"{words}".split(), message)
    equal(result.status, status, f"status of {words} ({result.err})")
    if status:
        equal(result.out, "", "output")
        return result.err
    said = json.loads(result.err)
    return int(said["spi-uplink"], 16), int(said["spi-downlink"], 16)


@case("sa from-challenge: pairs replace one another, and are made whole or not")
def pairs():
    CLIENT.clear()
    offer = "security-client sipsec;ver=1;alg=hmac-sha-256-128;spi="
    first = from_challenge(offer + "a001", challenge_text()[0])
    equal(len(CLIENT.list()), 2, "SAs")
    # a new challenge to the same identity, with the same SPI of the UE
    second = from_challenge(offer + "a001", challenge_text()[0])
    check(second[0] != first[0], "the uplink SPI is drawn anew")
    equal({one["spi"] for one in CLIENT.list()}, set(second), "SPIs")
    equal(run_state(), {"temporary"}, "states")
    # another user's pair stays; it cannot have that SPI at that address
    check("downlink: spi: " in from_challenge(
        offer + "a001 impi bob@home1.example impu sip:bob@home1.example",
        challenge_text()[0], status=1), "which SA")
    check("uplink: spi: " in from_challenge(
        offer + f"a002 spi-uplink {second[0]:#x} impi bob@home1.example",
        challenge_text()[0], status=1), "which SA")
    equal({one["spi"] for one in CLIENT.list()}, set(second), "SPIs")
    third = from_challenge(
        offer + "a002 impi bob@home1.example impu sip:bob@home1.example "
        "impu tel:+12015550123 temporary-seconds 60", challenge_text()[0])
    equal({one["spi"] for one in CLIENT.list()}, set(second + third), "SPIs")
    got = CLIENT.get_in(third[0])
    equal((got["impi"], got["impu"], got["temporary-seconds"]),
          ("bob@home1.example",
           ["sip:bob@home1.example", "tel:+12015550123"], 60), "the pair")
    # what has no reader leaves nothing behind
    reader, writer = os.pipe()
    os.close(reader)
    for sink in (open("/dev/full", "wb"), os.fdopen(writer, "wb")):
        with sink, LAB.host.inside():
            done = subprocess.run(
                [TOOL, "sa", "from-challenge", "peer", lab.PEER[4], "port",
                 "5080", "spi-downlink", "0xa003", "impi", "carol"],
                input=challenge_text()[0], stdout=sink,
                stderr=subprocess.PIPE, check=False)
        equal(done.returncode, 1, f"status where {sink} cannot be written")
        equal({one["spi"] for one in CLIENT.list()}, set(second + third),
              "SPIs")
    CLIENT.clear()


REGISTRAR = os.path.join(os.path.dirname(_BUILT), "..", "examples",
                         "libsipsec", "registrar")


@case("libsipsec: its example makes, uses and deletes a pair")
def library():
    if not os.access(REGISTRAR, os.X_OK):
        raise tap.Skip("examples/libsipsec is not built")
    with open(REGISTRAR, "rb") as file, open(sys.executable, "rb") as python:
        # e_machine
        if file.read(20)[18:] != python.read(20)[18:]:
            raise tap.Skip("examples/libsipsec is built for another machine")
    CLIENT.clear()

    def step(*words, status=0):
        with LAB.host.inside():
            done = subprocess.run([REGISTRAR, *words], capture_output=True,
                                  check=False, cwd=DIR.name)
        out, err = done.stdout.decode(), done.stderr.decode()
        equal(done.returncode, status, f"status of {words}: {err}")
        return err if status else (out, err)

    message, ck, ik = challenge_text()
    offer = "Security-Client: sipsec;ver=1;alg=aes-gmac;spi=a001"
    reg = text_file(register(offer), "register-1")
    text_file(message.decode(), "challenge")
    out, said = step("challenge", lab.PEER[4], "5080", reg, "challenge")
    spis, client, server = said.splitlines()
    up_spi = int(spis.split()[1], 16)
    check(ck.hex() not in out and ik.hex() not in out + said, "keys")
    check(f"Security-Server: {server}\r\n" in out, "Security-Server")
    equal(run_state(), {"temporary"}, "states")
    up = sip.SA(up_spi, kdf(ck, ik, "aes-gmac", 0, up_spi)[:20], sip.GMAC, 0)
    second = register(offer, f"Security-Verify: {server}")
    with LAB.flow(4, preset=STRICT) as flow:
        flow.one(up.sign(second.encode(), 1), "verified")
    reg2 = text_file(second, "register-2")
    step("check", reg2, client, server)
    check("differs" in step("check", reg2, "tls", server, status=1), "bid down")
    listed = step("list")[0].splitlines()
    check(f"in {up_spi:08x} aes-gmac 1" in listed and
          any(one.startswith("verified ") for one in listed),
          f"list: {listed}")
    # the uplink SA is bound to the peer's address
    equal(step("gone", "spi", f"{up_spi:#x}")[0], "1\n", "deleted")
    equal(step("gone", "peer", lab.PEER[4])[0], "1\n", "deleted")
    equal(CLIENT.list(), [], "SAs")
    CLIENT.clear()


@case("sa from-challenge makes the pair and takes the keys out")
def challenge():
    CLIENT.clear()
    ck, ik = os.urandom(16), os.urandom(16)
    nonce = sip.b64(os.urandom(32)).decode().translate(
        str.maketrans("-_", "+/")) + "="
    message = "\r\n".join(CHALLENGE) % (nonce, ik.hex(), ck.hex())
    up_spi, down_spi = sip.new_spi(), sip.new_spi()
    result = Result(
        f"sa from-challenge peer {lab.PEER[4]} port 5080 spi-downlink "
        f"{down_spi:#x} spi-uplink {up_spi:#x} impu sip:alice@home1.example "
        "impu sip:bob@home1.example".split(), message.encode())
    equal(result.status, 0, f"status ({result.err})")
    check(ik.hex() not in result.out + result.err
          and ck.hex() not in result.out + result.err, "keys were printed")
    check("ik=" not in result.out and "ck=" not in result.out,
          f"ik or ck in {result.out}")
    equal([one for one in result.out.split("\r\n")
           if not one.startswith(("WWW-", "Security-Server:"))],
          [one for one in message.split("\r\n") if not one.startswith("WWW-")],
          "the other lines")
    check(f"\r\nSecurity-Server: sipsec;ver=1;alg=hmac-sha-256-128;"
          f"spi={up_spi:x};q=0.9\r\n\r\n" in result.out, "Security-Server")
    check(f'nonce="{nonce}"' in result.out, "the nonce is gone")
    name = "hmac-sha-256-128"
    up = sip.SA(up_spi, kdf(ck, ik, name, 0, up_spi), sip.SHA256, 0)
    down = sip.SA(down_spi, kdf(ck, ik, name, 1, down_spi), sip.SHA256, 1)
    equal(run_state(), {"temporary"}, "states")
    with LAB.flow(4, preset=STRICT) as flow:
        flow.one(up.sign(sip.request("REGISTER"), 1), "verified")
        flow.one(up.sign(sip.request(), 2), "mismatch")
    sink = LAB.peer.udp(lab.PEER[4], 5080)
    sock = LAB.host.udp(lab.HOST[4], 5060)
    answer = sip.response(200, "REGISTER")
    sock.sendto(answer, (lab.PEER[4], 5080))
    equal(down.verify(lab.receive(sink, 1)[0], answer), 1, "seq")
    sink.close()
    sock.close()
    got = CLIENT.get_in(up_spi)
    equal((got["temporary-seconds"], got["pair"], got["impi"], got["impu"]),
          (240, down_spi, "alice@home1.example",
           ["sip:alice@home1.example", "sip:bob@home1.example"]),
          "the pair")
    equal(run_state(), {"established"}, "states after the 2xx")
    # again: refused, and nothing is left or lost
    again = Result(
        f"sa from-challenge peer {lab.PEER[4]} port 5080 spi-downlink "
        f"{down_spi:#x} spi-uplink {up_spi + 1000:#x}".split(),
        message.encode())
    equal((again.status, again.out), (1, ""), "status and output")
    equal(len(CLIENT.list()), 2, "SAs")
    for bad in (message.replace("ik=", "xx="), message.replace("401", "200"),
                message.replace(ck.hex(), ck.hex()[2:]), "nonsense"):
        worse = Result(f"sa from-challenge peer {lab.PEER[4]} port 5081 "
                       "spi-downlink 0x5000".split(), bad.encode())
        equal((worse.status, worse.out), (1, ""), "status and output")
    equal(len(CLIENT.list()), 2, "SAs")
    CLIENT.clear()


def text_file(text, name):
    """A file of that text, and its path."""
    path = os.path.join(DIR.name, name)
    with open(path, "w", encoding="ascii", newline="") as file:
        file.write(text)
    return path


def register(*fields):
    """A REGISTER with these fields too."""
    return "\r\n".join(["REGISTER sip:ims.example SIP/2.0",
                        "From: <sip:alice@home1.example>;tag=1",
                        "To: <sip:alice@home1.example>", "CSeq: 1 REGISTER",
                        *fields, "", ""])


@case("agreement: both sides, by their commands alone; a bid-down is caught")
def agreement():
    CLIENT.clear()
    ck, ik = os.urandom(16), os.urandom(16)
    nonce = sip.b64(os.urandom(32)).decode().translate(
        str.maketrans("-_", "+/")) + "="
    message = ("\r\n".join(CHALLENGE) % (nonce, ik.hex(), ck.hex())).encode()
    offer = run("agree client").strip()
    down_spi = int(re.search("spi=([0-9a-f]+)", offer).group(1), 16)
    check(down_spi > 255 and "hmac-md5-96" not in offer
          and "alg=hmac-sha-256-128" in offer, offer)
    # on the way an attacker leaves the weakest alone
    weak = offer.split(": ")[0] + ": " + offer.split(", ")[-1]
    name = re.search("alg=([^;]+)", weak).group(1)
    path = text_file(register(weak), "register-1")
    result = Result(f"-j sa from-challenge peer {lab.PEER[4]} port 5080 "
                    f"register {path}".split(), message)
    equal(result.status, 0, f"status ({result.err})")
    said = json.loads(result.err)
    equal((said["alg"], said["spi-downlink"]), (name, f"{down_spi:#010x}"),
          "what was chosen")
    equal({one["alg"] for one in CLIENT.list()},
          {sip.ALG_BY_NAME[name]}, "the SAs")
    challenge_ue = text_file(result.out, "401")
    verify = run(f"agree verify message {challenge_ue}").strip()
    equal(verify.split(": ")[1], said["security-server"], "Security-Verify")
    second = register(offer, verify).encode()
    words = f"agree check register {path} challenge {challenge_ue}"
    check("security-client" in run(words, second, status=3), "which field")
    # and when nobody did, the strongest is taken
    CLIENT.clear()
    path = text_file(register(offer), "register-1")
    result = Result(f"-j sa from-challenge peer {lab.PEER[4]} port 5080 "
                    f"register {path}".split(), message)
    said = json.loads(result.err)
    equal(said["alg"], "hmac-sha-256-128", "what was chosen")
    up_spi = int(said["spi-uplink"], 16)
    up = sip.SA(up_spi, kdf(ck, ik, said["alg"], 0, up_spi), sip.SHA256, 0)
    text_file(result.out, "401")
    verify = run(f"agree verify message {challenge_ue}").strip()
    second = register(offer, verify)
    with LAB.flow(4, preset=STRICT) as flow:
        flow.one(up.sign(second.encode(), 1), "verified")
    run(words, second.encode())
    # nothing in common
    path = text_file(register("Security-Client: tls"), "register-1")
    result = Result(f"sa from-challenge peer {lab.PEER[4]} port 5080 "
                    f"register {path}".split(), message)
    equal((result.status, result.out), (4, ""), "nothing in common")
    equal(len(CLIENT.list()), 2, "SAs")
    CLIENT.clear()


@case("aka: a published vector, and the SA key of clause 6")
def aka():
    # TS 35.208, test set 1
    path = os.path.join(DIR.name, "isim")
    with open(path, "w", encoding="ascii",
              opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write("k = 465b5ce8b199b49faa5f0a2ee238a6bc\n"
                   "op = cdc202d5123e20f62b6d676ac72cb318\n")
    rand = "23553cbe9637a89d218ae64dae47bf35"
    out = os.path.join(DIR.name, "derived")
    got = run_json(f"aka secrets {path} rand {rand} sqn ff9bb4d0b607 amf b9b9 "
                   f"alg aes-gmac dir downlink spi 0x4f1a22c0 key-file {out}")
    equal((got["res"], got["ck"], got["ik"], got["ak"]),
          ("a54211d5e3ba50bf", "b40ba9a3c58b2a05bbf0d987b21bf8cb",
           "f769bcd751044604127672711c6d3441", "aa689c648370"), "AKA")
    equal(got["autn"], "55f328b43577b9b94a9ffac354dfafb3", "AUTN")
    equal(stat.S_IMODE(os.stat(out).st_mode) & 0o077, 0, "mode of the file")
    want = kdf(bytes.fromhex(got["ck"]), bytes.fromhex(got["ik"]), "aes-gmac",
               1, 0x4F1A22C0)[:20]
    with open(out, encoding="ascii") as file:
        equal(file.read().strip(), want.hex(), "the SA key")
    CLIENT.clear()
    run(f"sa add in spi 0x4f1a22c0 dir downlink alg aes-gmac key-file {out}")
    equal(len(CLIENT.list()), 1, "SAs")
    wrong = got["autn"][:-1] + ("0" if got["autn"][-1] != "0" else "1")
    run(f"aka secrets {path} rand {rand} autn {wrong}", status=1)
    CLIENT.clear()


@case("monitor prints events as they happen")
def monitor():
    CLIENT.clear()
    with LAB.host.inside():
        process = subprocess.Popen([TOOL, "-j", "monitor"],
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
    # subscribed, once its socket is in the group
    sipsec.wait_for(lambda: re.search(
        rf"^\S+ +16 +\d+ +0*[1-9a-f]", LAB.host.run(
            "cat", "/proc/self/net/netlink"), re.M), "monitor to subscribe")
    sa = CLIENT.new_in()
    with LAB.flow(4, preset=STRICT) as flow:
        message = sa.sign(sip.request(), 1)
        flow.one(message, "verified")
        flow.one(message, "replay")
    CLIENT.flush()
    lines = [process.stdout.readline() for _ in range(3)]
    process.terminate()
    _, err = process.communicate()
    check(all(lines), f"{lines} {err!r}")
    got = [json.loads(line) for line in lines]
    JSON.extend(got)
    equal([one["event"] for one in got], ["sa-added", "datagram",
                                          "sa-deleted"], "events")
    equal((got[1]["class"], got[1]["addr"], got[1]["port"]),
          ("replay", lab.PEER[4], lab.PORT), "the datagram")
    equal(got[2]["reason"], "flush", "reason")
    equal({one["sa"]["spi"] for one in got}, {f"{sa.spi:#010x}"}, "SPIs")


@case("docs/json.md names every key that was printed")
def documented_keys():
    path = os.path.join(os.path.dirname(_BUILT), "..", "..", "docs", "json.md")
    if not os.path.exists(path):
        raise tap.Skip("no docs/json.md")
    with open(path, encoding="utf-8") as file:
        known = set(re.findall("`([a-z0-9-]+)`", file.read()))
    run_json("agree offer")
    run_json("load -", b"")
    printed = {key for value in JSON for key in keys(value)}
    check(len(printed) > 60, f"hardly anything was printed: {printed}")
    equal(printed - known, set(), "keys that are not documented")


@case("-n acts in another namespace")
def other_namespace():
    CLIENT.clear()
    sa = CLIENT.new_in()
    path = f"/proc/{os.getpid()}/fd/{LAB.host.fd}"
    done_there = subprocess.run([TOOL, "-n", path, "-j", "sa", "list"],
                                capture_output=True, check=False)
    equal(done_there.returncode, 0, f"status ({done_there.stderr})")
    equal([one["spi"] for one in json.loads(done_there.stdout)],
          [f"{sa.spi:#010x}"], "SPIs")
    here = subprocess.run([TOOL, "-j", "sa", "list"], capture_output=True,
                          check=False)
    check(f"{sa.spi:x}" not in here.stdout.decode(), "the same namespace")
    CLIENT.clear()


if __name__ == "__main__":
    tap.run()
