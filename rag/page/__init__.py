"""The page: a question box, the cited answer, and the source beside it.

This package is the only one that imports gradio, which takes seconds: import it when it is needed.
"""

import os

# Nothing leaves the machine. Gradio and the hub's client read these when they are imported, so
# they are set before the imports below.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# Sums for a dashboard that is off, made anew after every event and slower with each.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

from rag.page.examples import answered_examples, examples_for
from rag.page.layout import build_page
from rag.page.server import PrivateHeaders, mount_page

__all__ = ["PrivateHeaders", "answered_examples", "build_page", "examples_for", "mount_page"]
