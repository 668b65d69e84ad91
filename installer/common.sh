# Shared by installer/run and installer/test: system packages, then a virtual environment from the lock files.
# Sourced, not run. Everything here may be repeated; a second run finds its work done and takes seconds.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Newer releases call some libraries by another name, ending in t64.
is_installed() {
    local name
    for name in "$1" "$1t64"; do
        [ "$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null)" = "install ok installed" ] && return 0
    done
    return 1
}

# Installs what is missing of the packages named in the given list files (one a line, '#' starts a comment).
system_packages() {
    local missing=() package
    while read -r package; do
        is_installed "$package" || missing+=("$package")
    done < <(cat "$@" | sed 's/#.*//' | awk 'NF { print $1 }')
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing system packages: ${missing[*]}"
    as_root apt-get update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# The first interpreter within requires-python that can make a virtual environment.
find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3 /usr/bin/python3; do
        "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
            && { command -v "$name"; return 0; }
    done
    echo "Python 3.11, 3.12 or 3.13 is needed." >&2
    return 3
}

# Makes .venv from lock files whose every line carries a hash. A stamp beside each says that it is done; a lock that
# has changed since makes the whole environment anew, so that nothing of the old one is left in it.
python_packages() {
    local lock missing=()
    for lock in "$root/installer/requirements-build.txt" "$@"; do
        is_done "$lock" || missing+=("$lock")
        if [ -f "$(stamp_of "$lock")" ] && ! is_done "$lock"; then
            rm -rf "$venv"
            python_packages "$@"
            return
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Preparing Python packages"
    [ -x "$venv/bin/python" ] || "$(find_python)" -m venv --clear "$venv"
    local pip=("$venv/bin/python" -m pip --quiet --disable-pip-version-check install)
    for lock in "${missing[@]}"; do
        PATH=$venv/bin:$PATH "${pip[@]}" --no-build-isolation --require-hashes -r "$lock"
    done
    PYTHONWARNINGS=ignore "${pip[@]}" --no-deps --no-build-isolation --editable "$root"
    "$venv/bin/python" -m compileall -q "$root/vending_app" # the first start is as quick as every other
    for lock in "${missing[@]}"; do sha256sum <"$lock" >"$(stamp_of "$lock")"; done
}

stamp_of() { echo "$venv/.done-$(basename "$1")"; }

is_done() { [ -f "$(stamp_of "$1")" ] && [ "$(cat "$(stamp_of "$1")")" = "$(sha256sum <"$1")" ]; }
