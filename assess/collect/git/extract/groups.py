"""Which tool an API group belongs to, and which groups are files of a tool rather than objects of a cluster.

Add a tool by adding a row.
"""

from __future__ import annotations

_EXACT = {
    "kargo.akuity.io": "kargo", "fluxcd.controlplane.io": "flux", "source.extensions.fluxcd.io": "flux", "infra.contrib.fluxcd.io": "flux", "tekton.dev": "tekton", "kro.run": "kro",
    "core.oam.dev": "kubevela", "platform.kratix.io": "kratix", "cert-manager.io": "cert-manager",
    "acme.cert-manager.io": "cert-manager", "external-secrets.io": "external-secrets",
    "generators.external-secrets.io": "external-secrets", "operators.coreos.com": "olm", "kyverno.io": "kyverno",
    "wgpolicyk8s.io": "kyverno", "policies.kyverno.io": "kyverno", "reports.kyverno.io": "kyverno",
    "secrets.hashicorp.com": "vault", "ricoberger.de": "vault", "vault.banzaicloud.com": "vault", "onepassword.com": "1password", "bitnami.com": "sealed-secrets",
    "isindir.github.com": "sops", "fleet.cattle.io": "fleet", "gitops.kluctl.io": "kluctl", "config.projectsveltos.io": "sveltos",
    "kappctrl.k14s.io": "kapp-controller", "packaging.carvel.dev": "kapp-controller", "promoter.argoproj.io": "gitops-promoter",
    "cluster.x-k8s.io": "cluster-api",
    "argoproj.io": "argocd",
}  # fmt: skip

_ENDINGS = (
    (".toolkit.fluxcd.io", "flux"), (".crossplane.io", "crossplane"), (".upbound.io", "crossplane"),
    (".cluster.x-k8s.io", "cluster-api"), (".azure.com", "azure-service-operator"), (".cnrm.cloud.google.com", "config-connector"), (".services.k8s.aws", "ack"),
    (".gatekeeper.sh", "gatekeeper"), (".kubewarden.io", "kubewarden"), (".tekton.dev", "tekton"), (".oam.dev", "kubevela"), (".kratix.io", "kratix"),
    (".cert-manager.io", "cert-manager"), (".kyverno.io", "kyverno"), (".external-secrets.io", "external-secrets"),
)  # fmt: skip

_ARGO_WORKFLOWS = {"Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow", "WorkflowEventBinding"}
_ARGO_CD = {"", "Application", "ApplicationSet", "AppProject", "ArgoCD", "ArgoCDExtension"}

_OPERATED = frozenset({
    "cluster.x-k8s.io", "postgresql.cnpg.io", "acid.zalan.do", "postgres-operator.crunchydata.com", "kafka.strimzi.io", "rabbitmq.com",
    "mongodbcommunity.mongodb.com", "mongodb.com", "mysql.oracle.com", "pxc.percona.com", "psmdb.percona.com", "pgv2.percona.com",
    "k8s.mariadb.com", "minio.min.io", "elasticsearch.k8s.elastic.co", "redis.redis.opstreelabs.in", "databases.spotahome.com",
    "infra.contrib.fluxcd.io", "app.terraform.io", "karpenter.sh", "hive.openshift.io", "hypershift.openshift.io", "ceph.rook.io",
})  # fmt: skip
_OPERATED_ENDINGS = (
    ".cnrm.cloud.google.com", ".services.k8s.aws", ".azure.com", ".cluster.x-k8s.io", ".crossplane.io", ".upbound.io", ".k8ssandra.io",
)  # fmt: skip
_OPERATORS_OWN = ("apiextensions.", "pkg.", "meta.", "secrets.", "protection.", "ops.", "dev.", "core.cnrm.", "addons.", "hub.")
_SETTINGS = ("ProviderConfig", "ProviderConfigUsage", "ClusterProviderConfig", "StoreConfig", "ConfigConnector", "ConfigConnectorContext")


def operated(group: str, kind: str) -> bool:
    """Whether an operator makes infrastructure or a data service of such objects: a bucket, a cluster, a database.

    Not where they only set the operator up.
    """
    if kind in _SETTINGS or group.startswith(_OPERATORS_OWN):
        return False
    return group in _OPERATED or group.endswith(_OPERATED_ENDINGS)


CLIENT_SIDE = frozenset({
    "kustomize.config.k8s.io", "viaduct.ai", "builtin", "skaffold", "score.dev", "eksctl.io", "kind.x-k8s.io", "k3d.io",
    "minikube.k8s.io", "ctlptl.dev", "chainsaw.kyverno.io", "cli.kyverno.io", "kuttl.dev", "meta.pkg.crossplane.io",
    "meta.dev.upbound.io", "entity.humanitec.io", "kubeadm.k8s.io", "kubelet.config.k8s.io", "kubeproxy.config.k8s.io",
    "kubescheduler.config.k8s.io", "audit.k8s.io", "apiserver.config.k8s.io", "apiserver.k8s.io", "backstage.io",
    "scaffolder.backstage.io", "client.authentication.k8s.io", "config.kubernetes.io", "tanka.dev", "devspace.sh", "vendir.k14s.io", "kbld.k14s.io", "kapp.k14s.io", "imgpkg.carvel.dev", "kctrl.carvel.dev", "kpt.dev",
    "imageregistry.k8s.io", "kubebuilder.io", "compass.atlassian.com", "pipelines.cloudnative", "buildpacks.io",
})  # fmt: skip
"""Groups of files that a tool reads on its own; no API server ever sees them."""


def tool_of(group: str, kind: str) -> str:
    """The tool that an API group (and kind) belongs to; empty where it is plain Kubernetes or not known."""
    if group == "argoproj.io":
        return "argo-workflows" if kind in _ARGO_WORKFLOWS else "argocd" if kind in _ARGO_CD else ""
    if group == "admissionregistration.k8s.io" and kind.startswith(("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy")):
        return "cel"
    if group == "apiextensions.k8s.io":
        return "crd" if kind else ""
    if found := _EXACT.get(group):
        return found
    return next((tool for ending, tool in _ENDINGS if group.endswith(ending)), "")


_CHARTS = {
    "kyverno": "kyverno", "kyverno-policies": "kyverno", "gatekeeper": "gatekeeper", "kargo": "kargo", "cert-manager": "cert-manager",
    "external-secrets": "external-secrets", "external-dns": "external-dns", "argo-workflows": "argo-workflows", "argo-cd": "argocd",
    "crossplane": "crossplane", "universal-crossplane": "crossplane", "backstage": "backstage", "vault": "vault", "tekton-pipeline": "tekton",
    "sealed-secrets": "sealed-secrets", "flux2": "flux", "flux-operator": "flux", "vela-core": "kubevela", "kro": "kro",
    "kubewarden-controller": "kubewarden", "trivy-operator": "trivy", "kube-prometheus-stack": "prometheus", "vcluster": "vcluster",
    "vault-secrets-operator": "vault", "port-k8s-exporter": "port", "port-ocean": "port",
}  # fmt: skip


def installed(chart: str) -> str:
    """The tool that a chart of this name brings into a cluster; empty for charts that bring something else."""
    return _CHARTS.get(chart.rstrip("/").rpartition("/")[2], "")
