#!/usr/bin/env bash
# Build MarrowScope for macOS: MarrowScope.app, a .zip and a .dmg.
# Written on Linux and NOT YET TRIED on macOS. Needs Python 3.11 or newer:
#   installer/macos.sh            (another Python: PYTHON=python3.13 installer/macos.sh)
# Signed and notarised only where IDENTITY names a Developer ID certificate.
set -euo pipefail
cd "$(dirname "$0")/.."
"${PYTHON:-python3}" installer/environment.py .venv-installer installer
python=.venv-installer/bin/python
version=$("$python" -c 'import marrowscope; print(marrowscope.__version__)')
MARROWSCOPE_VERSION=$version "$python" -m PyInstaller --noconfirm --log-level=ERROR installer/marrowscope.spec
app=dist/MarrowScope.app

# The built program must read the demonstration from an empty home, or nothing is packed.
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
program=$PWD/$app/Contents/MacOS/marrowscope
(cd "$trial" && env -i HOME="$trial" PATH=/usr/bin:/bin LANG=en_US.UTF-8 QT_QPA_PLATFORM=offscreen \
  "$program" demo --headless --out demo)
for name in case.marrow report.pdf window.png; do
  [ -f "$trial/demo/$name" ] || { echo "The demonstration wrote no $name" >&2; exit 1; }
done

if [ -n "${IDENTITY:-}" ]; then
  codesign --force --deep --options runtime --timestamp --sign "$IDENTITY" "$app"
fi
name=dist/marrowscope-$version-macos-$(uname -m)
ditto -c -k --keepParent "$app" "$name.zip"
hdiutil create -volname MarrowScope -srcfolder "$app" -ov -format UDZO "$name.dmg"
du -h "$name.zip" "$name.dmg"
