"""`python -m deskblog`."""

import sys

from deskblog.cli import main

sys.exit(main())
