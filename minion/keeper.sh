#!/bin/sh
# The keep-alive parent of a daemon: starts a minion that died once more. A shell, because it takes a tenth of the memory
# of another Python. Descriptors: 7 tells the first start's outcome to whoever waits for it, 9 is written by the minion
# (the path of its pid file, once it runs) and read here as 8, when it has ended.
# Between two lives this process stands in the pid file, so that init scripts find whom to stop.
#
# sh keeper.sh COMMAND...

stopping= child= pidfile= pause=1 note=- hammer=7

stop() {
    stopping=1
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}

pass() {
    [ -z "$child" ] || kill "-$1" "$child" 2>/dev/null
}

forget_pidfile() {
    [ -n "$pidfile" ] && [ "$(cat "$pidfile" 2>/dev/null)" = "$$" ] && rm -f "$pidfile"
}

end() {
    forget_pidfile
    exit "$1"
}

trap stop TERM INT
trap 'pass HUP' HUP
trap 'pass USR1' USR1
trap : USR2 QUIT

while :; do
    born=$(date +%s)
    MINION_HANDOVER="- $hammer 9 $note" "$@" 8<&- &
    child=$!
    exec 7>&-
    hammer=-
    [ -z "$stopping" ] || stop
    while :; do                          # a signal of ours ends the waiting, too
        wait "$child"
        code=$?
        kill -0 "$child" 2>/dev/null || break
    done
    child=
    echo >&9                             # so that there is a line to read
    while read -r line <&8 && [ -n "$line" ]; do
        pidfile=$line
    done
    case $stopping,$code in
        1,*|,0|,130|,143) end 0 ;;       # told to end, itself or we
        ,42|,69|,77) end "$code" ;;      # its settings ask for that
    esac
    [ -n "$pidfile" ] || end "$code"     # it never ran: whoever started it has been told why
    [ $(($(date +%s) - born)) -le 60 ] || pause=1
    (umask 022 && printf %s "$$" >"$pidfile") 2>/dev/null
    note="the minion had ended with exit status $code and was started again after $pause s"
    sleep "$pause" &
    nap=$!
    wait "$nap"
    [ -z "$stopping" ] || { kill "$nap" 2>/dev/null; end 0; }
    pause=$((pause * 2))
    [ "$pause" -le 60 ] || pause=60
done
