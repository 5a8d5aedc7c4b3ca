# SPDX-License-Identifier: GPL-2.0
"""What the sipsec selftests share: TAP, namespaces, netlink, SIP, packets."""
