"""Pictures and voices of the simulated clients, drawn without a library."""

import struct
import zlib

Colour = tuple[int, int, int]
PAPER: Colour = (250, 249, 244)
INK: Colour = (70, 74, 80)
TABLE: Colour = (176, 150, 120)
PHONE: Colour = (24, 28, 36)
GLASS: Colour = (240, 243, 247)
ALARM: Colour = (204, 60, 50)
# 20 ms of silence in Opus (CELT, full band)
SILENCE = b"\xf8\xff\xfe"


class Canvas:
    """Rectangles on a background."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width, self.height = width, height
        self.rows = [bytearray(bytes(colour) * width) for _ in range(height)]

    def box(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """Fill a rectangle."""
        for row in self.rows[top : top + height]:
            row[3 * left : 3 * (left + width)] = bytes(colour) * width

    def png(self) -> bytes:
        """The picture as PNG (RFC 2083)."""
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def receipt() -> bytes:
    """A cash machine's slip on a table, its lines only hinted at."""
    canvas = Canvas(480, 640, TABLE)
    canvas.box(110, 60, 260, 520, PAPER)
    canvas.box(150, 90, 180, 22, INK)
    for line in range(11):
        canvas.box(135, 150 + 32 * line, 60 + line * 37 % 90, 8, INK)
        canvas.box(290, 150 + 32 * line, 55, 8, INK)
    canvas.box(135, 520, 210, 16, ALARM)
    return canvas.png()


def screen() -> bytes:
    """A phone with a notice in red."""
    canvas = Canvas(400, 720, PHONE)
    canvas.box(20, 40, 360, 640, GLASS)
    canvas.box(20, 40, 360, 70, (20, 97, 143))
    canvas.box(50, 190, 300, 150, (255, 255, 255))
    canvas.box(70, 215, 150, 14, ALARM)
    for line in range(3):
        canvas.box(70, 250 + 24 * line, 250 - 45 * line, 9, INK)
    canvas.box(50, 380, 300, 54, (20, 97, 143))
    return canvas.png()


def voice(seconds: int) -> bytes:
    """Silence as Ogg Opus (RFC 7845): it plays, and says nothing about anybody."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"demo" + struct.pack("<I", 0)
    pages = [_page(0, 0, 2, [head]), _page(1, 0, 0, [tags])]
    for second in range(seconds):
        last = 4 if second == seconds - 1 else 0
        pages.append(_page(second + 2, 48000 * (second + 1), last, [SILENCE] * 50))
    return b"".join(pages)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _page(number: int, granule: int, flags: int, packets: list[bytes]) -> bytes:
    """One Ogg page (RFC 3533) of whole packets under 255 bytes each."""
    head = b"OggS" + struct.pack("<BBqIII", 0, flags, granule, 1, number, 0)
    page = bytearray(head + bytes([len(packets), *map(len, packets)]) + b"".join(packets))
    page[22:26] = struct.pack("<I", _ogg_crc(page))
    return bytes(page)


def _ogg_crc(data: bytes | bytearray) -> int:
    """CRC-32 of Ogg: polynomial 04C11DB7, unreflected, from zero; not zlib's."""
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        crc &= 0xFFFFFFFF
    return crc
