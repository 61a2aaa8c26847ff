# Sourced by the scripts beside it: where the project is, its build, and what they have in common.
# shellcheck shell=bash disable=SC2034 # They use its variables.

root=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# The binary; TUTTI names another one, such as that of a debug build. launch/install puts it two
# folders up.
binary=$root/.build/release/tutti
[ -e "$root/Package.swift" ] || binary=$(dirname -- "$(dirname -- "$root")")/bin/tutti
binary=${TUTTI:-$binary}

# mpirun refuses to run as root unless told twice that it is meant: in a container, it is.
if [ "$(id -u)" = 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

# Ranks share memory inside a host alone, for which UCX is of no use; some builds of Open MPI 5.0 print
# an error of its at each start. This can go with them.
export OMPI_MCA_osc=${OMPI_MCA_osc:-^ucx}

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

# Sets the array `quiet` to what keeps mpirun's own messages away: tutti says in one line what went
# wrong, and mpirun would add fourteen. Open MPI 5 has no such option, and refuses Open MPI 4's.
choose_quiet() {
  quiet=()
  [ -z "${VERBOSE:-}" ] || return 0
  case "$(mpirun --version 2>/dev/null)" in
    *'(Open MPI) '[1-4].*) quiet=(--quiet) ;;
  esac
}

# Runs mpirun with these options and ends the script with its exit code. Signals to the script stop a
# training after the step under way.
#
# mpirun answers SIGTERM and SIGINT by killing the ranks before long, and exits with 1. It passes
# SIGUSR1 on and exits as the ranks do. So it gets SIGUSR1 for all of them, and a session of its own,
# out of reach of the terminal's Ctrl-C.
run_ranks() {
  local code watch quiet name left
  name=launch/$(basename -- "$0")
  mpirun='' signalled='' asked='' asks=''
  choose_quiet
  # Set by the scripts for what stops by itself, after a checkpoint.
  if [ -n "${stops_itself:-}" ]; then
    trap ask_to_stop TERM HUP USR1
    trap interrupt INT
  else
    trap end_at_once TERM HUP INT
  fi
  setsid mpirun ${quiet[@]+"${quiet[@]}"} "$@" </dev/null &
  mpirun=$!
  # Who asked when there was no process yet.
  [ -z "$asked" ] || if [ -n "${stops_itself:-}" ]; then ask_to_stop; else kill -TERM "$mpirun"; fi
  end_left_mpirun </dev/null >/dev/null 2>&1 &
  watch=$!
  # A signal ends `wait` early.
  while
    signalled=
    code=0
    wait "$mpirun" || code=$?
    [ -n "$signalled" ]
  do :; done

  if [ "$code" = 137 ]; then
    # 1 is its verdict; more, that a signal ended this wait.
    left=0
    wait "$watch" || left=$?
    [ "$left" != 1 ] || {
      code=69
      echo "$name: all ranks of this host ended $patience s ago, but mpirun still waited for another" \
        "host, which doesn't answer; so it was ended" >&2
    }
  elif [ -n "${stops_itself:-}" ]; then
    case "$code" in
      # SIGINT, SIGUSR1 or SIGTERM came to a rank, or to mpirun, that couldn't answer yet.
      130 | 138 | 143)
        code=75
        echo "$name: stopped before all ranks were ready; the same command starts again" >&2
        ;;
    esac
  fi

  # With --quiet, mpirun keeps to itself what the binary can't say.
  if [ -z "$asked" ] && [ "$code" -gt 128 ] && [ "$code" -lt 160 ]; then
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

# Asks again and again until mpirun ends: in the first second it may have no ranks yet to pass the
# signal on to. To be asked twice does no harm.
keep_asking() {
  trap '' TERM HUP USR1
  while kill -USR1 "$mpirun"; do sleep 1; done
}

# Seconds for which mpirun may outlive the ranks of its own host. It waits for those of a host that is
# frozen or cut off for a quarter of an hour, and hears no signal meanwhile. Tests are less patient.
readonly patience=${TUTTI_PATIENCE:-60}

# Ends mpirun, and fails, when its ranks here have been gone for too long. Where it had none, as on a
# host that isn't in the hostfile, it is let be.
end_left_mpirun() {
  local seen='' gone=0
  trap '' TERM HUP USR1
  while sleep 2 && kill -0 "$mpirun"; do
    if has_ranks; then
      seen=yes gone=0
    elif [ -n "$seen" ]; then
      gone=$((gone + 2))
      if [ "$gone" -ge "$patience" ]; then
        kill -KILL -- "-$mpirun"
        return 1
      fi
    fi
  done
  return 0
}

# Whether a child of mpirun is a rank, by its environment, which a zombie has no more.
has_ranks() {
  local child
  for child in $(cat /proc/"$mpirun"/task/*/children); do
    ! grep -qz '^OMPI_COMM_WORLD_RANK=' "/proc/$child/environ" || return 0
  done
  return 1
}

# shellcheck disable=SC2317 # Traps call it.
ask_to_stop() {
  signalled=yes asked=yes
  if [ -n "$mpirun" ] && [ -z "$asks" ]; then
    asks=yes
    keep_asking </dev/null >/dev/null 2>&1 &
  fi
}

# shellcheck disable=SC2317
end_at_once() {
  signalled=yes
  if [ -z "$asked" ]; then
    asked=yes
    echo "launch/$(basename -- "$0"): stopped; nothing was written" >&2
    [ -z "$mpirun" ] || kill -TERM "$mpirun" || true
  else
    # mpirun may be deaf.
    [ -z "$mpirun" ] || kill -KILL -- "-$mpirun" || true
  fi
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
    trap end_at_once INT
    [ -z "$mpirun" ] || kill -TERM "$mpirun" || true
  fi
}
