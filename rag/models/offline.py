"""The libraries that run models, told to stay on this machine."""

import os


def stay_offline() -> None:
    """To be called before they are imported, since it is then that they read it: nothing is looked up, nothing phones home."""
    # else ONNX Runtime sends what it runs to its makers, from the moment of its import, and keeps an identifier in the user's home
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def quiet_transformers() -> None:
    """No progress bar of its own, after `stay_offline`."""
    stay_offline()
    from transformers.utils import logging

    logging.disable_progress_bar()
