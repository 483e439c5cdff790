"""Network addresses of those who ask: which of them count as one."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

# A network of the newer kind gives whoever is in it so many addresses that they count as one.
_NETWORK_BITS = 64


def network_of(address: str) -> str:
    """The address itself, or the network of one of the newer kind (IPv6)."""
    try:
        number = ip_address(address)
    except ValueError:  # a socket that is a file, or a test's
        return address
    if not isinstance(number, IPv6Address):
        return address
    # Who listens for both kinds sees the older ones in this form.
    older = number.ipv4_mapped
    return str(older) if older else str(int(number) >> _NETWORK_BITS)
