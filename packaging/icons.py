"""Makes every icon file in resources/ from the cup that the tray paints: python packaging/icons.py [FOLDER].

What is drawn is `outline` of deskblog/ui/cup.py, once for each size, so that each has its edges on whole pixels. An
.svg cannot have that at every size at once; it is for what is bigger than the PNGs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPainterPath

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from deskblog.ui import theme  # noqa: E402
from deskblog.ui.cup import cup, outline  # noqa: E402

SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)  # those the theme “hicolor” of Linux has folders for
WINDOWS = (16, 20, 24, 32, 40, 48, 64, 256)
MACOS = (32, 64, 128, 256, 512, 1024)
MASTER = 512


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    assert application is not None
    make(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "resources")
    return 0


def make(folder: Path) -> None:
    """Writes them all; the same bytes for the same cup."""
    theme_folder = folder / "icons" / "hicolor"
    pictures = {size: picture(size) for size in {*SIZES, *WINDOWS, *MACOS}}
    for size in SIZES:
        pictures[size].save(_place(theme_folder / f"{size}x{size}") / "deskblog.png", optimize=True)
    (_place(theme_folder / "scalable") / "deskblog.svg").write_text(svg(), encoding="utf-8")
    bundle(folder / "deskblog.ico", [pictures[size] for size in WINDOWS])
    bundle(folder / "deskblog.icns", [pictures[size] for size in MACOS])


def _place(size: Path) -> Path:
    folder = size / "apps"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def bundle(file: Path, pictures: list[Image.Image]) -> None:
    """Each as it was drawn: none is made of another by scaling."""
    biggest = pictures[-1]
    if file.suffix == ".ico":
        biggest.save(file, sizes=[one.size for one in pictures], append_images=pictures[:-1])
    else:
        biggest.save(file, append_images=pictures[:-1])


def picture(size: int) -> Image.Image:
    drawn = QImage(size, size, QImage.Format.Format_RGBA8888)
    drawn.fill(QColor(0, 0, 0, 0))
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cup(painter, size, theme.CUP)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(drawn.constBits()), "raw", "RGBA", drawn.bytesPerLine())


def svg() -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MASTER} {MASTER}">\n'
        f"  <title>deskblog</title>\n"
        f'  <path fill="{theme.CUP}" d="{_data(outline(MASTER))}"/>\n'
        f"</svg>\n"
    )


def _data(path: QPainterPath) -> str:
    """A path in SVG's words."""
    words: list[str] = []
    kinds = QPainterPath.ElementType
    for at in range(path.elementCount()):
        element = path.elementAt(at)
        kind = element.type
        letter = {kinds.MoveToElement: "M", kinds.LineToElement: "L", kinds.CurveToElement: "C"}.get(kind, "")
        if kind == kinds.MoveToElement and words:
            words.append("Z")
        words.append(f"{letter}{element.x:.1f} {element.y:.1f}")
    return " ".join([*words, "Z"])


if __name__ == "__main__":
    sys.exit(main())
