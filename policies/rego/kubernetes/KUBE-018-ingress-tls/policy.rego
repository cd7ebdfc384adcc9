# METADATA
# title: What is served to others is served over TLS
# description: >-
#   Without TLS passwords, sessions and data cross the network in clear text, and anybody on the way can change
#   the answer.
# related_resources:
#   - https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
# custom:
#   id: KUBE-018
#   severity: medium
#   reads: kubernetes
#   message: "Ingress {name} serves {host} without TLS"
#   fix: "add a `tls` entry for {host} with the secret of its certificate, or let cert-manager issue one"
#   controls:
#     nist-800-53: [SC-8]
package idp_assess.kubernetes.ingress_tls

import data.idp_assess.lib.kubernetes
import data.idp_assess.lib.text

warn contains {"id": "KUBE-018", "path": ["spec", "rules", i, "host"], "params": {"name": kubernetes.name, "host": host}, "resource": host} if {
	input.kind == "Ingress"
	kubernetes.group in {"networking.k8s.io", "extensions"}
	not input.spec.tls
	not elsewhere
	some i, rule in input.spec.rules
	host := rule.host
	text.known(host)
	regex.match(`^[a-z0-9*][a-z0-9.-]*\.[a-z]+$`, host)
	not regex.match(`(?i)(^|\.)(localhost|local|internal|svc|test|localdev|lan|home|intranet|nip\.io|sslip\.io|cluster\.local|localtest\.me)(\.|$)|^\d+\.\d+\.\d+\.\d+$`, host)
}

# Where the certificate is the load balancer's, or the controller's.
elsewhere if {
	some key, value in input.metadata.annotations
	is_string(value)
	regex.match(`certificate|tls|https|ssl|issuer|pre-shared-cert|managed-cert`, key)
	not value in {"false", "", "HTTP"}
}

elsewhere if {
	some _, value in input.metadata.annotations
	is_string(value)
	regex.match(`(?i)websecure|https`, value)
}

elsewhere if private(input.spec.ingressClassName)

elsewhere if private(input.metadata.annotations["kubernetes.io/ingress.class"])

private(class) if {
	is_string(class)
	regex.match(`(?i)tailscale|cloudflare|internal|ngrok|openshift`, class)
}
