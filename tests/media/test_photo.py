"""Photos: upright, small enough, in colours every screen knows, and silent about where they were taken."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from deskblog import limits
from deskblog.errors import Refused
from deskblog.media.darkroom import PREVIEW_SIDE, SIDE
from deskblog.media.photo import make_photo


def picture(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: object) -> bytes:
    image = Image.effect_noise(size, 80).convert(mode)
    file = BytesIO()
    image.save(file, form, **how)
    return file.getvalue()


def told(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def png_of(width: int, height: int) -> bytes:
    """A few bytes that promise so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_nothing_that_was_written_beside_the_pixels_goes_along() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera of Anne"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 51.0, 24.0)
    source = picture("JPEG", exif=exif, comment=b"secret place", xmp=b"<x:xmpmeta>secret place</x:xmpmeta>")
    assert b"Camera of Anne" in source and b"secret place" in source
    made = make_photo(source)
    assert made is not None
    for data in (made.data, made.preview):
        assert b"Camera" not in data and b"secret" not in data and b"Exif" not in data and b"xmp" not in data
        assert not told(data).getexif()


def test_a_png_keeps_its_pixels_and_loses_its_words() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "secret place")
    words.add_itxt("XML:com.adobe.xmp", "secret place")
    source = picture("PNG", mode="RGBA", pnginfo=words)
    made = make_photo(source)
    assert made is not None and made.ending == "png"
    assert b"secret" not in made.data and b"Author" not in made.data
    assert told(made.data).tobytes() == told(source).tobytes()


def test_a_photo_held_upright_is_sent_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    made = make_photo(picture("JPEG", (60, 40), exif=exif))
    assert made is not None and (made.width, made.height) == told(made.data).size == (40, 60)


def test_a_large_photo_is_made_as_large_as_a_screen_and_its_preview_fits_one_message() -> None:
    made = make_photo(picture("JPEG", (6000, 4000), quality=60))
    assert made is not None
    assert (made.width, made.height) == told(made.data).size
    assert max(made.width, made.height) == SIDE
    assert max(told(made.preview).size) == PREVIEW_SIDE
    assert len(made.preview) <= limits.PREVIEW
    assert made.ending == "jpg" and told(made.data).format == told(made.preview).format == "JPEG"


def test_what_looks_drawn_is_kept_without_loss_unless_it_is_too_much() -> None:
    small, large = make_photo(picture("PNG", (400, 300))), make_photo(picture("PNG", (2400, 2000)))
    assert small is not None and small.ending == "png"
    assert large is not None and large.ending == "jpg"


def test_colours_of_another_profile_become_those_every_screen_knows() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    made = make_photo(picture("JPEG", icc_profile=profile.tobytes()))
    assert made is not None and "icc_profile" not in told(made.data).info
    nonsense = make_photo(picture("JPEG", icc_profile=b"no profile"))
    assert nonsense is not None and "icc_profile" not in told(nonsense.data).info


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16", "RGBA"])
def test_any_mode_of_pixels_becomes_a_picture(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    made = make_photo(picture(form, mode=mode))
    assert made is not None and told(made.data).mode in ("RGB", "RGBA")


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (60_000, 60_000)])
def test_more_pixels_than_can_be_decoded_are_refused_before_they_are(width: int, height: int) -> None:
    with pytest.raises(Refused, match=str(width * height // 1_000_000)):
        make_photo(png_of(width, height))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PK\x03\x04zip", b"\xff\xd8\xff\xe0 no jpeg", picture("JPEG")[:200], picture("PNG")[:60],
        png_of(100, 100), b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0\xff\xff\xff\xff", b"%!PS-Adobe-3.0 EPSF-3.0",
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_is_none(data: bytes) -> None:
    assert make_photo(data) is None


def test_what_moves_is_no_photo() -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert make_photo(file.getvalue()) is None
