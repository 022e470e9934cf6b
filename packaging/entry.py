"""What a bundle runs."""

import multiprocessing
import os
import sys

if __name__ == "__main__":
    # A worker is this same program, started with words of its own; it never gets further than here.
    multiprocessing.freeze_support()
    # What the bundle set for itself would send its libraries into programs of the desktop, such as a file
    # manager. Workers are started afresh and set it again.
    for name in ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
        before = os.environ.pop(f"{name}_ORIG", None)
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"

    from stackgui.__main__ import main

    sys.exit(main())
