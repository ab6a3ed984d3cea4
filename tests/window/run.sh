#!/usr/bin/env bash
# The real window under Xvfb: real keys and a real mouse label spans, one is undone and done again, the window is closed, and the spans are found
# in the export. Usage: tests/window/run.sh BINARY
set -euo pipefail
binary=$(realpath "$1")
work=$(mktemp -d)
keep=${SPANWRIGHT_WINDOW_PICTURES:-}
export SPANWRIGHT_CONFIG="$work/config" SPANWRIGHT_ANNOTATOR=ana LIBGL_ALWAYS_SOFTWARE=1 XDG_RUNTIME_DIR="$work"
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
printf 'Lind returns to Port Vale\n\nMaria Lind of Nordbank said “the harbour stays open” on Friday.\n\nSubscribe\n' >"$work/articles/one.txt"
printf 'A second article.\n' >"$work/articles/two.txt"
"$binary" new "$work/news" "$work/articles" --schema news --quiet

for number in $(seq 90 120); do
  [ -e "/tmp/.X11-unix/X$number" ] || break
done
export DISPLAY=":$number"
Xvfb "$DISPLAY" -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
screen=$!
for _ in $(seq 100); do xdotool getmouselocation >/dev/null 2>&1 && break; sleep 0.1; done

"$binary" "$work/news" >"$work/log" 2>&1 &
program=$!
window=$(timeout 60 xdotool search --sync --onlyvisible --name 'news' | tail -n 1) || fail 'no window came up'
xdotool windowsize --sync "$window" 1280 800 windowmove "$window" 0 0 windowfocus "$window" || true
sleep 2

picture() { if [ -n "$keep" ]; then import -window root "$keep/$1.png"; fi; }
key() { for chord in "$@"; do xdotool key --window "$window" "$chord"; sleep 0.15; done; }
# Waits until the mirror-less export shows what is wanted.
shows() {
  for _ in $(seq 50); do
    "$binary" export "$work/news" --format spanwright --all --status in-progress,finished --out - --quiet 2>/dev/null | grep -qF "$1" && return 0
    sleep 0.2
  done
  fail "the export does not show $1"
}
hides() {
  for _ in $(seq 50); do
    "$binary" export "$work/news" --format spanwright --all --status in-progress,finished --out - --quiet 2>/dev/null | grep -qF "$1" || return 0
    sleep 0.2
  done
  fail "the export still shows $1"
}

picture begin
# Keys: to the second paragraph, over "Maria Lind", mark as entity, a person.
key ctrl+Home ctrl+Down ctrl+shift+Right ctrl+shift+Right 1 Return 1
picture keys
shows '"label":"entity","ranges":[[27,37]],"quote":"Maria Lind","attributes":{"type":"person"}'
# The quotation around the caret in one key.
key ctrl+Home ctrl+Down ctrl+Right ctrl+Right ctrl+Right ctrl+Right ctrl+Right ctrl+Right 2
picture quote
shows '"label":"quote","ranges":[[55,79]],"quote":"“the harbour stays open”"'
# Undo and redo.
key ctrl+Home ctrl+shift+Right 3
shows '"label":"event","ranges":[[0,4]],"quote":"Lind"'
key ctrl+z
hides '"label":"event"'
key ctrl+shift+z
shows '"label":"event","ranges":[[0,4]],"quote":"Lind"'
# The mouse: a double click takes "Friday", its key marks it as a time.
xdotool mousemove --window "$window" 825 186 click --repeat 2 --delay 60 1
sleep 0.5
picture mouse
key 6
shows '"label":"time","ranges":[[83,89]],"quote":"Friday"'
picture marked
key ctrl+q
for _ in $(seq 100); do kill -0 "$program" 2>/dev/null || break; sleep 0.1; done
kill -0 "$program" 2>/dev/null && fail 'the window did not close'
program=''
"$binary" check "$work/news" --quiet >/dev/null || fail 'check finds something wrong'
echo 'The real window: 1 passed, 0 failed'
