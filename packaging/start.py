"""Where both packaged programs begin."""

import sys

from deskblog.frozen import main

sys.exit(main())
