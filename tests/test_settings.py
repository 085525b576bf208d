import pytest

from rag.errors import InputError
from rag.settings import Settings


def test_the_environment_sets_model_and_precision():
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"PULLQUOTE_MODEL": "folder", "PULLQUOTE_PRECISION": "fp32"}) == Settings(model="folder", precision="fp32")


def test_an_unknown_precision_is_named_with_the_known_ones():
    with pytest.raises(InputError, match=r"'fp8' is none of auto, fp32, bf16"):
        Settings.from_environment({"PULLQUOTE_PRECISION": "fp8"})
