#!/usr/bin/env bash
#   kiosks/restart-kiosk.sh <store> <kiosk number>
set -eu
. "$(dirname "$0")/../stores/common.sh"
ssh -J "ops@$BASTION" "kiosk@kiosk-${2:?kiosk}.store-${1:?store}.northwind-retail.example" sudo systemctl restart kiosk
