"""What kilnpath does with packages that not everybody installs: one list, and how to get each."""

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import requires

from kilnpath.language.languages import mark
from model.messages.errors import KilnpathError
from model.messages.message import message


class ExtraError(KilnpathError):
    """A package that something needs is not installed; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Extra:
    """An extra of ``pyproject.toml``: the module that it brings, and what is said without it."""

    module: str
    needed: str


EXTRAS: Mapping[str, Extra] = {  # those that something asked for needs; HiPO has IPX in its place
    "figures": Extra("vl_convert", mark("figures need the package vl-convert-python: {command}")),
    "sweep": Extra("SALib.analyze", mark("sensitivity needs the package SALib: {command}")),
    "cluster": Extra("distributed", mark("--scheduler needs the package distributed: {command}")),
}


def lacking(name: str) -> ExtraError | None:
    """The error of an extra that is not there, or cannot be loaded here; else ``None``."""
    try:
        import_module(EXTRAS[name].module)
    except ImportError:
        return ExtraError(message(EXTRAS[name].needed, command=install_command(name)))
    return None


def install_command(name: str) -> str:
    """The command that installs what an extra needs, for this Python.

    It names the packages and not kilnpath, which is on no index: what is called so there may be
    anybody's. So it is right in a clone and beside a wheel.
    """
    of_extra = re.compile(rf"extra == ['\"]{name}['\"]")
    needs = [
        one.partition(";")[0].strip() for one in requires("kilnpath") or () if of_extra.search(one)
    ]
    words = [sys.executable, "-m", "pip", "install", *needs]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
