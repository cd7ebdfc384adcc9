#!/usr/bin/env bash
# Puts a build on every kiosk of a store and restarts them.
#   kiosks/deploy-kiosk.sh <store> <archive>
set -eu
. "$(dirname "$0")/../stores/common.sh"

STORE="${1:?store number}"
ARCHIVE="${2:?archive}"
KIOSKS=$(awk -F, -v s="$STORE" '$1 == s { print $4 }' "$(dirname "$0")/../stores/stores.csv")

for n in $(seq 1 "$KIOSKS"); do
  host="kiosk-$n.store-$STORE.northwind-retail.example"
  scp -o ProxyJump="ops@$BASTION" "$ARCHIVE" "kiosk@$host:/tmp/kiosk.tar.gz"
  # shellcheck disable=SC2029
  ssh -J "ops@$BASTION" "kiosk@$host" \
    "sudo systemctl stop kiosk && sudo tar -xzf /tmp/kiosk.tar.gz -C /opt/kiosk && sudo systemctl start kiosk"
  echo "$host done"
done
