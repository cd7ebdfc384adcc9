#!/usr/bin/env bash
# Snapshots of the back-office volumes; older than 30 days are deleted.
set -eu
. "$(dirname "$0")/../stores/common.sh"

LIMIT=$(date -u -d '30 days ago' +%Y-%m-%d)
tail -n +2 "$(dirname "$0")/../stores/stores.csv" | while IFS=, read -r store _ region _; do
  instance=$(instance_of "$store" "$region")
  aws ec2 create-snapshots --region "$region" --instance-specification "InstanceId=$instance" \
    --description "weekly-$store" --copy-tags-from-source volume
  aws ec2 describe-snapshots --region "$region" --owner-ids self \
    --filters "Name=description,Values=weekly-$store" \
    --query "Snapshots[?StartTime<='$LIMIT'].SnapshotId" --output text | tr '\t' '\n' |
    while read -r old; do aws ec2 delete-snapshot --region "$region" --snapshot-id "$old"; done
done
