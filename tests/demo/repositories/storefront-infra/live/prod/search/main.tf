data "terraform_remote_state" "network" {
  backend = "s3"

  config = {
    bucket = "northwind-tfstate-storefront"
    key    = "prod/network.tfstate"
    region = "eu-central-1"
  }
}

resource "aws_security_group" "search" {
  name        = "storefront-search"
  description = "OpenSearch of the shop"
  vpc_id      = data.terraform_remote_state.network.outputs.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.search.id
  cidr_ipv4         = "10.51.0.0/16"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_opensearch_domain" "catalogue" {
  domain_name    = "catalogue"
  engine_version = "OpenSearch_2.19"

  cluster_config {
    instance_type          = "r7g.large.search"
    instance_count         = 3
    zone_awareness_enabled = true

    zone_awareness_config {
      availability_zone_count = 3
    }
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = 200
  }

  encrypt_at_rest {
    enabled = true
  }

  node_to_node_encryption {
    enabled = true
  }

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }

  vpc_options {
    subnet_ids         = data.terraform_remote_state.network.outputs.private_subnets
    security_group_ids = [aws_security_group.search.id]
  }
}
