# SPDX-License-Identifier: GPL-2.0
"""The authentication of scscf.cfg: vectors from sipsec(8), which has MILENAGE.

SECRETS, in the environment, is the secrets file of sipsec(8) aka: all users of
this home network have the same K, which is good for tests alone.
"""

import base64
import hashlib
import json
import os
import subprocess

import KSR

REALM = "home1.example"
AMF = "9113"
# Users whose programs know no AKA: Digest, as of RFC 2617.
PASSWORDS = {"carol@home1.example": b"secret"}
SECRETS = os.environ.get("SECRETS", "/etc/kamailio/usim")


def aka(*words):
    """sipsec aka, or None where it refuses."""
    done = subprocess.run(["sipsec", "-j", "aka", "milenage", "secrets",
                           SECRETS, *words], stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def credentials(value):
    """Digest parameters without their quotes; what it gets is well-formed."""
    params = {}
    for one in (value or "").partition(" ")[2].split(","):
        name, _, content = one.partition("=")
        params[name.strip().lower()] = content.strip().strip('"')
    return params


def md5(*parts):
    """Of parts joined by colons, in hexadecimal."""
    return hashlib.md5(b":".join(parts)).hexdigest().encode()


class Home:
    """The users, and what each has been asked last."""

    def __init__(self):
        self.sqn = int(os.environ.get("SQN", "0x20"), 0)
        self.asked = {}
        self.known = set()

    def child_init(self, _rank):
        """Called in each process of Kamailio."""
        return 0

    @staticmethod
    def answer(status, reason):
        """What scscf.cfg answers."""
        KSR.pv.seti("$var(status)", status)
        KSR.pv.sets("$var(reason)", reason)
        return 1

    def challenge(self, impi):
        """A new vector, or for a password a new nonce, in a 401."""
        if impi in PASSWORDS:
            nonce = base64.b64encode(os.urandom(16)).decode()
            self.asked[impi] = (None, nonce, PASSWORDS[impi])
            KSR.hdr.append_to_reply(
                f'WWW-Authenticate: Digest realm="{REALM}",nonce="{nonce}",'
                'algorithm=MD5,qop="auth"\r\n')
            return self.answer(401, "Unauthorized")
        self.sqn += 1
        while True:
            rand = os.urandom(16)
            vector = aka("rand", rand.hex(), "sqn", f"{self.sqn:012x}", "amf",
                         AMF)
            # SIPp 3.6 takes RES for a string, which a NUL ends.
            if 0 not in bytes.fromhex(vector["res"]):
                break
        nonce = base64.b64encode(rand + bytes.fromhex(vector["autn"])).decode()
        self.asked[impi] = (rand, nonce, bytes.fromhex(vector["res"]))
        KSR.hdr.append_to_reply(
            f'WWW-Authenticate: Digest realm="{REALM}",nonce="{nonce}",'
            f'algorithm=AKAv1-MD5,qop="auth",ik="{vector["ik"]}",'
            f'ck="{vector["ck"]}"\r\n')
        return self.answer(401, "Unauthorized")

    def register(self, _msg):
        """Decide on a REGISTER."""
        params = credentials(KSR.pv.get("$hdr(Authorization)"))
        # without an Authorization it is made of the IMPU (TS 23.003, 13.3)
        impi = params.get("username") or \
            KSR.pv.get("$tu").partition(":")[2]
        if not impi.endswith("@" + REALM):
            return self.answer(403, "Forbidden")
        protected = params.get("integrity-protected") == "yes"
        rand, nonce, res = self.asked.get(impi, (None, None, None))
        if params.get("auts") and rand and nonce == params.get("nonce"):
            try:
                auts = base64.b64decode(params["auts"], validate=True).hex()
            except ValueError:
                return self.answer(400, "Bad AUTS")
            got = aka("rand", rand.hex(), "auts", auts)
            if not got:
                return self.answer(403, "Wrong AUTS")
            self.sqn = int(got["sqn-ms"], 16)
            return self.challenge(impi)
        if nonce and nonce == params.get("nonce"):
            del self.asked[impi]
            if not protected:
                return self.answer(403, "Authentication failed")
            ha1 = md5(impi.encode(), REALM.encode(), res)   # or password
            ha2 = md5(b"REGISTER", params.get("uri", "").encode())
            words = [params.get(name, "").encode() for name in
                     ("nonce", "nc", "cnonce", "qop")]
            want = md5(ha1, *(words if params.get("qop") else words[:1]), ha2)
            if params.get("response", "").encode() != want:
                return self.answer(403, "Authentication failed")
            self.known.add(impi)
            return self.answer(200, "OK")
        if protected and impi in self.known and \
                KSR.pv.get("$hdr(Expires)") == "0":
            self.known.remove(impi)
            return self.answer(200, "OK")
        return self.challenge(impi)


def mod_init():
    """Called by app_python3."""
    return Home()
