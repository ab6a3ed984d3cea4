#!/usr/bin/env bash
# The real window under Xvfb, as someone who has never seen it: a folder of articles becomes a project, three spans are labelled by keys and mouse,
# a name is found and marked everywhere, that is undone and done again, the document is finished and the work exported, all by real events.
# Usage: tests/window/run.sh BINARY
set -euo pipefail
binary=$(realpath "$1")
work=$(mktemp -d)
keep=${SPANWRIGHT_WINDOW_PICTURES:-}
export SPANWRIGHT_CONFIG="$work/config" LIBGL_ALWAYS_SOFTWARE=1 XDG_RUNTIME_DIR="$work"
unset WAYLAND_DISPLAY
program='' screen=''
cleanup() {
  [ -n "$program" ] && kill "$program" 2>/dev/null || true
  [ -n "$screen" ] && kill "$screen" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
fail() {
  echo "FAILED: $*" >&2
  [ -f "$work/log" ] && cat "$work/log" >&2
  import -window root "${TMPDIR:-/tmp}/spanwright-window-failed.png" 2>/dev/null || true
  exit 1
}

mkdir "$work/articles"
printf 'Lind returns to Port Vale\n\nMaria Lind of Nordbank said “the harbour stays open” on Friday. Nordbank pays.\n\nSubscribe\n' >"$work/articles/one.txt"
printf 'Nordbank cuts rates\n\nNordbank, led by Maria Lind, cut its rate.\n' >"$work/articles/two.txt"

for number in $(seq 90 120); do
  [ -e "/tmp/.X11-unix/X$number" ] || break
done
export DISPLAY=":$number"
Xvfb "$DISPLAY" -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
screen=$!
for _ in $(seq 100); do xdotool getmouselocation >/dev/null 2>&1 && break; sleep 0.1; done

# A folder of articles: a new project is offered, Enter makes it, and the name is asked for once.
"$binary" "$work/articles" >"$work/log" 2>&1 &
program=$!
window=$(timeout 60 xdotool search --sync --onlyvisible --name 'Spanwright' | tail -n 1) || fail 'no window came up'
xdotool windowsize --sync "$window" 1280 800 windowmove "$window" 0 0 windowfocus "$window" || true
sleep 2

picture() { if [ -n "$keep" ]; then import -window root "$keep/$1.png"; fi; }
key() { for chord in "$@"; do xdotool key --window "$window" "$chord"; sleep 0.15; done; }
type_in() { xdotool type --window "$window" --delay 40 "$1"; sleep 0.3; }
project="$work/articles-spanwright"
out=$work/articles.jsonl
export_now() { "$binary" export "$project" --format spanwright --all --status in-progress,finished --out - --quiet --annotator ana 2>/dev/null; }
# Waits until the mirror-less export shows what is wanted.
shows() {
  for _ in $(seq 50); do
    export_now | grep -qF "$1" && return 0
    sleep 0.2
  done
  picture failed
  fail "the export does not show $1"
}
hides() {
  for _ in $(seq 50); do
    export_now | grep -qF "$1" || return 0
    sleep 0.2
  done
  picture failed
  fail "the export still shows $1"
}

picture new
key Return
sleep 1
picture who
type_in ana
key Return
for _ in $(seq 50); do [ -f "$project/project.ron" ] && break; sleep 0.2; done
[ -f "$project/project.ron" ] || fail 'no project was made'
sleep 2
picture begin

# Label three. Keys: over "Maria Lind", an entity, a person.
key ctrl+Home ctrl+Down ctrl+shift+Right ctrl+shift+Right 1 Return 1
picture keys
shows '"label":"entity","ranges":[[27,37]],"quote":"Maria Lind","attributes":{"type":"person"}'
# The quotation around the caret in one key.
key Escape ctrl+Home ctrl+Down ctrl+Right ctrl+Right ctrl+Right ctrl+Right ctrl+Right ctrl+Right 2
picture quote
shows '"label":"quote","ranges":[[55,79]],"quote":"“the harbour stays open”"'
# The mouse: a double click takes "Friday", its key marks it as a time.
xdotool mousemove --window "$window" 825 186 click --repeat 2 --delay 60 1
sleep 0.5
picture mouse
key 6
shows '"label":"time","ranges":[[83,89]],"quote":"Friday"'

# Find Nordbank, label the hit, then every other one in the document, and in the whole project.
key Escape ctrl+f
type_in Nordbank
picture find
key Return 1 Return 2
shows '"label":"entity","ranges":[[91,99]],"quote":"Nordbank","attributes":{"type":"organisation"}'
key Escape ctrl+d
picture every
shows '"label":"entity","ranges":[[41,49]],"quote":"Nordbank","attributes":{"type":"organisation"}'
key ctrl+shift+d
sleep 1
picture everywhere
key Return
shows '"label":"entity","ranges":[[0,8]],"quote":"Nordbank"'
# One undo takes all of them back, one redo marks them again.
key ctrl+z
hides '"label":"entity","ranges":[[0,8]],"quote":"Nordbank"'
key ctrl+shift+z
shows '"label":"entity","ranges":[[0,8]],"quote":"Nordbank"'

# Finish and go on.
key Escape ctrl+Return
sleep 1
picture finished
shows '"status":"finished"'

# Export by the dialog: Enter shows what will be written beside the articles, Enter writes it.
key ctrl+e
sleep 1
picture export
key Return
sleep 2
picture preview
[ ! -e "$out" ] || fail 'something was written before it was looked at'
key Return
for _ in $(seq 50); do [ -s "$out" ] && break; sleep 0.2; done
[ -s "$out" ] || fail 'nothing was exported'
sleep 0.5
picture exported
grep -qF '"quote":"Maria Lind"' "$out" || fail 'the export lacks what was marked'
key Return ctrl+q
for _ in $(seq 100); do kill -0 "$program" 2>/dev/null || break; sleep 0.1; done
kill -0 "$program" 2>/dev/null && fail 'the window did not close'
program=''
"$binary" check "$project" --quiet >/dev/null || fail 'check finds something wrong'
echo 'The real window: 1 passed, 0 failed'
