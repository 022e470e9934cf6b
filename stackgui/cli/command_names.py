"""The names of the sub-commands, known before anything of them is loaded."""

from __future__ import annotations

OPEN = "open"

COMMANDS = {
    OPEN: "open the window with folders, lists, a project, a plan file or stacks",
    "scan": "show what is in folders, archives and lists",
    "plan": "show what a conversion would make and need, without writing anything",
    "convert": "make a stack: pictures as rows of NumPy arrays, in a folder",
    "resume": "continue an unfinished conversion",
    "verify": "check that a stack is intact",
    "retry": "make the failed rows of a stack again, in place",
    "update": "bring a stack up to date with the folders that it was made from",
    "export": "write a stack as a file or folder for other programs",
    "report": "write a page that tells all about a stack",
    "snippet": "print the Python code that loads a stack",
    "queue": "make several stacks one after another",
    "cluster": "run a part of a cluster: a scheduler, or a worker",
    "self-test": "check that this installation works",
}
