#!/bin/sh
# nightly from files01, before the buckets
for s in 0102 0118 0231; do
  rsync -az --delete "files01:/srv/stores/$s/" "/srv/mirror/$s/" || logger -t stores "sync of $s failed"
done
