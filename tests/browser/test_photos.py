"""Photos from a file: what is small stays as the camera made it, what is large is scaled while it is decoded."""

import io
import json

import pytest
from PIL import Image

from tests.browsers import PHONE
from tests.faults.client import choose_photo, keep_photo

from .test_shell import bar_says, open_visit, shows, sign_in, start_visit, until

pytestmark = pytest.mark.browser
CANVASES = """(() => { window.largest = 0;
  const draw = CanvasRenderingContext2D.prototype.drawImage
  CanvasRenderingContext2D.prototype.drawImage = function (...given) {
    window.largest = Math.max(window.largest, this.canvas.width * this.canvas.height, given[0].width * given[0].height)
    return draw.apply(this, given) } })()"""
SOURCE = "document.querySelector('[data-view=shot]')"


def jpeg(size, orientation=1, quality=85):
    """Left half red, right half blue; a little noise keeps the bytes apart from any other."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    held = io.BytesIO()
    image.save(held, "JPEG", quality=quality, exif=exif.tobytes())
    return held.getvalue()


@pytest.fixture
def phone(live, new_page):
    page = new_page(live, **PHONE)
    page.add_init_script(CANVASES)
    sign_in(page)
    open_visit(page, 0)
    start_visit(page)
    for box in ("[name=identity_shown]", "[name=present][value=debtor]", "[name=entry][value=given]"):
        page.check(box)
    page.click("[data-step=arrive] [data-submit]:visible")
    shows(page, "[data-step=talk]")
    return page


def sent(live, page):
    """(bytes, width, height) of the photos at the server."""
    bar_says(page, "全部已发送", 30)
    said = live.manage(
        "shell", "-c",
        "import json; from fieldvisit import store; from fieldvisit.models import Photo; "
        "rows = Photo.objects.order_by('pk'); "
        "print(json.dumps([[store.read(row.sha256).hex(), row.width, row.height] for row in rows]))",
    )  # fmt: skip
    text = str(getattr(said, "stdout", said))
    return [(bytes.fromhex(data), width, height) for data, width, height in json.loads(text[text.index("[[") :])]


def test_a_small_file_arrives_as_the_camera_made_it(phone, live):
    original = jpeg((1200, 800), orientation=6)
    choose_photo(phone, {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": original})
    keep_photo(phone)
    assert sent(live, phone) == [(original, 800, 1200)]


@pytest.mark.parametrize("orientation", [1, 6])
def test_48_megapixels_are_scaled_at_decode(phone, live, orientation):
    large = jpeg((8000, 6000), orientation, quality=95) + bytes(3_000_000)  # above what is kept as it is
    choose_photo(phone, {"name": "IMG_48.jpg", "mimeType": "image/jpeg", "buffer": large})
    size = until(phone, f"{SOURCE}.naturalWidth && [{SOURCE}.naturalWidth, {SOURCE}.naturalHeight]", 30)
    assert size == ([2048, 1536] if orientation == 1 else [1536, 2048])
    assert 0 < phone.evaluate("window.largest") <= 2048 * 1536
    keep_photo(phone)
    ((data, *size),) = sent(live, phone)
    image = Image.open(io.BytesIO(data))
    assert image.size == tuple(size) and not image.getexif()
    assert image.getpixel((5, 5))[0] > 150  # the red half is where the camera says


@pytest.mark.parametrize(
    ("data", "why"), [(b"no picture", "不是照片"), (b"", "是空的"), (jpeg((900, 700))[:300], "打不开")]
)
def test_a_bad_file_is_named_and_the_text_is_safe(phone, data, why):
    phone.fill("#note-statement", "写下的话")
    phone.click("[data-camera]")
    phone.set_input_files(
        "[data-dialog=camera] [type=file]", {"name": "IMG_7.jpg", "mimeType": "image/jpeg", "buffer": data}
    )
    said = until(phone, "document.querySelector('[data-dialog=camera] [data-wrong]:not([hidden])')?.textContent")
    assert said.startswith("IMG_7.jpg：") and why in said and said.endswith("写下的文字都在。")
    assert phone.input_value("#note-statement") == "写下的话"
