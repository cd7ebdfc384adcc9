#!/usr/bin/env bash
# Stops billing for a closed store. The bucket stays for seven years.
#   stores/decommission-store.sh <store>
set -eu
. "$(dirname "$0")/common.sh"

STORE="${1:?store number}"
REGION=$(region_of "$STORE")
[ -n "$REGION" ] || die "store $STORE is not in stores/stores.csv"
INSTANCE=$(instance_of "$STORE" "$REGION")

confirm "Terminating $INSTANCE of store $STORE." "$STORE"
aws ec2 create-image --region "$REGION" --instance-id "$INSTANCE" --name "final-$STORE" --no-reboot
aws ec2 terminate-instances --region "$REGION" --instance-ids "$INSTANCE"
echo "The VPC, the alarms and the DNS names have to go by hand: docs/runbooks/new-store.md, backwards."
