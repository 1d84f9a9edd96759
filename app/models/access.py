"""Access lists: from which networks the site, the office and the API may be reached (clauses 15.2.5, 15.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base
from app.models.permission import declare

MANAGE_ACCESS = declare(
    "access.manage",
    _l("Manage access lists"),
    _l("Say from which addresses the system may be reached and who needs a second factor"),
)

# A change that shuts its author out falls back after this, unless it is confirmed from where it lets one in.
TRIAL = timedelta(minutes=10)

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class Area(StrEnum):
    SITE = "site"
    OFFICE = "office"
    API = "api"


class AccessList(Base):
    """`lines` are networks, each perhaps with a remark after #. `former` stands again at `expires_at`."""

    __tablename__ = "access_list"

    area: Mapped[str] = mapped_column(Text, primary_key=True)
    lines: Mapped[list[str]] = mapped_column(ARRAY(Text))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    former: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    expires_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Rules:
    """One area's list as it stands. An empty list lets everyone in."""

    lines: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    expires_at: datetime | None = None

    def at(self, now: datetime) -> tuple[str, ...]:
        """The lines in force at a moment."""
        return self.former if self.expires_at is not None and now >= self.expires_at else self.lines

    def on_trial(self, now: datetime) -> bool:
        return self.expires_at is not None and now < self.expires_at

    def admit(self, address: str, now: datetime) -> bool:
        return admits(self.at(now), address)


class NotANetwork(ValueError):
    """The message is the line that cannot be read."""


def admits(lines: Sequence[str], address: str) -> bool:
    """Whether an address is let in. What is no address is let in only where there is no list."""
    if not lines:
        return True
    try:
        asked = plain(ip_address(address))
    except ValueError:
        return False
    return any(asked in network for network in map(network_of, lines))


def parse(text: str) -> list[str]:
    """Lines as they are kept: `10.0.0.0/8 # head office`. Raises NotANetwork, with the first line that is none."""
    lines = []
    for line in text.splitlines():
        given, _, remark = (part.strip() for part in line.partition("#"))
        if not given and not remark:
            continue
        try:
            network = str(network_of(given))
        except ValueError:
            raise NotANetwork(line.strip()) from None
        lines.append(f"{network} # {remark}" if remark else network)
    return lines


@lru_cache(maxsize=4096)
def network_of(line: str) -> Network:
    """The network of a line. A single address is a network of one."""
    given = line.partition("#")[0].strip()
    network = ip_network(given)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return ip_network(f"{mapped}/{network.prefixlen - 96}") if mapped and network.prefixlen >= 96 else network


def plain(address: Address) -> Address:
    """An IPv4 address that came over an IPv6 socket (::ffff:10.0.0.1) is the IPv4 address."""
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
