# SPDX-License-Identifier: GPL-2.0
"""Kamailio's own check of HTTP Digest (RFC 3261 clause 22), as a row beside ours.

A REGISTER with credentials goes to one of two ports of a Kamailio with one
process, and is handed on: from one port as it came, from the other once
pv_www_authenticate() has found its response right. The difference is the check.
"""

import atexit
import hashlib
import os
import re
import socket
import subprocess
import tempfile

REALM, USER, PASSWORD = "home1.example", "user1_public1", "secret"
URI = f"sip:{REALM}"
#: Where it listens, and where it hands on what came there.
BARE, CHECKED = (5060, 5070), (5061, 5071)

CONFIG = """
debug=-1
log_stderror=yes
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:{addr}:{bare[0]}
listen=udp:{addr}:{checked[0]}
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "auth.so"
modparam("auth", "nonce_expire", 36000)
request_route {{
	if ($Rp == {bare[0]}) {{
		$du = "sip:{addr}:{bare[1]}";
	}} else {{
		if (!pv_www_authenticate("{realm}", "{password}", "0")) {{
			www_challenge("{realm}", "0");
			exit;
		}}
		$du = "sip:{addr}:{checked[1]}";
	}}
	forward();
}}
"""


def md5(text):
    """In hex."""
    return hashlib.md5(text.encode()).hexdigest()


def message(credentials="", length=0):
    """A REGISTER of that many octets, or as few as can be for 0; else None."""
    head = (f"REGISTER {URI} SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKnashds7;rport\r\n"
            "Max-Forwards: 70\r\n"
            f"From: <sip:{USER}@{REALM}>;tag=4fa3\r\n"
            f"To: <sip:{USER}@{REALM}>\r\n"
            "Contact: <sip:192.0.2.2:5060>;expires=600000\r\n"
            "Call-ID: apb03a0s09dkjdfglkj49111\r\n"
            f"{credentials}CSeq: 2 REGISTER\r\n")
    tail = "Content-Length: 0\r\n\r\n"
    agent = "User-Agent: "
    left = length - len(head) - len(agent) - len(tail) - 2
    if length and left < 0:
        return None
    return (head + (f"{agent}{'x' * left}\r\n" if length else "") + tail).encode()


def credentials_for(nonce):
    """The header field, without qop."""
    response = md5(f"{md5(f'{USER}:{REALM}:{PASSWORD}')}:{nonce}:{md5(f'REGISTER:{URI}')}")
    return (f'Authorization: Digest username="{USER}", realm="{REALM}", nonce="{nonce}", '
            f'uri="{URI}", algorithm=MD5, response="{response}"\r\n')


def challenge(addr, program):
    """The nonce of a Kamailio that may yet be starting."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((addr, CHECKED[0]))
        # no time limit: the clock of an emulator that counts instructions leaps
        while program.poll() is None:
            try:
                sock.send(message())
                return re.search(rb'nonce="([^"]+)"', sock.recv(4096)).group(1).decode()
            except ConnectionRefusedError:
                os.sched_yield()
    raise SystemExit(f"kamailio: ended with status {program.returncode}")


def kamailio_rows(bench):
    """Both rows; none where there is no Kamailio."""
    path = bench.Path("kamailio")
    with tempfile.NamedTemporaryFile("w", suffix=".cfg", delete=False) as config:
        config.write(CONFIG.format(addr=bench.PROXY, bare=BARE, checked=CHECKED, realm=REALM,
                                   password=PASSWORD))
    atexit.register(os.unlink, config.name)
    try:
        program = subprocess.Popen(["kamailio", "-f", config.name, "-DD", "-E", "-x", "fm", "-m", "32"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        print("# kamailio: not installed", flush=True)
        return []
    atexit.register(program.kill)
    credentials = credentials_for(challenge(bench.PROXY, program))

    def register(text):
        return message(credentials, len(text))

    return [bench.Row(f"kamailio-{name}", path, ports[0], "wait", arrives_at=ports[1],
                      message=register)
            for name, ports in (("forward", BARE), ("digest", CHECKED))]
