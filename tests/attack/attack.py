#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Forgeries in bulk against the module, counted exactly.

    attack.py [TITLE...]        a kernel with the module, as root

ATTACK_MESSAGES (1000) signed messages have each of their bits flipped; ATTACK_MACS
(250000) random MACs are tried for each algorithm; ATTACK_TWICE (1000000) datagrams
arrive on two CPUs at once; ATTACK_FLOOD (100000) of each class go by while a call
goes on; ATTACK_MANY (100000) entries are asked for of each table. ATTACK_FROM names
directories with more messages to be flipped.
"""

import glob
import os
import random
import re
import select
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../selftests"))
# pylint: disable=wrong-import-position
from lib import lab, sip, sipsec, tap                  # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402

BUILD = os.path.join(HERE, "../../build/attack")
SEND = os.path.join(BUILD, "send")
RECEIVE = os.path.join(BUILD, "receive")


def number(name, default):
    """A number of the environment."""
    return int(os.environ.get(f"ATTACK_{name}", default))


sipsec.need_module()
if not os.access(SEND, os.X_OK):
    tap.skip_all(f"no {SEND}: make -C tests/attack")
LAB = lab.Lab()
ALGS = [nr for nr, row in LAB.client.info()[1].items()
        if "driver" in row and nr != sip.MD5 and nr in sip.ALGS]
RND = random.Random(5395)


def send(messages, how, count=1, source=lab.PORT, where=None, to=lab.HOST[4]):
    """How many were sent."""
    data = b"".join(struct.pack("<I", len(one)) + one for one in messages)
    with (where or LAB.peer).inside():
        done = subprocess.run(
            [SEND, to, str(lab.PORT), str(source), how, str(count)],
            input=data, capture_output=True, check=False)
    check(not done.returncode, done.stderr.decode())
    return int(done.stdout)


def listen(**more):
    """A listener, counting from nothing."""
    LAB.client.clear()
    return LAB.client.listen(lab.HOST[4], lab.PORT, **more)


def count_all(listener, sent):
    """The counters, once all that was sent is counted."""
    sipsec.wait_for(lambda: sum(listener.counters().values()) >= sent,
                    lambda: f"{sent} sent, {listener.counters()}", number("DEADLINE", 300))
    counters = listener.counters()
    equal(sum(counters.values()), sent, "datagrams counted")
    return counters


def made_up(serial):
    """A message unlike the one before it."""
    methods = ["OPTIONS", "REGISTER", "INVITE", "MESSAGE", "BYE", "ACK"]
    extra = [b"Contact: <sip:alice@192.0.2.1:5060;transport=udp>;expires=600",
             b"Subject: " + bytes(RND.choice(b"abcdefgh ") for _ in
                                  range(RND.randrange(40))),
             b"Route: <sip:pcscf.ims.example;lr>,\r\n <sip:scscf.ims.example;lr>",
             b"P-Access-Network-Info: 3GPP-E-UTRAN-FDD;"
             b"utran-cell-id-3gpp=2341592653"]
    headers = RND.sample(extra, RND.randrange(len(extra)))
    body = bytes(RND.choice(b"v=0\r\no=- 1 c") for _ in
                 range(RND.choice([0, 0, 5, 60])))
    return sip.request(methods[serial % len(methods)], body=body,
                       headers=headers, cseq=serial + 1)


def published():
    """Messages of RFCs and of the benchmark, and what is in ATTACK_FROM."""
    top = os.path.join(HERE, "..")
    where = [f"{top}/vectors/rfc4475/*", f"{top}/vectors/rfc5118/crlf/*",
             f"{top}/bench/messages/*"]
    where += [f"{more}/**/*" for more in os.environ.get("ATTACK_FROM", "").split()]
    result = []
    for path in sorted(path for one in where for path in glob.glob(one, recursive=True)):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                message = file.read()
            if 100 < len(message) < 1000 and b"\r\n\r\n" in message:
                result.append(message)
    return result


def well_formed(messages, listener):
    """Those of them that verify once they are signed."""
    sa = LAB.client.new_in(window=4096)
    result = []
    sent = 0
    for seq, message in enumerate(messages, 1):
        before = listener.counters().get("verified", 0)
        sent += send([sa.sign(message, seq)], "repeat")
        if count_all(listener, sent).get("verified", 0) > before:
            result.append(message)
    return result, sent


def varied(message):
    """The same with another Call-ID and another tag, where it has these."""
    message = re.sub(rb"(\r\n(?:Call-ID|i) *: *)[^\r\n]*\r\n(?=[^ \t])",
                     lambda m: m[1] + b"%x@ue.example\r\n" % RND.getrandbits(40),
                     message, 1, re.I)
    return re.sub(rb";tag=[0-9A-Za-z]+", lambda m: b";tag=%x" % RND.getrandbits(32),
                  message, 1)


def signed(messages, algs=None):
    """The messages, of an SA for each algorithm in turn, which the host has."""
    sas = [sip.SA.new(alg) for alg in algs or ALGS]
    for sa in sas:
        # never throttled: each guess is looked at
        LAB.client.add_in(sa, seq=0, window=4096, budget=0xfffffffe)
    return [sas[n % len(sas)].sign(message, 1 + n,
                                   line=None if n % 2 else
                                   b"g:%(spi)x;seq=%(seq)x;mac=%(mac)s")
            for n, message in enumerate(messages)]


@case("each bit of signed messages flipped: none verifies")
def flip():
    listener = listen()
    bases, sent = well_formed(published(), listener)
    have = listener.counters().get("verified", 0)
    wanted = number("MESSAGES", 1000)
    # as many are made up as there are of the published ones, each in a new dress
    messages = signed([varied(bases[n // 2 % len(bases)]) if n % 2 else made_up(n)
                       for n in range(wanted)])
    want = sent + 8 * sum(len(one) for one in messages)
    tap.diag(f"{len(bases)} published messages, and made up ones")
    for base in range(0, len(messages), 50):
        sent += send(messages[base:base + 50], "flips")
        equal(count_all(listener, sent).get("verified", 0), have, "verified")
    equal(sent, want, "flips sent")
    tap.diag(f"{len(messages)} messages, {sent} flips and whole ones: "
             f"{listener.counters()}")
    # and each of them as it was made does
    sent += send(messages, "repeat")
    equal(count_all(listener, sent)["verified"], have + len(messages), "verified")


@case("random MACs: none verifies")
def guess():
    listener = listen()
    messages = signed([made_up(n) for n in range(len(ALGS))])
    sent = send(messages, "macs", number("MACS", 250000))
    counters = count_all(listener, sent)
    tap.diag(f"{sent} guesses: {counters}")
    equal(set(counters), {"bad-mac"}, "classes")


WINDOW = 4096


class Both:
    """The same messages from two CPUs at once, round by round."""

    def __init__(self, messages):
        with LAB.peer.inside():
            # pylint: disable=consider-using-with
            self.child = subprocess.Popen(
                [SEND, lab.HOST[4], str(lab.PORT), str(lab.PORT), "twice"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE)
        for one in messages:
            self.child.stdin.write(struct.pack("<I", len(one)) + one)
        # the end of them: the first round begins
        self.child.stdin.write(bytes(4))
        self.child.stdin.flush()

    def sent(self):
        """How many, at the end of a round."""
        line = self.child.stdout.readline()
        if not line:
            error = self.child.stderr.read()
            if b"second CPU" in error:
                raise tap.Skip("one CPU")
            check(False, error.decode())
        return int(line)

    def again(self):
        """Another round."""
        self.child.stdin.write(b".")
        self.child.stdin.flush()

    def close(self):
        """No round is under way."""
        self.child.communicate()


@case("one datagram on two CPUs at once: accepted once")
def twice():
    # a veth hands a datagram on where it was sent from
    listener = listen()
    # never read; without it each verified one would be answered by ICMP
    server = LAB.host.udp(lab.HOST[4], lab.PORT)
    sa = LAB.client.add_in(sip.SA.new(), seq=0, window=WINDOW)
    wanted = number("TWICE", 1000000)
    messages = [sa.sign(b"A b SIP/2.0\r\n\r\n", n + 1)
                for n in range(min(WINDOW, wanted))]
    both = Both(messages)
    done = 0
    while True:
        sent = both.sent()
        done += len(messages)
        equal(sent, 2 * done, "datagrams sent")
        equal(count_all(listener, sent), {"verified": done, "replay": done},
              "classes")
        if done >= wanted:
            break
        # the same key once more, and an empty window
        LAB.client.del_in(sa.spi)
        LAB.client.add_in(sa, seq=0, window=WINDOW)
        both.again()
    both.close()
    server.close()
    tap.diag(f"{done} datagrams: {listener.counters()}")


class Caller:
    """Who signs what has to arrive while a flood goes on."""

    def __init__(self, alg=sip.SHA256):
        self.sa = sip.SA.new(alg)
        self.seq = 0

    def install(self):
        """The host has its SA, as new."""
        LAB.client.add_in(self.sa, seq=self.seq)

    def message(self, numbered_one=True):
        """The next; the receiver counts those with a number."""
        self.seq += 1
        headers = [b"X-Call: %x" % self.seq] if numbered_one else []
        return self.sa.sign(sip.request("OPTIONS", cseq=self.seq, headers=headers,
                                        body=b"v=0\r\n" * 20), self.seq)


def floods(caller):
    """name, how it is sent, messages, the classes it is counted in."""
    unknown = sip.SA.new()
    good = caller.message(False)
    # above all that the caller has sent, so that it is no replay
    ahead = caller.sa.sign(sip.request(), 1 << 30)
    # from another port than the caller's; the SPI is the caller's own
    yield "unknown SPI", "repeat", [unknown.sign(sip.request(), n + 1)
                                    for n in range(50)], {"unknown-spi"}
    yield "malformed", "repeat", [
        b"OPTIONS sip:x SIP/2.0\r\nno header\r\n\r\n" * n
        for n in range(1, 30)], {"malformed"}
    yield "unprotected REGISTER", "repeat", [
        sip.request("REGISTER") for _ in range(50)], {"unprotected", "ratelimited"}
    yield "unprotected REGISTER, each from another address", "sources", [
        sip.request("REGISTER")], {"unprotected", "ratelimited"}
    yield "emergency", "count", [
        sip.request("INVITE", uri=b"urn:service:sos", call_id=b"@@@@@@@@")], {
            "emergency", "ratelimited"}
    yield "bad MAC on the caller's SPI", "repeat", [
        ahead.replace(b"home1", b"home%d" % n, 1) for n in range(2, 10)], {
            "bad-mac", "throttled"}
    yield "replays of the caller", "repeat", [good], {"verified", "replay"}
    yield "first fragments", "fragments", [
        caller.sa.sign(sip.request(pad_to=1400), 1 << 30)], set()


def during(how, messages, rounds, caller):
    """The caller's messages while the flood goes on: (sent by the flood, by the caller,
    datagrams that arrived, of the caller)."""
    server = LAB.host.udp(lab.HOST[4], lab.PORT)
    # as a program has it that asks for nothing
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 212992 // 2)
    sender = LAB.peer.udp(lab.PEER[4], 5070)
    data = b"".join(struct.pack("<I", len(one)) + one for one in messages)
    with subprocess.Popen([RECEIVE, str(server.fileno())], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, pass_fds=[server.fileno()]) as receiver:
        with LAB.peer.inside():
            flood_of = subprocess.Popen(  # pylint: disable=consider-using-with
                [SEND, lab.HOST[4], str(lab.PORT), "5060", how, str(rounds)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        flood_of.stdin.write(data)
        flood_of.stdin.close()
        calls = 0
        begin = time.monotonic()
        while flood_of.poll() is None or calls < 20:
            sender.sendto(caller.message(), (lab.HOST[4], lab.PORT))
            calls += 1
            # paced: a kernel without a flood loses none of them
            select.select([], [], [], 0.01)
        sent = int(flood_of.stdout.read())
        seconds = time.monotonic() - begin
        yield sent, calls, seconds     # let it settle: what is counted is waited for
        receiver.stdin.close()
        got, different = map(int, receiver.stdout.read().split())
    yield got, different


def one_flood(row, caller, rounds, listener):
    """(of the caller's how many were lost, of the flood's let in, a line of figures)."""
    _, how, messages, classes = row
    steps = during(how, messages, max(1, rounds // len(messages)), caller)
    sent, calls, seconds = next(steps)
    whole = 0
    counters = {}
    if listener:
        # fragments that never come whole reach no listener
        counters = count_all(listener, calls + (sent if classes else 0))
        check(set(counters) <= classes | {"verified"}, f"classes {counters}")
        whole = counters["verified"]
    got, different = next(steps)
    lost = calls - different
    let_in = sent
    if listener:
        # the first of the replays may be new
        check(whole - calls in ({0, 1} if "replay" in classes else {0}),
              f"{whole} verified, {calls} of the caller")
        let_in = sum(counters.get(name, 0) for name in ("unprotected", "emergency"))
        check(got <= let_in + whole, "more arrived than was let in")
    return lost, let_in, f"{sent} in {seconds:.1f} s, {calls} of the caller, {lost} lost" \
        + (f", {counters}" if listener else "")


@case("floods, beside the kernel alone: the caller loses no more, counters add up")
def flood():
    rounds = number("FLOOD", 100000)
    for alg in (sip.SHA256, sip.EIA2):
        caller = Caller(alg)
        for row in list(floods(caller)):
            # one flood is enough of what does not look at the SA
            if alg == sip.EIA2 and "caller" not in row[0]:
                continue
            LAB.client.clear()
            alone, _, text = one_flood(row, caller, rounds, None)
            tap.diag(f"{sip.ALGS[alg][0]}: {row[0]}, kernel alone: {text}")
            listener = listen()
            caller.install()
            lost, let_in, text = one_flood(row, caller, rounds, listener)
            tap.diag(f"{sip.ALGS[alg][0]}: {row[0]}, sipsec: {text}")
            # What is let in, as policy says, may fill the program's socket as it does
            # with the kernel alone; where that is little, nothing is lost.
            check(not lost or (let_in > 1000 and alone),
                  f"{lost} lost, {alone} by the kernel alone")


#
# Tables: what an attacker chooses does not make them slower or larger
#

def kernel_memory():
    """Octets of slabs and of vmalloc, of which the tables are made."""
    with open("/proc/meminfo", encoding="ascii") as file:
        rows = dict(line.split(":") for line in file)
    return sum(int(rows[name].split()[0]) << 10 for name in ("SUnreclaim", "VmallocUsed"))


class Filling:
    """A table that is filled by four floods, one like the other."""

    def __init__(self, name, listener):
        self.name, self.listener = name, listener
        self.parts = []
        self.octets = []
        self.sent = 0

    def part(self, sent, begin):
        """One is sent: what it took, and what memory is in use now."""
        self.sent += sent
        if self.listener:
            count_all(self.listener, self.sent)
        self.parts.append((time.monotonic() - begin) / sent)
        self.octets.append(kernel_memory())

    def done(self):
        """Memory has not grown since the first; the cost is told."""
        more = self.octets[-1] - self.octets[0]
        costs = " ".join(f"{one / self.parts[0]:.2f}" for one in self.parts)
        tap.diag(f"{self.name}: {self.sent} datagrams, {more >> 10:+} KiB after the "
                 f"first quarter; cost of a datagram by quarters {costs}")
        check(more < 512 << 10, f"{self.name}: {more} octets more")


QUARTER = number("MANY", 100000) // 4


def numbered(message, first, numbers):
    """What send makes of @@@@@@@@ for each of the numbers."""
    return [message.replace(b"@" * 8, b"%08x" % (first + n)) for n in numbers]


@case("SPIs in a row, alike or at random: a datagram costs the same")
def spis():
    def random_spi(_):
        return RND.randrange(256, 1 << 32)

    costs = {}
    # the first one is before all is warm
    for name, spi_of in (("at random, before", random_spi),
                         ("at random", random_spi),
                         ("in a row", lambda n: 0x10000000 + n),
                         ("alike in their lower half", lambda n: (n + 1) << 16),
                         ("alike in their upper half", lambda n: 0x12340000 + n)):
        listener = listen()
        count = min(QUARTER, 50000)
        sas = [sip.SA(spi_of(n), os.urandom(32)) for n in range(count)]
        sas = list({sa.spi: sa for sa in sas}.values())
        errors = LAB.client.genl.batch(
            [(sipsec.CMD["sa-add"], sipsec.encode(sipsec.MSG, {
                "sa": LAB.client.inbound(sa, seq=1)})) for sa in sas])
        check(not errors, errors)
        # a wrong MAC of the right length is found wrong when all has been looked up
        plain = sip.request()
        at = plain.index(b"\r\n") + 2
        messages = [plain[:at] + b"g:%x;seq=5;mac=" % sa.spi + b"A" * 22 + b"\r\n"
                    + plain[at:] for sa in RND.sample(sas, min(500, len(sas)))]
        took = []
        sent = 0
        for _ in range(5):
            begin = time.monotonic()
            sent += send(messages, "repeat", max(1, QUARTER // len(messages) // 5))
            equal(set(count_all(listener, sent)), {"bad-mac"}, "classes")
            took.append(time.monotonic() - begin)
        costs[name] = min(took)
    for name, cost in costs.items():
        tap.diag(f"SPIs {name}: {cost / costs['at random']:.2f} of the cost of those at random")
    LAB.client.clear()


@case("unknown SPIs: none is remembered")
def unknown_spis():
    listener = listen()
    fill = Filling("unknown SPIs", listener)
    plain = sip.request()
    at = plain.index(b"\r\n") + 2
    for _ in range(4):
        begin = time.monotonic()
        # reserved ones among them
        fill.part(send([plain[:at] + b"g:@@@@@@@@;seq=5;mac=" + b"A" * 22 + b"\r\n"
                        + plain[at:]], "count", QUARTER), begin)
    equal(set(listener.counters()), {"unknown-spi"}, "classes")
    fill.done()


@case("REGISTERs that leave without protection: the newest are remembered, no more")
def requests():
    listener = listen(direction=sip.DOWNLINK, rate=1000000)
    fill = Filling("REGISTERs sent", None)
    for part in range(4):
        begin = time.monotonic()
        message = sip.request("REGISTER", call_id=b"%d-@@@@@@@@" % part)
        fill.part(send([message], "count", QUARTER, source=lab.PORT,
                       where=LAB.host, to=lab.PEER[4]), begin)
    fill.done()
    server = LAB.host.udp(lab.HOST[4], lab.PORT)
    answer = sip.response(401, "REGISTER", call_id=b"%d-@@@@@@@@")
    sent = 0
    # no more than the socket has room for
    for part, first, wanted in ((3, QUARTER - 199, 200), (0, 1, 0)):
        sent += send([one.replace(b"%d", b"%d" % part)
                      for one in numbered(answer, first, range(200))], "repeat")
        count_all(listener, sent)
        got = lab.receive(server, wanted)
        equal(len(got) + lab.drop_pending(server), wanted,
              f"answers that pass, of part {part}")
    server.close()


@case("emergencies: the newest are remembered, no more")
def emergencies():
    listener = listen(rate=1000000)
    fill = Filling("emergencies", listener)
    invites = []
    for part in range(4):
        begin = time.monotonic()
        invites.append(sip.request("INVITE", uri=b"urn:service:sos",
                                   call_id=b"%d-@@@@@@@@" % part))
        fill.part(send([invites[-1]], "count", QUARTER), begin)
    equal(listener.counters(), {"emergency": 4 * QUARTER}, "counters")
    fill.done()
    known = 0
    for part, first, wanted in ((3, QUARTER - 499, 500), (0, 1, 0)):
        ack = invites[part].replace(b"INVITE", b"ACK")
        fill.sent += send(numbered(ack, first, range(500)), "repeat")
        known += wanted
        counters = count_all(listener, fill.sent)
        equal(counters["emergency"], 4 * QUARTER + known, f"ACKs of part {part} known")


@case("sources of what is not signed: as many as one likes")
def sources():
    listener = listen()
    fill = Filling("sources", listener)
    for _ in range(4):
        begin = time.monotonic()
        fill.part(send([sip.request("REGISTER")], "sources", QUARTER), begin)
    check(set(listener.counters()) <= {"unprotected", "ratelimited"},
          f"classes {listener.counters()}")
    fill.done()


if __name__ == "__main__":
    tap.run()
