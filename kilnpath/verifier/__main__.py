"""Runs the verifier: ``python kilnpath/verifier RESULT``; it loads nothing of kilnpath beside."""

import sys
from importlib import import_module
from pathlib import Path

_HERE = Path(__file__).resolve().parent
if not __package__:  # run as a folder, whose name is then that of the package
    sys.path.append(str(_HERE.parent))
sys.exit(import_module(".command", __package__ or _HERE.name).main())
