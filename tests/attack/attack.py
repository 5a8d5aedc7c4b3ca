#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Forgeries in bulk against the module, counted exactly.

    attack.py [TITLE...]        a kernel with the module, as root

ATTACK_MESSAGES (1000) signed messages have each of their bits flipped; ATTACK_MACS
(250000) random MACs are tried for each algorithm; ATTACK_TWICE (1000000) datagrams
arrive on two CPUs at once; ATTACK_FLOOD (100000) of each class go by while a call
goes on.
"""

import os
import random
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../selftests"))
# pylint: disable=wrong-import-position
from lib import lab, sip, sipsec, tap                  # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402

SEND = os.environ.get("ATTACK_SEND", os.path.join(HERE, "../../build/attack/send"))


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


def send(messages, how, count=1, source=lab.PORT):
    """How many were sent."""
    data = b"".join(struct.pack("<I", len(one)) + one for one in messages)
    with LAB.peer.inside():
        done = subprocess.run(
            [SEND, lab.HOST[4], str(lab.PORT), str(source), how, str(count)],
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
                    lambda: f"{sent} sent, {listener.counters()}", 300)
    counters = listener.counters()
    equal(sum(counters.values()), sent, "datagrams counted")
    return counters


def variety(serial):
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


def signed(count, algs=None, first=1):
    """count messages of an SA for each algorithm, which the host has."""
    sas = [sip.SA.new(alg) for alg in algs or ALGS]
    for sa in sas:
        # never throttled: each guess is looked at
        LAB.client.add_in(sa, seq=0, window=4096, budget=0xfffffffe)
    return [sas[n % len(sas)].sign(variety(n), first + n,
                                   at=0 if n % 3 else RND.randrange(3),
                                   line=None if n % 2 else
                                   b"g:%(spi)x;seq=%(seq)x;mac=%(mac)s")
            for n in range(count)]


@case("each bit of signed messages flipped: none verifies")
def flip():
    listener = listen()
    messages = signed(number("MESSAGES", 1000))
    want = 8 * sum(len(one) for one in messages)
    sent = 0
    for base in range(0, len(messages), 50):
        sent += send(messages[base:base + 50], "flips")
        equal(count_all(listener, sent).get("verified", 0), 0, "verified")
    equal(sent, want, "flips sent")
    tap.diag(f"{len(messages)} messages, {sent} flips: {listener.counters()}")
    # and each of them as it was made does
    sent += send(messages, "repeat")
    equal(count_all(listener, sent)["verified"], len(messages), "verified")


@case("random MACs: none verifies")
def guess():
    listener = listen()
    messages = signed(len(ALGS))
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
        LAB.client.call("sa-replace",
                        sa=LAB.client.inbound(sa, seq=0, window=WINDOW))
        both.again()
    both.close()
    server.close()
    tap.diag(f"{done} datagrams: {listener.counters()}")


def floods():
    """name, messages of a class that a listener throws away."""
    unknown = sip.SA.new()
    known = sip.SA.new()
    LAB.client.add_in(known, seq=0)
    good = known.sign(sip.request(), 1)
    yield "unknown-spi", [unknown.sign(sip.request(), n + 1) for n in range(50)]
    yield "malformed", [b"OPTIONS sip:x SIP/2.0\r\nno header\r\n\r\n" * n
                        for n in range(1, 30)]
    yield "unprotected", [sip.request("REGISTER") for _ in range(50)]
    yield "bad-mac", [good.replace(b"home1", b"home%d" % n, 1)
                      for n in range(2, 10)]


@case("floods: a call goes on, counters add up")
def flood():
    listener = listen()
    total = 0
    server = LAB.host.udp(lab.HOST[4], lab.PORT)
    sender = LAB.peer.udp(lab.PEER[4], 5070)
    caller = sip.SA.new()
    LAB.client.add_in(caller, seq=0)
    seq = 0
    rounds = number("FLOOD", 100000)
    for name, messages in list(floods()):
        wanted = []
        for _ in range(20):
            seq += 1
            message = caller.sign(sip.request("OPTIONS", cseq=seq), seq)
            part = send(messages, "repeat", max(1, rounds // 20 // len(messages)),
                        source=5060)
            sender.sendto(message, (lab.HOST[4], lab.PORT))
            total += part + 1
            wanted.append(message)
            count_all(listener, total)
        got = []
        while len(got) < len(wanted):
            got += [one for one in lab.receive(server, 1) if one in wanted]
        tap.diag(f"flood of {name}: {listener.counters()}")
    equal(listener.counters()["verified"], seq, "messages of the call")


if __name__ == "__main__":
    tap.run()
