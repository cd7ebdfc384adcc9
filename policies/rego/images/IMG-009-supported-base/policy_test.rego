package idp_assess.images.supported_base_test

import data.idp_assess.images.supported_base

from(image) := {"stages": [{"image": image, "as": "", "instructions": []}]}

test_ended if {
	some one in supported_base.deny with input as from("node:16-alpine")
	one.path == ["stages", 0]
	one.resource == "node:16-alpine"
	every name in [
		"python:3.8.1-slim", "python:2", "debian:stretch-slim", "ubuntu:18.04", "alpine:3.12", "centos:7", "golang:1.19", "openjdk:11-jre",
		"public.ecr.aws/docker/library/node:14", "php:7.4-fpm", "ruby:2.7.8", "mcr.microsoft.com/dotnet/aspnet:6.0",
	] {
		count(supported_base.deny) == 1 with input as from(name)
	}
}

test_silent if {
	every name in [
		"node:24", "node:lts", "node", "python:3.13", "debian:13", "debian:trixie", "ubuntu:24.04", "ubuntu:22.04", "alpine:3.23", "golang:1.25", "golang:1.250", "node:${VERSION}",
		"example/alpine:3.12", "ruby:3.4", "node:160", "", 5, null, "python:3.1x",
	] {
		count(supported_base.deny) == 0 with input as from(name)
	}
}
