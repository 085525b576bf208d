"""Hugging Face's libraries, told to stay on this machine."""

import os


def stay_offline() -> None:
    """To be called before they are imported, since it is then that they read it: nothing is looked up, nothing phones home, no progress bar."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from transformers.utils import logging

    logging.disable_progress_bar()
