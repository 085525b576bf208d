"""`python -m rag`, which is the same as `pullquote`."""

import sys

from rag.cli import main

sys.exit(main())
