"""A picture that somebody brings is drawn anew: what was hidden in the file is not in ours."""

import io
import warnings

from app.base.loop import off_loop

MIME = "image/png"
_READ = ("PNG", "JPEG", "WEBP")
_SIDE = 4096  # a larger one would unpack into hundreds of megabytes


class NoPicture(ValueError):
    """Not a PNG, JPEG or WebP that can be drawn."""


def redrawn(content: bytes, width: int, height: int) -> bytes:
    """The picture as PNG, upright and no larger than asked, in pixels. Raises NoPicture."""
    return off_loop(_redrawn, content, width, height)


def _redrawn(content: bytes, width: int, height: int) -> bytes:
    from PIL import Image, ImageOps

    drawn = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_READ)
        if max(picture.size) > _SIDE:
            raise NoPicture
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
        upright.thumbnail((width, height))
        upright.save(drawn, "PNG", optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture from error
    return drawn.getvalue()
