#!/bin/sh
# Starts StackGUI from this folder, or says why this system cannot.
needed=2.35
folder=$(dirname "$(readlink -f "$0")")
has=$(getconf GNU_LIBC_VERSION 2>/dev/null)
has=${has#glibc }
if [ -z "$has" ] || [ "$(printf '%s\n%s\n' "$needed" "$has" | sort -V | head -n 1)" != "$needed" ]; then
    echo "StackGUI cannot start here: it needs a Linux with glibc $needed or newer, such as Debian 12 or" >&2
    echo "Ubuntu 22.04, and this one has ${has:-another C library}. With Python 3.11 or newer," >&2
    echo "“pip install stackgui” may work." >&2
    exit 1
fi
exec "$folder/program/stackgui" "$@"
