#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A network that loses, doubles and reorders (netem), and SIPp on both sides:
each call is completed, since each retransmission is signed anew.

      ue                               pcscf
    +----------------------+   veth  +----------------------+
    | SIPp   eth0 192.0.2.1|--netem--|eth0 192.0.2.2   SIPp |
    | sipsec               |         |               sipsec |
    +----------------------+         +----------------------+

A packet socket on each end sees what arrives there, before it is verified.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading

from lib import netns, packet, sip, sipsec, tap
from lib.sipsec import STRICT
from lib.tap import Failed, Skip, case, check, equal

if not shutil.which("sipp"):
    tap.skip_all("no program sipp")
sipsec.need_module()

DIR = tempfile.TemporaryDirectory()
UE, PCSCF, PORT = "192.0.2.1", "192.0.2.2", 5060
NETEM = "loss 20% duplicate 10% delay 15ms 12ms"
CALLS = 12
HEAD = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:alice@home1.example>;tag=[call_number]
To: <sip:bob@home1.example>[peer_tag_param]
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:alice@[local_ip]:[local_port]>
Content-Length: 0

"""
ANSWER = """[last_Via:]
[last_From:]
[last_To:]{tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:bob@[local_ip]:[local_port]>
Content-Length: 0

"""


def send(line, text, retrans=True):
    """A message of a scenario."""
    return f"<send{' retrans=' + chr(34) + '500' + chr(34) if retrans else ''}>" \
        f"<![CDATA[\n{line}\n{text}]]></send>\n"


def request(method, cseq, retrans=True):
    """A request of the caller's."""
    return send(f"{method} sip:bob@{PCSCF}:{PORT} SIP/2.0",
                HEAD.format(method=method, cseq=cseq), retrans)


# The late one of two responses, or a request before the one that was lost, is
# left alone, and comes again: no default behaviours.  SIPp's -nd, which should say
# the same, does nothing where octets are in the other order.
CALLER = request("INVITE", 1) + """
<recv response="180" optional="true"/>
<recv response="200"/>
""" + request("ACK", 1, False) + request("BYE", 2) + '<recv response="200"/>\n'
CALLED = '<recv request="INVITE"/>\n' \
    + send("SIP/2.0 180 Ringing", ANSWER.format(tag=";tag=b[call_number]"),
           False) \
    + send("SIP/2.0 200 OK", ANSWER.format(tag=";tag=b[call_number]")) \
    + '<recv request="ACK"/>\n<recv request="BYE"/>\n' \
    + send("SIP/2.0 200 OK", ANSWER.format(tag=""), False) \
    + '<timewait milliseconds="32000"/>\n'


class Side:
    """A host: its addresses, what arrives there, its SIPp."""

    def __init__(self, name, own, scenario):
        self.name, self.own = name, own
        self.space = netns.Netns(name)
        self.path = os.path.join(DIR.name, f"{name}.xml")
        self.errors = os.path.join(DIR.name, f"{name}.errors")
        with open(self.path, "w", encoding="ascii") as file:
            file.write('<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
                       f'<scenario name="{name}">\n{scenario}</scenario>\n')
        self.arrived = []
        self.client = self.listener = self.wire = None

    def up(self, direction):
        """With an address, netem, a listener, and who watches."""
        self.space.ip(f"addr add {self.own}/24 dev eth0")
        try:
            self.space.run("tc", "qdisc", "add", "dev", "eth0", "root",
                           "netem", *NETEM.split())
        except (RuntimeError, FileNotFoundError) as why:
            raise Skip(f"no netem: {why}") from why
        self.client = self.space.make(sipsec.Client)
        self.listener = self.client.listen(self.own, PORT, direction,
                                           preset=STRICT)
        self.wire = packet.Wire(self.space)
        self.wire.assembler.partial = True
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        """Note the SPI and seq of all that arrives."""
        for one in self.wire.datagrams(1e6, PORT):
            if one.dst == self.own:
                field = re.search(rb"^(?:Integrity|g): *(\w+);seq=(\w+);"
                                  rb"mac=[\w-]+\r\n", one.payload, re.M)
                self.arrived.append(
                    (field and field.group(1, 2),
                     field and one.payload.replace(field[0], b"")))

    def sipp(self, *words):
        """Start SIPp."""
        with self.space.inside():
            return subprocess.Popen(
                ["sipp", "-sf", self.path, "-i", self.own, "-p", str(PORT),
                 "-nostdin", "-default_behaviors", "none", "-rtcheck", "loose",
                 "-max_retrans", "30",
                 "-max_invite_retrans", "30", "-watchdog_minor_maxtriggers",
                 "1000000", "-watchdog_major_maxtriggers", "1000000",
                 "-trace_err", "-error_file", self.errors, *words],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, cwd=DIR.name,
                env={**os.environ, "TERM": "dumb"})

    def account(self):
        """Wait until all that has arrived is counted: once what came once,
        and as a replay what came again.  The retransmissions among it."""
        def settled():
            counters = self.listener.counters()
            return sum(counters.values()) == len(self.arrived) and counters
        counters = sipsec.wait_for(settled, lambda: f"{self.name}: "
                                   f"{self.listener.counters()} of "
                                   f"{len(self.arrived)} datagrams")
        marks = [mark for mark, _ in self.arrived]
        check(None not in marks, f"{self.name}: something came unsigned")
        once = set(marks)
        want = {"verified": len(once), "replay": len(marks) - len(once)}
        equal(counters, sipsec.counted(want), f"{self.name}: counters")
        texts = {mark: text for mark, text in self.arrived}
        again = len(texts) - len(set(texts.values()))
        tap.diag(f"{self.name}: {len(marks)} datagrams arrived, "
                 f"{want['replay']} of them twice, {again} were "
                 "retransmissions")
        return again


@case(f"SIPp over a network with {NETEM}: every call is completed")
def calls():
    ue, pcscf = Side("ue", UE, CALLER), Side("pcscf", PCSCF, CALLED)
    netns.link(ue.space, pcscf.space)
    ue.up(sip.DOWNLINK)
    pcscf.up(sip.UPLINK)
    for sender, receiver, direction in ((ue, pcscf, sip.UPLINK),
                                        (pcscf, ue, sip.DOWNLINK)):
        sa = sip.SA.new(direction=direction)
        receiver.client.add_in(sa)
        sender.client.add_out(sa, receiver.own, PORT, seq=1)
    called = pcscf.sipp()
    sipsec.wait_for(lambda: f":{PORT:04X} " in pcscf.space.run(
        "cat", "/proc/self/net/udp"), "SIPp's socket")
    caller = ue.sipp("-m", str(CALLS), "-l", str(CALLS), "-r", "20",
                     f"{PCSCF}:{PORT}")
    try:
        status = caller.wait(tap.DEADLINE * 4)
    except subprocess.TimeoutExpired as late:
        caller.kill()
        raise Failed("calls that do not end") from late
    finally:
        called.send_signal(signal.SIGKILL)
        called.wait()
    if status:
        tap.tail(ue.errors)
    equal(status, 0, "SIPp's exit status")
    again = ue.account() + pcscf.account()
    check(again, "nothing was sent again: no test")
    for side in (ue, pcscf):
        stats = side.client.stats()
        equal((stats["unsigned"], stats["tx-failed"]), (0, 0),
              f"{side.name}: not signed")
        side.listener.remove()
        side.client.flush()


if __name__ == "__main__":
    tap.run()
