#!/bin/sh
# Installs the minion of this archive: looks for the Python that it was made for and hands over to install.py.
# Needs a POSIX shell and that Python, nothing else. See: sh install.sh --help
want=@PYTHON@
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
if ! [ -r "$here/install.py" ]; then
    echo "install.sh: $here/install.py is not there: unpack the whole archive" >&2
    exit 65
fi

suits() {
    [ "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null)" = "$want" ]
}

chosen=
before=
for word in "$@"; do
    case $word in --python=*) chosen=${word#--python=} ;; esac
    [ "$before" = --python ] && chosen=$word
    before=$word
done
if [ -n "$chosen" ]; then
    if ! suits "$chosen"; then
        echo "install.sh: $chosen is not a Python $want, which this archive is made for" >&2
        exit 69
    fi
    exec "$chosen" -E -s -B "$here/install.py" "$@"
fi
for name in python$want python3 python2 python /usr/bin/python$want /usr/local/bin/python$want /opt/python$want/bin/python$want; do
    if suits "$name"; then
        exec "$name" -E -s -B "$here/install.py" "$@"
    fi
done
echo "install.sh: found no Python $want, which this archive is made for; name it with --python FILE" >&2
exit 69
