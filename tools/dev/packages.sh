# Installs the Debian packages of tools/packages.txt that are missing. Sourced by ./dev.

# packages_for GROUP...: the package names of these groups.
packages_for() {
    local groups=" $* " name group _
    while read -r name group _; do
        [[ -n $name && $name != \#* && $groups == *" $group "* ]] && echo "$name"
    done <"$root/tools/packages.txt"
    return 0
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# as_root COMMAND...: directly for root, else through sudo (which may ask for a password only on a terminal).
as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        echo "Run this as root, or install sudo: packages are missing." >&2
        return 1
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

apt_quiet() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null; }

# --no-remove: a machine that has Boost's default version for something else keeps it, and apt says what conflicts.
apt_install() { apt_quiet update && apt_quiet install -y --no-install-recommends --no-remove "$@"; }

# install_packages GROUP...: one step, or none when nothing is missing.
install_packages() {
    local missing=() name
    if ! command -v dpkg-query >/dev/null; then
        say "skip   packages: this is no Debian; tools/packages.txt lists what is needed"
        return 0
    fi
    for name in $(packages_for "$@"); do
        is_installed "$name" || missing+=("$name")
    done
    [[ ${#missing[@]} -eq 0 ]] && return 0
    if [[ $EUID -ne 0 && -t 0 ]] && command -v sudo >/dev/null; then
        sudo -v # asks here, not in the middle of a step whose output goes to a log
    fi
    must "install ${missing[*]}" apt_install "${missing[@]}"
}
