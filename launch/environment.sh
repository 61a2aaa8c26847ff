# Sourced by the scripts beside it: where the project is, its build, and what they have in common.
# shellcheck shell=bash disable=SC2034 # They use its variables.

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# The binary; TUTTI names another one, such as that of a debug build.
binary=${TUTTI:-$root/.build/release/tutti}

# mpirun refuses to run as root unless told twice that it is meant: in a container, it is.
if [ "$(id -u)" = 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

# Builds the binary. With Swift's libraries inside, it runs on hosts that have no Swift.
build_binary() {
  swift build --package-path "$root" -c release --static-swift-stdlib --product tutti
}

# Prints the comment that a script begins with.
print_help() {
  sed -n '2,$ { /^#/!q; s/^# \{0,1\}//p; }' "$0"
}

# Ends the script with an exit code and a line.
fail() {
  local code=$1
  shift
  printf '%s: %s\n' "launch/$(basename -- "$0")" "$*" >&2
  exit "$code"
}
