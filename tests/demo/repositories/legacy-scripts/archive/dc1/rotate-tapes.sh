#!/bin/sh
# tape robot, run on backup01
mtx -f /dev/sg3 unload 12 0
mtx -f /dev/sg3 load "$1" 0
mt -f /dev/nst0 rewind
tar -cf /dev/nst0 /srv/backoffice
logger -t tapes "wrote tape $1"
