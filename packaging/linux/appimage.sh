#!/bin/sh
# An AppImage of the bundle. UNTRIED beyond the folder that it packs: appimagetool and its runtime are published
# on GitHub alone, which could not be reached where this was written.
#
#   python3 packaging/bundle.py && python3 packaging/deb.py
#   sh packaging/linux/appimage.sh [APPIMAGETOOL]
#
# Without a tool it stops when the folder is complete: build/appimage/StackGUI.AppDir/AppRun starts it.
set -eu
cd "$(dirname "$0")/../.."
root=build/deb/root
folder=build/appimage/StackGUI.AppDir
[ -d "$root/usr" ] || { echo "Make the package first: python3 packaging/deb.py" >&2; exit 1; }
rm -rf build/appimage
mkdir -p "$folder"
cp -a "$root/usr" "$folder/usr"
cp "$root/usr/share/applications/stackgui.desktop" "$root/usr/share/icons/hicolor/scalable/apps/stackgui.svg" "$folder/"
ln -s stackgui.svg "$folder/.DirIcon"
# The launcher says why an old system cannot start it.
sed 's|/program/stackgui"|/usr/lib/stackgui/stackgui"|' packaging/linux/launcher.sh > "$folder/AppRun"
chmod 755 "$folder/AppRun"
tool=${1:-}
[ -n "$tool" ] || { echo "$folder is complete. Name appimagetool to pack it."; exit 0; }
ARCH=$(uname -m) "$tool" "$folder" "dist/StackGUI-$(uname -m).AppImage"
