"""Which addresses a webhook may reach: none inside our own networks, unless the installation says so.

A name is resolved once and the connection goes to the very address that was checked, so that a name server that
answers differently a moment later (DNS rebinding) gains nothing. Redirects are never followed.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from milkrun.connections.errors import AddressRefused
from milkrun.kernel.errors import Problem

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Networks that carry an IPv4 address inside: what they lead to counts.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """The address leads to where no webhook may go; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the checked address, and the name that the other side knows itself by."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def authority(self) -> str:
        """The Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return name if self.port == usual else f"{name}:{self.port}"


def networks(text: str) -> list[Network]:
    """Read a list of networks, separated by commas.

    Raises:
        ValueError: one of them is no network.
    """
    return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]


def target_of(url: str, allowed: Sequence[Network]) -> Target:
    """Resolve an address and check where it leads.

    Args:
        url: of a webhook.
        allowed: private networks that may be reached all the same, also without encryption.

    Raises:
        NotAllowed: it leads into a private network, or is unencrypted outside of the allowed ones.
        OSError: the name cannot be resolved.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    ours = [address for address in addresses if _inside(address, allowed)]
    open_to_all = [address for address in addresses if is_public(address)]
    if ours:
        return _target(parts, host, port, ours[0])
    if not open_to_all or len(open_to_all) != len(addresses):
        raise NotAllowed(
            _(
                "{host} leads to {addresses}, which is in a private network. List the network in "
                "MILKRUN_WEBHOOK_NETWORKS if events may go there."
            ).format(host=host, addresses=addresses[0])
        )
    if parts.scheme != "https":
        raise NotAllowed(
            _("{host} is asked without encryption. Use https outside of your own networks.").format(host=host)
        )
    return _target(parts, host, port, open_to_all[0])


def _target(parts: SplitResult, host: str, port: int, address: Address) -> Target:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, str(address), path)


def _inside(address: Address, allowed: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in allowed)


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open internet, looking through the ways of writing IPv4 in IPv6.

    Example:
        >>> [is_public(ipaddress.ip_address(a)) for a in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
        [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def refuse_private(url: str, allowed: Sequence[Network]) -> None:
    """Refuse an address that leads where no webhook may go, as far as that can be told now.

    A name that cannot be resolved at this moment is let through: it is looked at again before every request.

    Raises:
        AddressRefused: it leads into a private network, or is unencrypted outside of the allowed ones.
    """
    try:
        target_of(url, allowed)
    except NotAllowed as no:
        raise AddressRefused([Problem("url", str(no), "address_refused")]) from no
    except (OSError, ValueError):
        return
