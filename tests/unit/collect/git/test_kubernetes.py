"""What manifests, GitOps objects and charts say, also where they are templates or broken."""

from __future__ import annotations

import pytest

from assess.collect.git.extract import app_of_apps, argo, helm, kubernetes, platform, portal, secret_files
from assess.collect.git.extract.templated import neutralise
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import CustomApi, Fact, GitOpsSource, HelmChart, Kustomization, Manifest, SoftwareTemplate
from assess.model.gap import Gap


def run(extractor: Extractor, path: str, content: str) -> list[Fact | Gap | Part]:
    """What an extractor yields for one file."""
    return list(extractor.run(File("here", path, content.encode())))


def source(path: str, content: str) -> GitOpsSource:
    """The only GitOps source of a manifest."""
    (found,) = [fact for fact in run(kubernetes.KUBERNETES, path, content) if isinstance(fact, GitOpsSource)]
    return found


APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop}}
spec:
  source: {{repoURL: "https://me:secret@git.example/x.git?token=1", path: ./apps/shop, targetRevision: main}}
  syncPolicy: {policy}
"""


@pytest.mark.parametrize(
    ("policy", "automated", "heals"),
    [
        ("{automated: {selfHeal: true}}", True, True),
        ("{automated: {}}", True, False),
        ("{automated: }", False, False),
        ("{automated: {enabled: false, selfHeal: true}}", False, False),
        ("{syncOptions: [a]}", False, False),
    ],
)
def test_an_application_is_automated_as_argo_cd_reads_it(policy: str, automated: bool, heals: bool) -> None:
    found = source("a.yaml", APPLICATION.format(policy=policy))
    assert (found.automated, found.self_heal) == (automated, heals)
    assert found.delivers == ("apps/shop",)
    assert found.source == "https://git.example/x.git"


STAGED = "{name: x, annotations: {kargo.akuity.io/authorized-stage: 'shop:dev'}}"
POLICY = "{automated: {enabled: false}}"


@pytest.mark.parametrize(
    "text",
    [
        f"kind: Application\nmetadata: {STAGED}\nspec:\n  source: {{repoURL: https://h/x, path: x}}\n",
        f"kind: Application\nmetadata: {STAGED}\nspec:\n  source: {{repoURL: https://h/x, path: x}}\n  syncPolicy: {POLICY}\n",
        "kind: ApplicationSet\nmetadata: {name: x}\nspec:\n  generators: [{clusters: {}}]\n  template:\n"
        f"    metadata: {STAGED}\n    spec:\n      source: {{repoURL: https://h/x, path: x}}\n",
    ],
)
def test_what_a_stage_of_kargo_may_sync_waits_for_nobody(text: str) -> None:
    whole = f"apiVersion: argoproj.io/v1alpha1\n{text}"
    assert (source("a.yaml", whole).automated, source("a.yaml", whole).self_heal) == (True, False)
    assert source("a.yaml", whole.replace("authorized-stage", "color")).automated is False


def test_a_generator_gives_the_paths_of_an_application_set() -> None:
    found = source(
        "set.yaml",
        """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all}
spec:
  generators:
    - matrix:
        generators:
          - git: {repoURL: https://git.example/x, directories: [{path: apps/*}, {path: apps/old, exclude: true}]}
          - list: {elements: [{env: dev}, {env: prod}]}
  template:
    spec:
      source: {repoURL: https://git.example/x, path: '{{.path.path}}/overlays/{{.env}}'}
      syncPolicy: {automated: {}}
""",
    )
    assert found.delivers == ("apps/*/overlays/dev", "apps/*/overlays/prod")
    assert found.automated is True


def test_a_path_of_which_nothing_is_known_delivers_nothing() -> None:
    found = source(
        "set.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a}\nspec:\n  generators: [{clusters: {}}]\n"
        "  template: {spec: {source: {repoURL: '{{metadata.annotations.url}}', path: '{{metadata.annotations.path}}'}}}\n",
    )
    assert (found.delivers, found.source) == ((), "*")


def test_a_helm_template_says_what_is_certain_and_no_more() -> None:
    found = source(
        "chart/templates/app.yaml",
        """\
{{- if .Values.on }}
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{ .Release.Name }}
spec:
  source:
    repoURL: https://git.example/x
    path: charts/one
  syncPolicy:
    {{- if .Values.auto }}
    automated: {}
    {{- end }}
{{- end }}
""",
    )
    assert (found.automated, found.self_heal, found.delivers) == (None, None, ("charts/one",))
    assert found.at.line == 2


def test_a_chart_of_applications_is_read_with_its_values() -> None:
    template = """\
{{- range .Values.apps }}
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{ printf "x-%s" .name | quote }}
spec:
  source:
    repoURL: {{ $.Values.repo }}
    path: {{ .path | default .name | quote }}
  syncPolicy:
    automated: {}
---
{{ end -}}
"""
    values = "repo: https://git.example/x\napps:\n- name: one\n- name: two\n  path: deep/two\n- name: off\n  enabled: false\n"
    parts = [
        *run(kubernetes.KUBERNETES, "apps/templates/all.yaml", template),
        *run(app_of_apps.CHART_VALUES, "apps/values.yaml", values),
    ]
    made = [f for f in app_of_apps.assemble(p for p in parts if isinstance(p, Part)) if isinstance(f, GitOpsSource)]
    assert [(f.name, f.delivers, f.source) for f in made] == [
        ("x-one", ("one",), "https://git.example/x"),
        ("x-two", ("deep/two",), "https://git.example/x"),
    ]
    assert all(f.automated for f in made)


def test_an_application_set_in_helm_values_is_found() -> None:
    (found,) = run(
        argo.ARGO_VALUES,
        "argocd/values.yaml",
        """\
argocd-apps:
  applicationsets:
    root:
      generators: [{git: {directories: [{path: system/*}]}}]
      template: {spec: {source: {repoURL: https://git.example/x, path: '{{path}}'}, syncPolicy: {automated: {}}}}
""",
    )
    assert isinstance(found, GitOpsSource)
    assert (found.name, found.delivers, found.automated, found.at.line) == ("root", ("system/*",), True, 3)


def test_flux_objects_and_kustomize_files_of_the_same_kind_are_told_apart() -> None:
    flux = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps}
spec: {path: ./apps, suspend: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
    found = source("ks.yaml", flux)
    assert (found.automated, found.suspended, found.delivers, found.source) == (False, True, ("apps",), "")
    kustomize = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base, https://g.example/a?ref=v1]\n"
    assert run(kubernetes.KUBERNETES, "o/prod/kustomization.yaml", kustomize) == []
    (built,) = run(kubernetes.KUSTOMIZE, "o/prod/kustomization.yaml", kustomize)
    assert isinstance(built, Kustomization)
    assert (built.resources, built.remote) == (("o/base", "https://g.example/a?ref=v1"), 1)


def test_a_dump_of_a_live_object_is_no_definition_and_lists_are_taken_apart() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, uid: 1-2}}\n"
        "- {apiVersion: v1, kind: Service, metadata: {name: b}}\n"
    )
    found = [f for f in run(kubernetes.KUBERNETES, "dump.yaml", text) if isinstance(f, Manifest)]
    assert [(f.object_kind, f.exported, f.at.line) for f in found] == [("ConfigMap", True, 4), ("Service", False, 5)]


def test_a_broken_manifest_is_a_gap_and_a_broken_helm_template_is_none() -> None:
    broken = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n bad: [\n"
    (gap,) = run(kubernetes.KUBERNETES, "k/s.yaml", broken)
    assert isinstance(gap, Gap)
    assert {"Manifest", "PolicyGuard", "SecretSource"} <= set(gap.blinds)
    assert gap.under == "k"
    found = run(kubernetes.KUBERNETES, "c/templates/s.yaml", broken + "{{ .x }}: {{ if\n{{ .y }}\n")
    assert [type(f) for f in found] == [Manifest]


def test_an_xrd_is_composed_only_where_a_composition_is_for_it() -> None:
    xrd = "apiVersion: apiextensions.crossplane.io/v2\nkind: CompositeResourceDefinition\nmetadata: {name: a}\n" \
          "spec: {group: x.example, names: {kind: Bucket}}\n"  # fmt: skip
    composition = "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {name: a}\n" \
                  "spec: {compositeTypeRef: {apiVersion: x.example/v1, kind: Bucket}}\n"  # fmt: skip
    alone = [p for p in run(kubernetes.KUBERNETES, "xrd.yaml", xrd) if isinstance(p, Part)]
    both = alone + [p for p in run(kubernetes.KUBERNETES, "c.yaml", composition) if isinstance(p, Part)]
    for parts, composed in ((alone, False), (both, True)):
        (api,) = platform.assemble(parts)
        assert isinstance(api, CustomApi)
        assert (api.composed, api.consumer_facing) == (composed, True)


def test_a_template_acts_only_where_it_does_more_than_prepare_files() -> None:
    def template(action: str) -> SoftwareTemplate:
        text = (
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\n"
            f"spec: {{steps: [{{action: 'fetch:template'}}, {{action: '{action}'}}]}}\n"
        )
        (found,) = run(kubernetes.KUBERNETES, "t/template.yaml", text)
        assert isinstance(found, SoftwareTemplate)
        return found

    assert template("publish:github").acts
    assert not template("fs:rename").acts


def test_a_backstage_app_needs_configuration_and_code() -> None:
    parts = [p for p in run(portal.BACKSTAGE, "p/app-config.yaml", "app: {title: x}\n") if isinstance(p, Part)]
    assert list(portal.assemble(parts)) == []
    parts += [p for p in run(portal.BACKSTAGE, "p/backstage.json", "{}") if isinstance(p, Part)]
    assert [fact.path for fact in portal.assemble(parts)] == ["p"]  # type: ignore[attr-defined]


def test_a_chart_below_another_that_names_a_home_was_copied() -> None:
    parts = [
        *run(helm.CHART, "charts/a/Chart.yaml", "name: a\nversion: 1.0.0\nhome: https://a.example\n"),
        *run(helm.CHART, "charts/a/charts/b/Chart.yaml", "name: b\nversion: 1.0.0\nhome: https://b.example\n"),
        *run(helm.CHART, "charts/a/charts/crds/Chart.yaml", "name: crds\nversion: 0.0.0\n"),
    ]
    charts = [f for f in helm.assemble(p for p in parts if isinstance(p, Part)) if isinstance(f, HelmChart)]
    assert {c.name: c.origin for c in charts} == {"a": "own", "b": "vendored", "crds": "own"}


@pytest.mark.parametrize("value", ["3", "[1]", "{a: 1}", "x", "null", "true", "[[{}]]"])
@pytest.mark.parametrize(
    "shape",
    [
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: <>\nspec: <>\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {generators: <>, template: {spec: {source: <>}}}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {sources: <>, syncPolicy: {automated: <>}}\n",
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {chart: <>, suspend: <>, chartRef: <>}\n",
        "apiVersion: apiextensions.crossplane.io/v1\nkind: CompositeResourceDefinition\nspec: {names: <>, claimNames: <>}\n",
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nspec: {steps: <>}\n",
        "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: {rules: <>}\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: <>\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: <>}}}\n",
        "apiVersion: external-secrets.io/v1\nkind: SecretStore\nspec: {provider: <>}\n",
    ],
)
def test_values_of_any_type_anywhere_do_no_harm(shape: str, value: str) -> None:
    for path in ("a.yaml", "c/templates/a.yaml"):
        assert run(kubernetes.KUBERNETES, path, shape.replace("<>", value))


def test_neutralising_keeps_lines_and_is_linear() -> None:
    text = b"a: {{ .x }}\n{{- /* c\n c */}}\nb: {{ if x }}1{{ else }}2{{ end }}\n{{ toYaml .y }}\n"
    assert neutralise(text).content.count(b"\n") == text.count(b"\n")
    for hostile in (b"{{" * 300_000, b"{{ x }}" * 100_000, b" " * 500_000 + b"{{ end }}x"):
        assert neutralise(hostile).depths


def test_encrypted_files_are_marked() -> None:
    (found,) = run(secret_files.SOPS, "s.yaml", "data: ENC[AES256_GCM,x]\nsops:\n  mac: ENC[AES256_GCM,y]\n")
    assert isinstance(found, Fact)
    assert (found.tool, found.at.line) == ("sops", 2)


def manifests_of(content: str) -> list[Manifest]:
    """The manifests of one file."""
    return [fact for fact in run(kubernetes.KUBERNETES, "a.yaml", content) if isinstance(fact, Manifest)]


@pytest.mark.parametrize(
    ("metadata", "exported"),
    [
        ("{name: a}", False),
        ("{name: a, uid: 0b1}", True),
        ("{name: a, creationTimestamp: null}", False),
        ('{name: a, creationTimestamp: "2024-01-01T00:00:00Z"}', True),
        ('{name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}}', True),
        ('{name: a, annotations: {deployment.kubernetes.io/revision: "3"}}', True),
        ("{name: a, annotations: {team: shop}}", False),
        ("{name: a, annotations: 3}", False),
    ],
)
def test_a_dump_is_told_from_a_definition(metadata: str, exported: bool) -> None:
    listed = f"apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {metadata}\n  status: {{}}\n"
    assert [found.exported for found in manifests_of(listed)] == [exported]


@pytest.mark.parametrize(
    ("api", "kind", "operated"),
    [
        ("storage.cnrm.cloud.google.com/v1beta1", "StorageBucket", True),
        ("core.cnrm.cloud.google.com/v1beta1", "ConfigConnector", False),
        ("s3.services.k8s.aws/v1alpha1", "Bucket", True),
        ("storage.azure.com/v1api20230101", "StorageAccount", True),
        ("s3.aws.m.upbound.io/v1beta1", "Bucket", True),
        ("aws.upbound.io/v1beta1", "ProviderConfig", False),
        ("pkg.crossplane.io/v1", "Provider", False),
        ("apiextensions.crossplane.io/v2", "CompositeResourceDefinition", False),
        ("postgresql.cnpg.io/v1", "Cluster", True),
        ("apps/v1", "Deployment", False),
        ("monitoring.coreos.com/v1", "ServiceMonitor", False),
    ],
)
def test_what_an_operator_makes_something_of(api: str, kind: str, operated: bool) -> None:
    (found,) = manifests_of(f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n")
    assert found.operated is operated
