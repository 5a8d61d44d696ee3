"""Names and addresses of machines."""

from __future__ import annotations

import ipaddress

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Names of the machine itself, as a browser on it writes them."""


def is_address(name: str) -> bool:
    """True for an address in numbers."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_this_machine(host: str) -> bool:
    """True for a name or address that no other machine can reach."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
