#!/usr/bin/env bash
# Network, back-office server and buckets of a new store.
#   stores/new-store.sh <store> <region>
set -eu
. "$(dirname "$0")/common.sh"

STORE="${1:?store number}"
REGION="${2:?region}"
CIDR="10.$((10#${STORE:0:2})).$((10#${STORE:2:2})).0/24"

confirm "Creating store $STORE in $REGION with $CIDR." "$STORE"

VPC=$(aws ec2 create-vpc --region "$REGION" --cidr-block "$CIDR" \
  --tag-specifications "ResourceType=vpc,Tags=[{Key=Name,Value=store-$STORE},{Key=Store,Value=$STORE}]" \
  --query Vpc.VpcId --output text)
SUBNET=$(aws ec2 create-subnet --region "$REGION" --vpc-id "$VPC" --cidr-block "$CIDR" \
  --query Subnet.SubnetId --output text)
GROUP=$(aws ec2 create-security-group --region "$REGION" --vpc-id "$VPC" \
  --group-name "store-$STORE" --description "Back office of store $STORE" --query GroupId --output text)
aws ec2 authorize-security-group-ingress --region "$REGION" --group-id "$GROUP" \
  --protocol tcp --port 443 --cidr 10.0.0.0/8

INSTANCE=$(aws ec2 run-instances --region "$REGION" --image-id "$AMI" --instance-type t3.large \
  --subnet-id "$SUBNET" --security-group-ids "$GROUP" --key-name store-ops \
  --tag-specifications "ResourceType=instance,Tags=[{Key=Name,Value=backoffice-$STORE},{Key=Store,Value=$STORE}]" \
  --query 'Instances[0].InstanceId' --output text)
aws ec2 wait instance-running --region "$REGION" --instance-ids "$INSTANCE"

aws s3api create-bucket --bucket "northwind-store-$STORE" --region "$REGION" \
  --create-bucket-configuration "LocationConstraint=$REGION"
aws s3api put-public-access-block --bucket "northwind-store-$STORE" --public-access-block-configuration \
  BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true

echo "store $STORE: $VPC $SUBNET $GROUP $INSTANCE"
echo "Now add it to stores/stores.csv and go on with docs/runbooks/new-store.md, step 3."
