# SPDX-License-Identifier: GPL-2.0
"""Finds and reads the specification's vectors."""

import json
import os

from .tap import Skip

_HERE = os.path.dirname(os.path.abspath(__file__))
_TOP = os.path.join(_HERE, "..", "..", "..")
_PLACES = [os.environ.get("SIPSEC_VECTORS", ""),
           os.path.join(_HERE, "..", "..", "vectors"),
           os.path.join(_TOP, "..", "shared", "vectors")]


def find(name):
    """The path of a file of vectors; the case is skipped where there is none."""
    for place in filter(None, _PLACES):
        path = os.path.join(place, name)
        if os.path.exists(path):
            return path
    raise Skip(f"{name} not found (set SIPSEC_VECTORS)")


def load(name):
    """A JSON file of vectors."""
    with open(find(name), encoding="ascii") as file:
        return json.load(file)
