"""Which addresses may be called (ASVS 5, outbound requests), decided where the connection is made."""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore
import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], list[str]]

# IPv4 inside IPv6: NAT64 (RFC 6052) and its local range (RFC 8215).
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class Failed(Exception):
    """A call that brought no answer."""


class Refused(Failed):
    """The address may not be called: not HTTP, or inside a network that is not on the allow-list."""


def addresses_of(host: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    def __init__(self, allow: Sequence[Network], resolve: Resolve = addresses_of) -> None:
        self._allow = tuple(allow)
        self._resolve = resolve

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host. Raises Refused when any of them may not be called, OSError when there is none."""
        found = [ipaddress.ip_address(text.split("%")[0]) for text in self._resolve(host, port)]
        if not found:
            raise OSError(f"{host} has no address")
        # One forbidden address among good ones is an attack, not an accident.
        for address in found:
            if not self.permits(address):
                raise Refused(f"{host} is {address}, inside a network that may not be called")
        return [str(address) for address in found]

    def permits(self, address: Address) -> bool:
        return all(_in(part, self._allow) or _is_public(part) for part in _meant(address))

    def goes_direct(self, host: str) -> bool:
        """True when a host lies in an allowed private network; Refused when it lies in another one.

        A name that only the proxy can resolve is the proxy's to judge.
        """
        try:
            found = [ipaddress.ip_address(text.split("%")[0]) for text in self._resolve(host, 443)]
        except OSError:
            return False
        for address in found:
            if not self.permits(address):
                raise Refused(f"{host} is {address}, inside a network that may not be called")
        return bool(found) and all(_in(address, self._allow) for address in found)


def _meant(address: Address) -> Iterable[Address]:
    """The address, or the IPv4 address that an IPv6 one carries to."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if any(address in network for network in _NAT64):
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    if int(address) >> 32 == 0 and int(address) > 1:  # ::a.b.c.d, long deprecated
        return (ipaddress.IPv4Address(int(address)),)
    carried = address.ipv4_mapped or address.sixtofour
    if carried:
        return (carried,)
    return address.teredo or (address,)


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


class _GuardedNetwork(httpcore.SyncBackend):
    """The network httpcore connects through: it is given a name and connects to a judged address."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        try:
            addresses = self._guard.addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} has no address: {error}") from error
        for address in addresses[:-1]:
            try:
                return super().connect_tcp(address, port, *args, **kwargs)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return super().connect_tcp(addresses[-1], port, *args, **kwargs)


def guarded_transport(guard: Guard, verify: ssl.SSLContext | bool) -> httpx.HTTPTransport:
    context = verify if isinstance(verify, ssl.SSLContext) else httpx.create_ssl_context(verify=verify, trust_env=False)
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    # httpx has no argument for the network backend, its pool does.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=context, max_connections=100, max_keepalive_connections=20, keepalive_expiry=30,
        network_backend=_GuardedNetwork(guard),
    )  # fmt: skip
    return transport
