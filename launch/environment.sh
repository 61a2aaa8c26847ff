# Sourced by the scripts beside it: where the project is, its build, and what they have in common.
# shellcheck shell=bash disable=SC2034 # They use its variables.

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# The binary; TUTTI names another one, such as that of a debug build. launch/install puts it two
# folders up.
binary=$root/.build/release/tutti
[ -e "$root/Package.swift" ] || binary=$(dirname -- "$(dirname -- "$root")")/bin/tutti
binary=${TUTTI:-$binary}

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

# Runs mpirun with these options and ends the script with its exit code. Signals to the script stop a
# training after the step under way.
#
# Open MPI 4's mpirun answers SIGTERM and SIGINT by killing the ranks two seconds later, and exits
# with 1. It passes SIGUSR1 on and exits as the ranks do. So it gets SIGUSR1 for all of them, and a
# session of its own, out of reach of the terminal's Ctrl-C.
run_ranks() {
  # tutti says in one line what went wrong, and mpirun would add fourteen.
  local quiet=(--quiet) code name
  name=launch/$(basename -- "$0")
  [ -z "${VERBOSE:-}" ] || quiet=()
  mpirun='' signalled='' asked=''
  # Set by launch/local for what stops by itself, after a checkpoint.
  if [ -n "${stops_itself:-}" ]; then
    trap ask_to_stop TERM HUP USR1
    trap interrupt INT
  else
    trap end_at_once TERM HUP INT
  fi
  setsid mpirun "${quiet[@]}" "$@" </dev/null &
  mpirun=$!
  # A signal ends `wait` early.
  while
    signalled=
    code=0
    wait "$mpirun" || code=$?
    [ -n "$signalled" ]
  do :; done

  # With --quiet, mpirun keeps to itself what the binary can't say.
  if [ -z "$asked" ] && [ "$code" -gt 128 ]; then
    echo "$name: a rank was ended by signal $((code - 128)) ($(kill -l "$code")); after KILL," \
      "dmesg says whether memory was short" >&2
  elif [ -z "$asked${VERBOSE:-}" ]; then
    case "$code" in
      0 | 64 | 65 | 69 | 70 | 75) ;;
      *)
        echo "$name: ended with $code; if no line above says why, mpirun may:" \
          "VERBOSE=1 $name …" >&2
        ;;
    esac
  fi
  exit "$code"
}

# shellcheck disable=SC2317 # Traps call it.
ask_to_stop() {
  signalled=yes asked=yes
  kill -USR1 "$mpirun" || true
}

# shellcheck disable=SC2317
end_at_once() {
  signalled=yes asked=yes
  echo "launch/$(basename -- "$0"): stopped; nothing was written" >&2
  kill -TERM "$mpirun" || true
}

# shellcheck disable=SC2317
interrupt() {
  if [ -z "$asked" ]; then
    # On a line of its own, whatever the progress line shows.
    printf '\nlaunch/%s: stopping after this step; Ctrl-C once more ends it at once\n' \
      "$(basename -- "$0")" >&2
    ask_to_stop
  else
    signalled=yes
    kill -TERM "$mpirun" || true
  fi
}
