# API versions that are no longer there, with the release and the day or month from which, and those that will go. Dates are the
# releases' own; a cluster that is kept up to date has none of the first two tables. Sources: those of the policies API-001 and API-002.
package idp_assess.lib.deprecated

# apiVersion -> kind ("*": every other one) -> what serves it no more, since when, and what to use.
kubernetes := {
	"extensions/v1beta1": {
		"Ingress": row("1.22", "2021-08-04", "networking.k8s.io/v1"),
		"NetworkPolicy": row("1.16", "2019-09-18", "networking.k8s.io/v1"),
		"PodSecurityPolicy": row("1.16", "2019-09-18", "Pod Security labels on namespaces"),
		"Deployment": row("1.16", "2019-09-18", "apps/v1"),
		"DaemonSet": row("1.16", "2019-09-18", "apps/v1"),
		"ReplicaSet": row("1.16", "2019-09-18", "apps/v1"),
	},
	"apps/v1beta1": {"*": row("1.16", "2019-09-18", "apps/v1")},
	"apps/v1beta2": {"*": row("1.16", "2019-09-18", "apps/v1")},
	"admissionregistration.k8s.io/v1beta1": {
		"ValidatingWebhookConfiguration": row("1.22", "2021-08-04", "admissionregistration.k8s.io/v1"),
		"MutatingWebhookConfiguration": row("1.22", "2021-08-04", "admissionregistration.k8s.io/v1"),
	},
	"apiextensions.k8s.io/v1beta1": {"CustomResourceDefinition": row("1.22", "2021-08-04", "apiextensions.k8s.io/v1")},
	"apiregistration.k8s.io/v1beta1": {"APIService": row("1.22", "2021-08-04", "apiregistration.k8s.io/v1")},
	"authentication.k8s.io/v1beta1": {"TokenReview": row("1.22", "2021-08-04", "authentication.k8s.io/v1")},
	"authorization.k8s.io/v1beta1": {"*": row("1.22", "2021-08-04", "authorization.k8s.io/v1")},
	"certificates.k8s.io/v1beta1": {"CertificateSigningRequest": row("1.22", "2021-08-04", "certificates.k8s.io/v1")},
	"coordination.k8s.io/v1beta1": {"Lease": row("1.22", "2021-08-04", "coordination.k8s.io/v1")},
	"networking.k8s.io/v1beta1": {
		"Ingress": row("1.22", "2021-08-04", "networking.k8s.io/v1"),
		"IngressClass": row("1.22", "2021-08-04", "networking.k8s.io/v1"),
	},
	"rbac.authorization.k8s.io/v1alpha1": {"*": row("1.22", "2021-08-04", "rbac.authorization.k8s.io/v1")},
	"rbac.authorization.k8s.io/v1beta1": {"*": row("1.22", "2021-08-04", "rbac.authorization.k8s.io/v1")},
	"scheduling.k8s.io/v1beta1": {"PriorityClass": row("1.22", "2021-08-04", "scheduling.k8s.io/v1")},
	"storage.k8s.io/v1beta1": {
		"CSIDriver": row("1.22", "2021-08-04", "storage.k8s.io/v1"),
		"CSINode": row("1.22", "2021-08-04", "storage.k8s.io/v1"),
		"StorageClass": row("1.22", "2021-08-04", "storage.k8s.io/v1"),
		"VolumeAttachment": row("1.22", "2021-08-04", "storage.k8s.io/v1"),
		"CSIStorageCapacity": row("1.27", "2023-04-11", "storage.k8s.io/v1"),
	},
	"batch/v1beta1": {"CronJob": row("1.25", "2022-08-23", "batch/v1")},
	"batch/v2alpha1": {"CronJob": row("1.21", "2021-04-08", "batch/v1")},
	"discovery.k8s.io/v1beta1": {"EndpointSlice": row("1.25", "2022-08-23", "discovery.k8s.io/v1")},
	"events.k8s.io/v1beta1": {"Event": row("1.25", "2022-08-23", "events.k8s.io/v1")},
	"autoscaling/v2beta1": {"HorizontalPodAutoscaler": row("1.25", "2022-08-23", "autoscaling/v2")},
	"autoscaling/v2beta2": {"HorizontalPodAutoscaler": row("1.26", "2022-12-09", "autoscaling/v2")},
	"policy/v1beta1": {
		"PodDisruptionBudget": row("1.25", "2022-08-23", "policy/v1"),
		"PodSecurityPolicy": row("1.25", "2022-08-23", "Pod Security labels on namespaces"),
	},
	"node.k8s.io/v1beta1": {"RuntimeClass": row("1.25", "2022-08-23", "node.k8s.io/v1")},
	"flowcontrol.apiserver.k8s.io/v1beta1": {"*": row("1.26", "2022-12-09", "flowcontrol.apiserver.k8s.io/v1")},
	"flowcontrol.apiserver.k8s.io/v1beta2": {"*": row("1.29", "2023-12-13", "flowcontrol.apiserver.k8s.io/v1")},
	"flowcontrol.apiserver.k8s.io/v1beta3": {"*": row("1.32", "2024-12-11", "flowcontrol.apiserver.k8s.io/v1")},
}

# The same for what is installed into clusters.
components := {
	"source.toolkit.fluxcd.io/v1beta1": {"*": row("Flux 2.7", "2025-09", "source.toolkit.fluxcd.io/v1")},
	"source.toolkit.fluxcd.io/v1beta2": {"*": row("Flux 2.8", "2026-02", "source.toolkit.fluxcd.io/v1")},
	"kustomize.toolkit.fluxcd.io/v1beta1": {"*": row("Flux 2.7", "2025-09", "kustomize.toolkit.fluxcd.io/v1")},
	"kustomize.toolkit.fluxcd.io/v1beta2": {"*": row("Flux 2.8", "2026-02", "kustomize.toolkit.fluxcd.io/v1")},
	"helm.toolkit.fluxcd.io/v2beta1": {"*": row("Flux 2.7", "2025-09", "helm.toolkit.fluxcd.io/v2")},
	"helm.toolkit.fluxcd.io/v2beta2": {"*": row("Flux 2.8", "2026-02", "helm.toolkit.fluxcd.io/v2")},
	"image.toolkit.fluxcd.io/v1beta1": {"*": row("Flux 2.7", "2025-09", "image.toolkit.fluxcd.io/v1")},
	"image.toolkit.fluxcd.io/v1beta2": {"*": row("Flux 2.9", "2026-06", "image.toolkit.fluxcd.io/v1")},
	"notification.toolkit.fluxcd.io/v1beta1": {
		"Receiver": row("Flux 2.7", "2025-09", "notification.toolkit.fluxcd.io/v1"),
		"*": row("Flux 2.7", "2025-09", "notification.toolkit.fluxcd.io/v1beta3"),
	},
	"external-secrets.io/v1alpha1": {
		"ExternalSecret": row("External Secrets 0.16", "2025-04", "external-secrets.io/v1"),
		"SecretStore": row("External Secrets 0.16", "2025-04", "external-secrets.io/v1"),
		"ClusterSecretStore": row("External Secrets 0.16", "2025-04", "external-secrets.io/v1"),
	},
	"external-secrets.io/v1beta1": {"*": row("External Secrets 0.17", "2025-05", "external-secrets.io/v1")},
	"certmanager.k8s.io/v1alpha1": {"*": row("cert-manager 0.11", "2019-10", "cert-manager.io/v1")},
	"cert-manager.io/v1alpha2": {"*": row("cert-manager 1.6", "2021-10", "cert-manager.io/v1")},
	"cert-manager.io/v1alpha3": {"*": row("cert-manager 1.6", "2021-10", "cert-manager.io/v1")},
	"cert-manager.io/v1beta1": {"*": row("cert-manager 1.6", "2021-10", "cert-manager.io/v1")},
	"acme.cert-manager.io/v1alpha2": {"*": row("cert-manager 1.6", "2021-10", "acme.cert-manager.io/v1")},
	"acme.cert-manager.io/v1beta1": {"*": row("cert-manager 1.6", "2021-10", "acme.cert-manager.io/v1")},
	"gateway.networking.k8s.io/v1alpha2": {
		"GRPCRoute": row("Gateway API 1.2", "2024-10", "gateway.networking.k8s.io/v1"),
		"ReferenceGrant": row("Gateway API 1.2", "2024-10", "gateway.networking.k8s.io/v1beta1"),
		"ReferencePolicy": row("Gateway API 0.6", "2023-01", "ReferenceGrant of gateway.networking.k8s.io/v1beta1"),
	},
	"rbac.istio.io/v1alpha1": {"*": row("Istio 1.6", "2020-05", "AuthorizationPolicy of security.istio.io/v1")},
	"authentication.istio.io/v1alpha1": {"*": row("Istio 1.6", "2020-05", "PeerAuthentication of security.istio.io/v1")},
	"pkg.crossplane.io/v1alpha1": {"ControllerConfig": row("Crossplane 2.0", "2025-08", "DeploymentRuntimeConfig of pkg.crossplane.io/v1beta1")},
	"karpenter.sh/v1alpha5": {"*": row("Karpenter 0.33", "2023-12", "NodePool of karpenter.sh/v1")},
	"karpenter.k8s.aws/v1alpha1": {"*": row("Karpenter 0.33", "2023-12", "EC2NodeClass of karpenter.k8s.aws/v1")},
	"karpenter.sh/v1beta1": {"*": row("Karpenter 1.1", "2024-12", "karpenter.sh/v1")},
	"karpenter.k8s.aws/v1beta1": {"*": row("Karpenter 1.1", "2024-12", "karpenter.k8s.aws/v1")},
}

# Still served, and announced to go.
going := {
	"kyverno.io/v1": {
		"ClusterPolicy": row("Kyverno 1.17", "2026-02-02", "the CEL kinds of policies.kyverno.io/v1"),
		"Policy": row("Kyverno 1.17", "2026-02-02", "the CEL kinds of policies.kyverno.io/v1"),
	},
	"kyverno.io/v2beta1": {
		"ClusterPolicy": row("Kyverno 1.17", "2026-02-02", "the CEL kinds of policies.kyverno.io/v1"),
		"Policy": row("Kyverno 1.17", "2026-02-02", "the CEL kinds of policies.kyverno.io/v1"),
		"CleanupPolicy": row("Kyverno 1.17", "2026-02-02", "DeletingPolicy of policies.kyverno.io/v1"),
		"ClusterCleanupPolicy": row("Kyverno 1.17", "2026-02-02", "DeletingPolicy of policies.kyverno.io/v1"),
	},
	"kyverno.io/v2": {
		"CleanupPolicy": row("Kyverno 1.17", "2026-02-02", "DeletingPolicy of policies.kyverno.io/v1"),
		"ClusterCleanupPolicy": row("Kyverno 1.17", "2026-02-02", "DeletingPolicy of policies.kyverno.io/v1"),
	},
	"policies.kyverno.io/v1alpha1": {"*": row("Kyverno 1.17", "2026-02-02", "policies.kyverno.io/v1")},
	"apiextensions.crossplane.io/v1alpha1": {"Usage": row("Crossplane 2.0", "2025-08", "protection.crossplane.io/v1beta1")},
	"apiextensions.crossplane.io/v1beta1": {"Usage": row("Crossplane 2.0", "2025-08", "protection.crossplane.io/v1beta1")},
	"pkg.crossplane.io/v1beta1": {"Function": row("Crossplane 1.17", "2024-08", "pkg.crossplane.io/v1")},
}

row(by, since, use) := {"by": by, "since": since, "use": use}

# The row of one table that is about the object; undefined where there is none.
of(table) := kinds[input.kind] if {
	kinds := table[input.apiVersion]
	kinds[input.kind]
} else := kinds["*"] if {
	kinds := table[input.apiVersion]
	is_string(input.kind)
	kinds["*"]
}
