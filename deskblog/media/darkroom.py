"""A photo as it is sent: upright, of a size that a screen shows, and without anything it would tell beside itself.

The pixels are written anew, so that no place, no camera, no comment and no smaller picture of what was cropped away
goes along. Pillow decodes; how much it may is looked at before it does.
"""

from __future__ import annotations

import struct
import warnings
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from deskblog import limits
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.media.photo import MEGAPIXELS_JPEG, Photo

SIDE = 2560  # pixels of the longer side, at most
PREVIEW_SIDE = 480
PORTRAIT = 192  # pixels of either side: 64 at a screen three times as fine
MEGAPIXELS = 80  # decoded: 320 MB for a moment
DRAWN = 1_500_000  # bytes up to which what looks drawn (a screenshot) is kept without loss
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
Image.MAX_IMAGE_PIXELS = None  # looked at here, and said in words
_DRAWN = ("PNG", "GIF", "BMP", "WEBP")


def make_photo(data: bytes) -> Photo | None:
    """None if these bytes are no picture that can be read, or one that moves; Refused if it is larger than can be."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=_FORMATS) as image:
            _check_size(image)
            drawn = image.format in _DRAWN
            if getattr(image, "n_frames", 1) > 1 and image.format in ("GIF", "PNG", "WEBP"):
                return None
            image.draft("RGB", (SIDE, SIDE))
            upright = _clean(image)
    except Refused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError):
        return None  # Pillow has all these names for bytes that are not what they should be
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    kept, ending = _encode(upright, drawn=drawn)
    return Photo(kept, ending, *upright.size, _preview(upright))


def portrait(data: bytes) -> bytes:
    """A small square JPEG of the middle of a photo; Refused if these bytes are none."""
    photo = make_photo(data)
    if photo is None:
        raise Refused(_("This is no photo that can be shown."), next_step=_("Choose a JPEG or PNG file."))
    with Image.open(BytesIO(photo.data)) as image:
        square = ImageOps.fit(_on_white(image), (PORTRAIT, PORTRAIT), Image.Resampling.LANCZOS)
    return _written(square, "JPEG", quality=82, optimize=True)


def _check_size(image: Image.Image) -> None:
    pixels = image.width * image.height / 1_000_000
    most = MEGAPIXELS_JPEG if image.format in ("JPEG", "MPO") else MEGAPIXELS
    if pixels > most:
        raise Refused(
            _("This picture has {n} megapixels; {limit} is the most.").format(n=round(pixels), limit=most),
            kept=_("Your text is kept."),
            next_step=_("Make the picture smaller, or send a part of it."),
        )


def _clean(image: Image.Image) -> Image.Image:
    """Upright, in the colours every screen knows, RGB or RGBA, and with nothing written beside the pixels."""
    turned = ImageOps.exif_transpose(image) or image
    clear = turned.has_transparency_data
    profile = turned.info.get("icc_profile")
    plain = turned.convert("RGBA" if clear else "RGB")
    if profile:
        plain = _in_srgb(plain, profile)
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """As it is, if its profile makes no sense."""
    try:
        made = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=image.mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return made or image


def _encode(image: Image.Image, *, drawn: bool) -> tuple[bytes, str]:
    if drawn:
        kept = _written(image, "PNG", optimize=True)
        if len(kept) <= DRAWN:
            return kept, "png"
    return _written(_on_white(image), "JPEG", quality=86, optimize=True, progressive=True), "jpg"


def _preview(image: Image.Image) -> bytes:
    small = _on_white(image)
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    for quality in (78, 60, 40, 20):
        kept = _written(small, "JPEG", quality=quality, optimize=True)
        if len(kept) <= limits.PREVIEW:
            break
    return kept


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG has no transparency; always a copy."""
    if image.mode == "RGB":
        return image.copy()
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _written(image: Image.Image, form: str, **how: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **how)
    return file.getvalue()
