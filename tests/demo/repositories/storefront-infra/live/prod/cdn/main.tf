locals {
  host = "shop.northwind-retail.example"
}

provider "aws" {
  alias  = "us_east_1" # certificates of CloudFront live there
  region = "us-east-1"
}

module "assets" {
  source = "git::https://github.com/northwind-retail/platform-modules.git//modules/service-bucket?ref=v2.1.0"

  name        = "northwind-shop-assets-prod"
  owner       = "storefront"
  environment = "prod"
}

resource "aws_acm_certificate" "shop" {
  provider          = aws.us_east_1
  domain_name       = local.host
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudfront_origin_access_control" "assets" {
  name                              = "shop-assets-prod"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "shop" {
  enabled             = true
  aliases             = [local.host]
  default_root_object = "index.html"
  price_class         = "PriceClass_100"

  origin {
    origin_id                = "assets"
    domain_name              = module.assets.regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.assets.id
  }

  default_cache_behavior {
    target_origin_id       = "assets"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = data.aws_cloudfront_cache_policy.optimized.id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate.shop.arn
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }
}

data "aws_cloudfront_cache_policy" "optimized" {
  name = "Managed-CachingOptimized"
}
