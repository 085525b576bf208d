"""Pages of PDFs as pictures: what is marked is where the words are drawn, and a file that breaks its reader breaks nothing else."""

import io
import json

import pytest
from PIL import Image

from rag import Settings
from rag.corpus.page_pictures import PagePictures
from rag.corpus.readers import Readers
from rag.corpus.wire import received, sent
from rag.errors import InputError
from tests.corpus.formats.made_pdf import shown, written
from tests.corpus.test_readers import bomb

DARK = 128


@pytest.fixture(scope="module")
def readers():
    with Readers(Settings()) as made:
        yield made


@pytest.fixture(scope="module")
def pictures():
    with PagePictures() as made:
        yield made


def boxes(readers, data, number=1):
    """Where the lines of a page stand, as they were read."""
    (draft,) = readers.read(data, "a.pdf")
    return [part.box for part in draft.parts if part.box and part.box.page == number]


def ink(picture, places, margin):
    """Of a picture's dark pixels the share that lies in the places, each wider by so many pixels; and whether each place has some."""
    image = Image.open(io.BytesIO(picture.png)).convert("L").point(lambda light: 255 * (light < DARK))
    bare, each = image.copy(), []
    for left, top, width, height in places:
        area = (left * image.width, top * image.height, (left + width) * image.width, (top + height) * image.height)
        area = tuple(round(side + by) for side, by in zip(area, (-margin, -margin, margin, margin), strict=True))
        each.append(image.crop(area).getbbox() is not None)
        bare.paste(0, area)
    return 1 - bare.histogram()[255] / image.histogram()[255], all(each)


TWO = "".join(shown(line, 100, bottom) for line, bottom in (("The lock at the river's mouth opened.", 640), ("It closed in May.", 300)))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("page", ["", "/CropBox [80 200 560 700]", "/MediaBox [-60 -30 612 792]", "/UserUnit 2.5"])
def test_a_line_is_marked_where_it_is_drawn_however_its_page_is_turned_and_cropped(readers, pictures, turn, page):
    data = written([TWO], page=f"/Rotate {turn} {page}")
    picture = pictures.draw(f"{turn} {page}", 1, lambda: data)
    places = [picture.place(box) for box in boxes(readers, data)]
    assert len(places) == 2
    # the boxes are tight around the letters
    assert ink(picture, places, 3) == (1.0, True)
    assert all(width > 3 * height if turn % 180 == 0 else height > 3 * width for _, _, width, height in places)


@pytest.mark.parametrize(("name", "number"), [("pdflatex-4-pages.pdf", 2), ("multicolumn.pdf", 1), ("pdflatex-outline.pdf", 3)])
def test_lines_of_real_files_are_marked_where_they_are_drawn(readers, pictures, shared, name, number):
    data = (shared / "pdf" / name).read_bytes()
    picture = pictures.draw(name, number, lambda: data)
    found, each = ink(picture, [picture.place(box) for box in boxes(readers, data, number)], 4)
    assert found > 0.99
    assert each


@pytest.mark.parametrize("sides", ["0 0 14400 14400", "0 0 3 3", "0 0 14400 2", "0 0 612 792"])
def test_a_picture_has_at_most_so_many_pixels(pictures, sides):
    picture = pictures.draw(sides, 1, lambda: written([""], page=f"/MediaBox [{sides}]"))
    assert max(Image.open(io.BytesIO(picture.png)).size) <= 1_601


def test_a_page_is_drawn_once_and_what_cannot_be_is_tried_once(pictures):
    data, asked = written([TWO, TWO]), []

    def given():
        asked.append(1)
        return data

    assert pictures.draw("two", 2, given) is pictures.draw("two", 2, given)
    assert pictures.draw("two", 2, given).pages == 2
    for number, reason in ((3, "it has no page 3; its last is 2"), (0, "counted from 1"), (-1, "counted from 1")):
        for _ in range(2):
            with pytest.raises(InputError, match=f"the page cannot be shown: .*{reason}"):
                pictures.draw("two", number, given)
    assert len(asked) == 4


@pytest.mark.parametrize("data", [lambda: b"", lambda: b"no PDF", lambda: b"%PDF-1.4 nothing", bomb], ids=["empty", "other", "damaged", "bomb"])
def test_a_file_that_breaks_its_reader_is_refused_and_the_next_is_drawn(pictures, data):
    with pytest.raises(InputError, match="the page cannot be shown"):
        pictures.draw(str(len(data())), 1, data)
    assert pictures.draw(f"after {len(data())}", 1, lambda: written([TWO])).pages == 1


@pytest.mark.parametrize(
    "change",
    [
        {"png": "PHN2Zz4="},
        {"png": 7},
        {"pages": "many"},
        {"sides": [0, 0, 0, 9]},
        {"sides": [0, 0, float("nan"), 9]},
        {"sides": [1]},
        {"quarters": None},
    ],
)
def test_what_a_process_gives_is_no_picture_unless_a_browser_would_show_it(pictures, change):
    told = json.loads(sent(pictures.draw("sent", 1, lambda: written([TWO]))))
    assert received(json.dumps(told).encode()).pages == 1
    told["picture"] |= change
    with pytest.raises(InputError, match="its reader gave what is no document"):
        received(json.dumps(told).encode())
