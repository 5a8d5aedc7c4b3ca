# SPDX-License-Identifier: GPL-2.0
"""The kernel's fault injection, as debugfs sets it."""

import os

BASE = "/sys/kernel/debug"


def offered(name):
    """Does this kernel have failslab, fail_page_alloc?"""
    return os.path.isdir(f"{BASE}/{name}")


def configure(name, values):
    """Write {setting: value}, in this order."""
    for key, value in values.items():
        with open(f"{BASE}/{name}/{key}", "w", encoding="ascii") as file:
            file.write(str(value))
