"""`python -m deskblog`."""

import sys

from deskblog.start import main

sys.exit(main())
