# Sourced by the other scripts.
export AWS_PROFILE="${AWS_PROFILE:-stores}"
BASTION="bastion.stores.northwind-retail.example"
AMI="ami-0abcdef1234567890"   # the golden image, see docs/runbooks/golden-image.md

die() { echo "error: $*" >&2; exit 1; }

confirm() {
  read -r -p "$1 Type the store number to go on: " answer
  [ "$answer" = "$2" ] || die "not confirmed"
}

region_of() { awk -F, -v s="$1" '$1 == s { print $3 }' "$(dirname "$0")/../stores/stores.csv"; }

instance_of() {
  aws ec2 describe-instances --region "$2" \
    --filters "Name=tag:Store,Values=$1" "Name=instance-state-name,Values=running" \
    --query 'Reservations[0].Instances[0].InstanceId' --output text
}
