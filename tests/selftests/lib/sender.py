#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A program that sends one datagram again and again, on a CPU of its own if
there is one, until its standard input ends; then it prints how many were sent
and how many the kernel refused.

    lib/sender.py HEX ADDRESS PORT
"""

import select
import socket
import sys


def main():
    """See above."""
    message = bytes.fromhex(sys.argv[1])
    to = (sys.argv[2], int(sys.argv[3]))
    sent = refused = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        while not select.select([sys.stdin], [], [], 0)[0]:
            try:
                sock.sendto(message, to)
                sent += 1
            except PermissionError:
                refused += 1
    print(sent, refused)


if __name__ == "__main__":
    main()
