"""What delivers, promotes and makes environments: Kargo, image automation, Fleet, Sveltos, Carvel, kluctl, previews; what portals offer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assess.collect.git.collector import collect_repository
from assess.collect.git.commands import analyse
from assess.collect.git.extract.controllers import FLEET_BUNDLE, KLUCTL
from assess.collect.git.extract.environments import ENVIRONMENT_FILES, NETLIFY
from assess.collect.git.extract.kubernetes import KUBERNETES
from assess.collect.git.extract.markers import MARKERS
from assess.collect.git.extract.platform import KUBEVELA_CUE
from assess.collect.git.extract.portal import OTHER_PORTALS, PORT_FOLDER
from assess.collect.git.file import Extractor, File
from assess.collect.link.estate import link
from assess.model.fact import (
    CatalogEntity,
    CustomApi,
    Definition,
    Environment,
    Fact,
    GitOpsSource,
    Promotion,
    SelfService,
    SoftwareTemplate,
    ToolMarker,
)
from tests.worlds import commit

Tree = dict[str, str]


def of(kind: type[Fact], extractor: Extractor, text: str, path: str = "x.yaml") -> list[Any]:
    return [fact for fact in extractor.run(File("t", path, text.encode())) if isinstance(fact, kind)]


def facts(path: Path, tree: Tree) -> list[Fact]:
    return list(collect_repository(commit(path / "shop.git", tree), "shop").facts)


def promotions(path: Path, tree: Tree) -> list[Promotion]:
    return [fact for fact in facts(path, tree) if isinstance(fact, Promotion)]


STAGE = """\
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: prod, namespace: shop}
spec:
  requestedFreight:
    - origin: {kind: Warehouse, name: shop}
      sources: {stages: [staging]}
  promotionTemplate: {spec: {steps: [{uses: git-clone}, {uses: git-push}]}}
"""
PROJECT = "apiVersion: kargo.akuity.io/v1alpha1\nkind: ProjectConfig\nmetadata: {name: shop, namespace: shop}\nspec:\n"


@pytest.mark.parametrize(
    ("policies", "automated"),
    [
        (None, None),
        (PROJECT + "  promotionPolicies: [{stage: prod, autoPromotionEnabled: true}]\n", True),
        (PROJECT + "  promotionPolicies: [{stageSelector: {name: prod}, autoPromotionEnabled: true}]\n", True),
        (PROJECT + "  promotionPolicies: [{stage: dev, autoPromotionEnabled: true}]\n", False),
        (PROJECT + "  promotionPolicies: [{stageSelector: {matchLabels: {auto: 'yes'}}, autoPromotionEnabled: true}]\n", None),
        (PROJECT.replace("namespace: shop", "namespace: other") + "  promotionPolicies: []\n", None),
    ],
)
def test_a_stage_moves_on_as_its_project_says(tmp_path: Path, policies: str | None, automated: bool | None) -> None:
    (stage,) = promotions(tmp_path, {"kargo/stage.yaml": STAGE, **({"kargo/project.yaml": policies} if policies else {})})
    assert (stage.to, stage.upstream, stage.automated, stage.records) == ("prod", ("staging",), automated, True)


IMAGES = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {name: flux-system, namespace: flux-system}
spec: {suspend: false, sourceRef: {kind: GitRepository, name: flux-system}, git: {push: {branch: updates}}, update: {path: ./clusters}}
"""


def test_images_that_move_on_by_themselves(tmp_path: Path) -> None:
    application = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  annotations: {argocd-image-updater.argoproj.io/image-list: "shop=shop:~1", argocd-image-updater.argoproj.io/write-back-method: git}
spec: {source: {repoURL: https://git.example.com/shop/deploy.git, path: .}}
"""
    strategy = """\
apiVersion: promoter.argoproj.io/v1alpha1
kind: PromotionStrategy
metadata: {name: shop}
spec: {environments: [{branch: env/dev}, {branch: env/prod, autoMerge: false}]}
"""
    tree = {"a.yaml": IMAGES, "b.yaml": application, "c.yaml": strategy, "d.yaml": IMAGES.replace("false", "true")}
    assert [(p.tool, p.to, p.upstream, p.automated, p.records) for p in promotions(tmp_path, tree)] == [
        ("flux", "updates", (), True, True),
        ("argocd-image-updater", "shop", (), True, True),
        ("gitops-promoter", "env/dev", (), True, True),
        ("gitops-promoter", "env/prod", ("env/dev",), False, True),
        ("flux", "updates", (), False, True),
    ]


PREVIEWS = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: previews}
spec:
  goTemplate: true
  generators:
    - matrix:
        generators:
          - pullRequest: {github: {owner: shop, repo: app}}
          - list: {elements: [{size: small}]}
  template:
    metadata: {name: 'pr-{{.number}}'}
    spec:
      source: {repoURL: 'https://github.com/{{.owner}}/app.git', path: deploy, targetRevision: '{{.head_sha}}'}
      syncPolicy: {automated: {prune: true}}
"""


def test_a_preview_for_each_proposal_is_something_that_teams_start_themselves(tmp_path: Path) -> None:
    seen = collect_repository(
        commit(tmp_path / "shop.git", {"previews.yaml": PREVIEWS, "other.yaml": PREVIEWS.replace("pullRequest", "scm")}), "shop"
    )
    (preview,) = (fact for fact in seen.facts if isinstance(fact, Environment))
    assert (preview.form, preview.made_by, preview.on, preview.removed) == ("preview", "controller", "pull_request", True)
    fronts = {unit.items[0].at.path: [f.by for f in unit.related if isinstance(f, SelfService)] for unit in link([seen]).units}
    assert fronts == {"previews.yaml": ["preview"], "other.yaml": []}


def test_previews_that_are_left_behind_are_told() -> None:
    text = PREVIEWS.replace("spec:\n  goTemplate", "spec:\n  syncPolicy: {preserveResourcesOnDeletion: true}\n  goTemplate", 1)
    assert [e.removed for e in of(Environment, KUBERNETES, text)] == [False]


@pytest.mark.parametrize(
    ("path", "text", "made"),
    [
        (
            "x.yaml",
            "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\nmetadata: {name: app}\nspec: {type: GitLabMergeRequest}\n",
            [("flux", "preview", "pull_request", True)],
        ),
        (
            "x.yaml",
            "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\nmetadata: {name: app}\nspec: {type: Static}\n",
            [],
        ),
        (
            "x.yaml",
            "apiVersion: management.loft.sh/v1\nkind: VirtualClusterTemplate\nmetadata: {name: small}\nspec: {template: {}}\n",
            [("vcluster", "virtual-cluster", "request", None)],
        ),
        (
            "x.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: team-a}\n"
            "spec: {source: {repoURL: https://charts.loft.sh, chart: vcluster, targetRevision: 0.30.0}}\n",
            [("vcluster", "virtual-cluster", "command", None)],
        ),
        ("okteto.yml", "name: shop\ndeploy:\n  - helm upgrade shop ./chart\n", [("okteto", "development", "command", None)]),
        ("okteto.yml", "dev: {web: {command: bash}}\n", []),
        ("render.yaml", "services: []\npreviews: {generation: automatic}\n", [("render", "preview", "pull_request", True)]),
        ("render.yaml", "services: []\npreviews: {generation: off}\n", []),
        (
            "netlify.toml",
            '[build]\ncommand = "x"\n[context.deploy-preview]\ncommand = "y"\n',
            [("netlify", "preview", "pull_request", None)],
        ),
        ("netlify.toml", '[build]\ncommand = "x"\n', []),
    ],
)
def test_environments_on_demand(path: str, text: str, made: list[tuple[str, str, str, bool | None]]) -> None:
    extractor = NETLIFY if path.endswith("toml") else ENVIRONMENT_FILES if path != "x.yaml" else KUBERNETES
    assert [(e.tool, e.form, e.on, e.removed) for e in of(Environment, extractor, text, path)] == made


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "apiVersion: config.projectsveltos.io/v1beta1\nkind: ClusterProfile\nmetadata: {name: p}\n"
            "spec: {syncMode: ContinuousWithDriftDetection, helmCharts: [{repositoryURL: https://c.example.com, chartName: k/kyverno}]}\n",
            ("sveltos", True, True, False, "https://c.example.com", (), "k/kyverno"),
        ),
        (
            "apiVersion: config.projectsveltos.io/v1beta1\nkind: Profile\nmetadata: {name: p}\n"
            "spec: {syncMode: DryRun, kustomizationRefs: [{kind: GitRepository, name: shop, path: ./apps}]}\n",
            ("sveltos", False, False, True, "GitRepository/shop", ("apps",), ""),
        ),
        (
            "apiVersion: kappctrl.k14s.io/v1alpha1\nkind: App\nmetadata: {name: a}\n"
            "spec: {fetch: [{git: {url: https://git.example.com/shop/deploy, ref: origin/main, subPath: k8s}}]}\n",
            ("kapp-controller", True, True, False, "https://git.example.com/shop/deploy", ("k8s",), ""),
        ),
        (
            "apiVersion: packaging.carvel.dev/v1alpha1\nkind: PackageInstall\nmetadata: {name: p}\n"
            "spec: {paused: true, packageRef: {refName: cert-manager.example.com}}\n",
            ("kapp-controller", False, False, True, "", (), "cert-manager.example.com"),
        ),
    ],
)
def test_controllers_by_what_they_deliver(text: str, told: tuple[Any, ...]) -> None:
    (fact,) = of(GitOpsSource, KUBERNETES, text)
    assert (fact.tool, fact.automated, fact.self_heal, fact.suspended, fact.source, fact.delivers, fact.chart) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("defaultNamespace: shop\nhelm: {chart: shop, version: 1.0.0}\n", [(True, ("apps/shop",), "shop")]),
        ("namespace: shop\npaused: true\n", [(False, ("apps/shop",), "")]),
        ("apiVersion: v1\nkind: Fleet\n", []),
    ],
)
def test_fleet_deploys_the_directory_of_its_file(text: str, told: list[tuple[bool, tuple[str, ...], str]]) -> None:
    found = of(GitOpsSource, FLEET_BUNDLE, text, "apps/shop/fleet.yaml")
    assert [(fact.automated, fact.delivers, fact.chart) for fact in found] == told


def test_a_bundle_that_a_gitrepo_delivers_is_no_second_unit(tmp_path: Path) -> None:
    repository = "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {name: shop}\nspec: {repo: https://git.example.com/shop/shop, paths: [apps]}\n"
    bundle = {"apps/shop/fleet.yaml": "namespace: shop\n", "apps/shop/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"}
    made = link([collect_repository(commit(tmp_path / "shop.git", {"gitrepo.yaml": repository, **bundle}), "shop")]).units
    assert [unit.path for unit in made] == ["gitrepo.yaml/GitRepo/shop"]


def test_kluctl_deploys_its_project_as_one(tmp_path: Path) -> None:
    tree = {".kluctl.yaml": "targets: [{name: prod}]\n", "deployment.yaml": "deployments: [{path: app}]\n",
            "app/app.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {}\n"}  # fmt: skip
    made = link([collect_repository(commit(tmp_path / "shop.git", tree), "shop")]).units
    assert [(unit.kind, unit.path) for unit in made] == [("definition", ".@kluctl")]
    assert not of(Definition, KLUCTL, "hello: world\n", ".kluctl.yaml")


ACTION = """\
resource "port_action" "bucket" {
  identifier = "create_bucket"
  self_service_trigger = {
    operation = "CREATE"
  }
  github_method = {
    org = "shop", repo = "infra", workflow = "bucket.yml"
  }
}
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ACTION, [("create_bucket", ("github",), True)]),
        (ACTION.replace("github_method", "upsert_entity_method"), [("create_bucket", ("upsert_entity",), False)]),
        (ACTION.replace("  self_service", "  publish = false\n  self_service"), [("create_bucket", ("github",), False)]),
        (ACTION.replace("self_service_trigger", "automation_trigger"), []),
        (ACTION.replace("github_method = {", "kafka_method = null\n  github_method = {"), [("create_bucket", ("github",), True)]),
        ('resource "port_blueprint" "service" {\n  identifier = "service"\n}\n', []),
    ],
)
def test_actions_of_port_in_terraform(tmp_path: Path, text: str, told: list[tuple[str, tuple[str, ...], bool]]) -> None:
    found = [fact for fact in facts(tmp_path, {"port/main.tf": text}) if isinstance(fact, SoftwareTemplate)]
    assert [(fact.name, fact.actions, fact.acts) for fact in found] == told


def test_actions_of_a_portal_say_nothing_of_what_lies_beside_them(tmp_path: Path) -> None:
    tree = {"port/main.tf": ACTION, "infra/main.tf": 'terraform {\n  backend "s3" {}\n}\nresource "aws_s3_bucket" "logs" {}\n'}
    units = {u.path: u for u in link([collect_repository(commit(tmp_path / "shop.git", tree), "shop")]).units}
    assert [f for f in units["infra"].related if isinstance(f, SelfService)] == []
    assert [f.name for f in units["port"].related if isinstance(f, SelfService)] == ["create_bucket"]


def test_actions_of_port_in_its_folder() -> None:
    text = '{"identifier": "scale", "trigger": {"type": "self-service"}, "invocationMethod": {"type": "GITHUB", "repo": "infra"}}'
    assert [(t.name, t.acts) for t in of(SoftwareTemplate, PORT_FOLDER, text, ".port/actions/scale.json")] == [("scale", True)]
    assert not of(SoftwareTemplate, PORT_FOLDER, text.replace("self-service", "automation"), ".port/actions/scale.json")


@pytest.mark.parametrize(("owner", "kept"), [("group:default/team-a", "team-a"), ("user:guest", ""), ("guests", ""), ("unknown", "")])
def test_guests_own_nothing(owner: str, kept: str) -> None:
    text = f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: shop}}\nspec: {{type: service, owner: {owner}}}\n"
    assert [entity.owner for entity in of(CatalogEntity, KUBERNETES, text)] == [kept]


def test_an_entry_of_a_catalog_only_says_that_it_is_registered() -> None:
    text = "openapi: 3.0.0\ninfo: {title: Shop, x-cortex-tag: shop, x-cortex-owners: [{type: group, name: team-a}]}\n"
    (entity,) = of(CatalogEntity, OTHER_PORTALS, text, ".cortex/catalog/shop.yaml")
    assert (entity.tool, entity.name, entity.owner) == ("cortex", "shop", "team-a")


def test_a_component_type_in_cue_is_offered_to_teams() -> None:
    text = 'webservice: {\n\tannotations: {}\n\tattributes: {}\n\ttype: "component"\n}\ntemplate: {\n\toutput: {}\n}\n'
    assert [api.object_kind for api in of(CustomApi, KUBEVELA_CUE, text, "def/web.cue")] == ["webservice"]
    assert not of(CustomApi, KUBEVELA_CUE, text.replace('"component"', '"trait"'), "def/web.cue")


def test_what_humanitec_is_told_is_declared(tmp_path: Path) -> None:
    text = "apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {id: db}\nentity: {type: postgres, driver_type: humanitec/terraform}\n"
    (made,) = link([collect_repository(commit(tmp_path / "shop.git", {"defs/db.yaml": text}), "shop")]).units
    assert (made.kind, made.path) == ("definition", "defs/db.yaml@humanitec")


def test_cue_of_many_indented_lines_is_read_in_time() -> None:
    text = "web: {\n" + "\t\t\t\t\t\t\t\tx: 1\n" * 2_000 + '}\nother: {type: "component"}\n'
    assert not of(CustomApi, KUBEVELA_CUE, text, "def/web.cue")


@pytest.mark.parametrize(
    ("line", "does"),
    [("call publish --tag v1", "publish"), ("call -m ci deploy --env prod", "deploy"), ("call test", "test"), ("functions", "")],
)
def test_what_dagger_is_called_for(line: str, does: str) -> None:
    assert [command.does for command in analyse(f"dagger {line}")[0]] == ([does] if does else [])


def test_a_module_of_dagger_is_recognized() -> None:
    text = '{"name": "ci", "engineVersion": "v0.19.0", "sdk": {"source": "go"}}'
    assert [marker.tool for marker in of(ToolMarker, MARKERS, text, "dagger.json")] == ["dagger"]
    assert not of(ToolMarker, MARKERS, '{"name": "ci"}', "dagger.json")
