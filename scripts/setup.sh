#!/bin/sh
# Makes .venv with the pinned requirements, and the few system libraries that wheels cannot carry.
# usage: setup.sh REQUIREMENTS [--tests]
set -eu
requirements=$1
tests=${2:-}
python=${PYTHON:-python3}

have_library() { ldconfig -p 2>/dev/null | grep -q "$1" || ls /usr/lib/*/"$1" >/dev/null 2>&1; }

install_packages() {
    echo "installing system packages: $*"
    if [ "$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null; then run="sudo"; else
        echo "Please install these packages and try again: $*" >&2; exit 1
    fi
    $run apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
missing=""
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
have_library libEGL.so.1 || missing="$missing libegl1"
have_library libGL.so.1 || missing="$missing libgl1"
if [ "$tests" = --tests ]; then
    have_library libatomic.so.1 || missing="$missing libatomic1" # playwright's driver links against it
    command -v git >/dev/null || missing="$missing git"
    command -v curl >/dev/null || missing="$missing curl" # the example of docs/api.md is run
    command -v chromium >/dev/null || missing="$missing chromium"
    [ -x /usr/sbin/rabbitmq-server ] || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
fi
# shellcheck disable=SC2086 # a list of package names
[ -z "$missing" ] || { command -v apt-get >/dev/null && install_packages $missing; } || {
    echo "Please install the equivalents of:$missing" >&2
    exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "installing $requirements"
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"
