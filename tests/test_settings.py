import pytest

from rag.errors import InputError
from rag.settings import Settings


def test_the_environment_sets_model_precision_and_reader():
    assert Settings.from_environment({}) == Settings()
    set = {"PULLQUOTE_MODEL": "folder", "PULLQUOTE_PRECISION": "fp32", "PULLQUOTE_READER": "another"}
    assert Settings.from_environment(set) == Settings(model="folder", precision="fp32", reader="another")


def test_an_unknown_precision_is_named_with_the_known_ones():
    with pytest.raises(InputError, match=r"'fp8' is none of auto, int8, fp32, bf16"):
        Settings.from_environment({"PULLQUOTE_PRECISION": "fp8"})
