"""What definitions of other tools are recognised by, and what only looks like them."""

from __future__ import annotations

import pytest

from assess.collect.git.extract import ASSEMBLERS, EXTRACTORS, ansible, terragrunt
from assess.collect.git.extract.terraform import Called
from assess.collect.git.file import File, Part
from assess.model.fact import Definition


def defined(files: dict[str, str]) -> list[Definition]:
    """The definitions in a repository of these files, by tool and path."""
    found = []
    for path, content in files.items():
        file = File("here", path, content.encode())
        name = path.lower().rpartition("/")[2]
        for extractor in EXTRACTORS:
            offered = name in extractor.names or name[name.rfind(".") :] in extractor.suffixes
            here = not extractor.within or extractor.within.search(path)
            if offered and here and extractor.reads(file.content):
                found += list(extractor.run(file))
    parts = [part for part in found if isinstance(part, Part)]
    facts = [*found, *(fact for assembler in ASSEMBLERS for fact in assembler(parts))]
    return sorted((fact for fact in facts if isinstance(fact, Definition)), key=lambda fact: (fact.tool, fact.path))


def world(files: dict[str, str]) -> list[tuple[str, str]]:
    """Tool and path of each definition in a repository of these files."""
    return [(fact.tool, fact.path) for fact in defined(files)]


STACK = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !Ref N}\n"


@pytest.mark.parametrize(
    ("path", "content", "tool", "covers"),
    [
        ("cfn/bucket.yaml", STACK, "cloudformation", "cfn/bucket.yaml"),
        ("infra/cdk.json", '{"app": "npx ts-node bin/x.ts"}', "aws-cdk", "infra"),
        ("a/Pulumi.yaml", "name: x\nruntime: nodejs\n", "pulumi", "a"),
        ("main.bicep", "resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {}\n", "bicep", "main.bicep"),
        ("svc/serverless.yml", "service: x\nprovider: {name: aws}\nfunctions: {a: {}}\n", "serverless", "svc"),
        ("live/app/terragrunt.hcl", 'include "root" {\n  path = find_in_parent_folders()\n}\n', "terragrunt", "live/app"),
        ("img/x.pkr.hcl", 'source "amazon-ebs" "x" {}\nbuild {}\n', "packer", "img"),
        ("jobs/web.nomad", 'job "web" {\n  group "a" {}\n}\n', "nomad", "jobs/web.nomad"),
        ("site.yml", "- hosts: all\n  roles: [web]\n", "ansible", "."),
        ("salt/top.sls", "base: {}\n", "salt", "salt"),
        ("boot/web.yaml", "#cloud-config\npackages: [nginx]\n", "cloud-init", "boot"),
        ("flake.nix", "{ outputs = _: { nixosConfigurations.a = 1; }; }\n", "nix", "."),
        ("talos/patches/net.yaml", "machine:\n  network: {hostname: a}\n", "talos", "talos"),
    ],
)
def test_a_definition_is_known_by_its_content(path: str, content: str, tool: str, covers: str) -> None:
    assert world({path: content}) == [(tool, covers)]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("ingress.yaml", "- hosts: [a.example]\n  secretName: x\n"),
        ("roles/a/tasks/main.yml", "- include: other.yml\n"),
        ("terragrunt.hcl", 'remote_state {\n  backend = "s3"\n}\n# include "x" {\n'),
        ("flake.nix", "{ outputs = _: { devShells.x = 1; }; }\n"),
        ("config.yaml", "Type: AWS::S3::Bucket\n"),
        ("serverless.yml", "title: about serverless\n"),
        ("modules/storage.bicep", "resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {}\n"),
    ],
)
def test_what_only_looks_like_one_is_none(path: str, content: str) -> None:
    assert world({path: content}) == []


def test_files_of_one_project_are_one_definition() -> None:
    nix = "{ nixosConfigurations.a = 1; }\n"
    assert world({"flake.nix": "{ outputs = x; }", "hosts/a.nix": nix, "hosts/b.nix": nix}) == [("nix", ".")]
    assert world({"salt/top.sls": "base: {}", "salt/web/init.sls": "{% if x %}\n"}) == [("salt", "salt")]


@pytest.mark.parametrize("content", ["Resources: 3\n", "Resources: {a: 3, b: {Type: [AWS::X]}}\n", "[]\n", "- 1\n", "x: y\n"])
def test_templates_of_any_shape_do_no_harm(content: str) -> None:
    assert world({"a.template": content + "# AWSTemplateFormatVersion\n"}) == []


INCLUDES = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'
PINNED = "git::https://git.example/modules.git//db?ref=v1.2.0"


@pytest.mark.parametrize(
    ("files", "packages"),
    [
        ({"a/terragrunt.hcl": f'terraform {{\n  source = "{PINNED}"\n}}\n'}, (0, 1, 0)),
        ({"a/terragrunt.hcl": 'terraform {\n  source = "tfr:///acme/vpc/aws?version=5.1.0"\n}\n'}, (0, 1, 0)),
        ({"a/terragrunt.hcl": 'terraform {\n  source = "git::https://git.example/m.git?ref=main"\n}\n'}, (0, 0, 1)),
        ({"a/terragrunt.hcl": 'terraform {\n  source = "../modules//db"\n}\n'}, (1, 0, 0)),
        ({"a/terragrunt.hcl": 'terraform {\n  source = "${get_repo_root()}/modules/db"\n}\n'}, (1, 0, 0)),
        ({"a/terragrunt.hcl": 'terraform {\n  # source = "x?ref=v1"\n  source = local.where\n}\n'}, (0, None, 0)),
        (
            {"a/terragrunt.hcl": f'terraform {{\n  source = "${{get_env("E") == "p" ? "{PINNED}" : "../modules//db"}}"\n}}\n'},
            (0, None, 0),
        ),
        ({"a/terragrunt.hcl": INCLUDES, "root.hcl": 'locals {\n  a = "b"\n}\n'}, (1, 0, 0)),
        ({"a/terragrunt.hcl": INCLUDES}, (0, None, 0)),
        (
            {
                "live/a/terragrunt.hcl": 'include "e" {\n  path = "${dirname(find_in_parent_folders("root.hcl"))}/_env/db.hcl"\n}\n'
                'terraform {\n  source = "${include.e.locals.base}?ref=v2.0.1"\n}\n',
                "live/_env/db.hcl": 'locals {\n  base = "git::https://git.example/db.git"\n}\n',
            },
            (0, 1, 0),
        ),
        (
            {"a/terragrunt.hcl": 'include {\n  path = "../_env/db.hcl"\n}\n', "_env/db.hcl": f'terraform {{\n  source = "{PINNED}"\n}}\n'},
            (0, 1, 0),
        ),
        ({"a/terragrunt.stack.hcl": f'unit "db" {{\n  source = "{PINNED}"\n}}\nunit "b" {{\n  source = "../b"\n}}\n'}, (1, 1, 0)),
    ],
)
def test_a_terragrunt_unit_says_where_its_module_comes_from(files: dict[str, str], packages: tuple[int, int | None, int]) -> None:
    (unit,) = defined(files)
    assert (unit.packages_local, unit.packages_pinned, unit.packages_unpinned) == packages


@pytest.mark.parametrize(
    "files",
    [
        {"terragrunt.hcl": 'terraform {\n  extra_arguments "v" {\n    commands = ["plan"]\n  }\n}\n'},
        {"units/db/terragrunt.hcl": 'terraform {\n  source = "git::https://git.example/m.git?ref=${values.version}"\n}\n'},
        {"live/.terragrunt-stack/db/terragrunt.hcl": INCLUDES},
        {"_env/db.hcl": f'terraform {{\n  source = "{PINNED}"\n}}\n'},
    ],
)
def test_what_terragrunt_only_includes_or_fills_in_is_no_unit(files: dict[str, str]) -> None:
    assert world(files) == []


def test_what_terragrunt_runs_as_a_module_is_called() -> None:
    either = 'terraform {\n  source = "${get_env("E") == "p" ? "git::https://git.example/m//db?ref=v1" : "../../modules//db"}"\n}\n'
    parts = list(terragrunt.terragrunt(File("here", "env/dev/terragrunt.hcl", either.encode())))
    assert [part.directory for part in parts if isinstance(part, Called)] == ["modules/db"]


TASKS = "- package: {name: nginx}\n- ansible.builtin.command: nginx -t\n- debug: {msg: x}\n- {shell: nginx -v, changed_when: false}\n"


def test_how_much_of_a_playbook_only_runs_commands() -> None:
    play = "- hosts: all\n  tasks:\n    - name: a\n      block:\n        - shell: a\n          when: x\n        - win_shell: b\n"
    (site,) = defined({"site.yml": play, "roles/web/tasks/main.yml": TASKS, "roles/web/handlers/main.yml": "- shell: x\n"})
    assert (site.tasks, site.commands) == (5, 3)


def test_roles_belong_to_the_playbooks_beside_them() -> None:
    files = {"ansible/playbooks/site.yml": "- hosts: all\n  roles: [web]\n", "ansible/roles/web/tasks/main.yml": TASKS}
    (site,) = defined(
        {**files, "ansible/requirements.yml": "roles:\n  - {name: a.b, version: 1.0.0}\n  - src: c.d\ncollections: [community.general]\n"}
    )
    assert (site.path, site.tasks, site.packages_local, site.packages_pinned, site.packages_unpinned) == ("ansible/playbooks", 3, 1, 1, 1)


@pytest.mark.parametrize("content", ["- 1\n", "- {block: 3}\n", "- {action: [x]}\n", "- {}\n", "x: y\n", "- &a [*a]\n"])
def test_task_files_of_any_shape_do_no_harm(content: str) -> None:
    assert world({"roles/a/tasks/main.yml": content}) == []


BUCKET = "resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {}\n"


def test_bicep_that_another_file_calls_is_part_of_it() -> None:
    main = "module w './app/web.bicep' = {}\nmodule k 'br/public:avm/res/key-vault/vault:0.3.5' = {}\nmodule t 'ts/specs:net:1.0' = {}\n"
    (unit,) = defined({"infra/main.bicep": main, "infra/app/web.bicep": BUCKET})
    assert (unit.path, unit.objects, unit.packages_local, unit.packages_pinned) == ("infra/main.bicep", 3, 1, 2)


def test_bicep_among_modules_is_a_deployment_where_parameters_start_it() -> None:
    files = {"modules/app.bicep": BUCKET, "modules/net.bicep": BUCKET, "env/prod.bicepparam": "using '../modules/app.bicep'\nparam x = 1\n"}
    assert world(files) == [("bicep", "modules/app.bicep")]


ARM = '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": [{}]%s}'
WRITTEN = ', "metadata": {"_generator": {"name": "bicep"}}'


def test_arm_that_bicep_wrote_is_no_second_deployment() -> None:
    assert world({"main.json": ARM % WRITTEN, "main.bicep": BUCKET}) == [("bicep", "main.bicep")]
    assert world({"main.json": ARM % WRITTEN}) == [("arm", "main.json")]
    assert world({"main.json": ARM % "", "main.bicep": BUCKET}) == [("arm", "main.json"), ("bicep", "main.bicep")]


def test_a_nested_stack_is_part_of_its_parent() -> None:
    parent = "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ./net.yaml}\n"
    assert world({"cfn/parent.yaml": parent, "cfn/net.yaml": STACK, "cfn/other.yaml": STACK}) == [
        ("cloudformation", "cfn/other.yaml"), ("cloudformation", "cfn/parent.yaml"),
    ]  # fmt: skip
    itself = parent.replace("./net.yaml", "./parent.yaml")
    assert world({"cfn/parent.yaml": itself}) == [("cloudformation", "cfn/parent.yaml")]


def test_a_cdktf_project_counts_its_modules() -> None:
    config = '{"language": "go", "app": "go run .", "terraformModules": ["acme/vpc/aws@5.1.0", {"name": "x", "source": "./x"}, "acme/y"]}'
    (unit,) = defined({"stacks/cdktf.json": config})
    assert (unit.tool, unit.packages_local, unit.packages_pinned, unit.packages_unpinned) == ("cdktf", 1, 1, 1)


def test_a_puppet_control_repository_is_one_definition() -> None:
    puppetfile = (
        "forge 'https://forge.example'\n# mod 'a/x', '1'\nmod 'puppetlabs/stdlib', '9.4.1'\nmod 'acme/web',\n  :git => 'https://g/w.git',\n"
        "  :tag => 'v1.0'\nmod 'acme/db', :git => 'https://g/d.git', :branch => 'main'\nmod 'acme/late', :latest\n"
    )
    (unit,) = defined(
        {
            "Puppetfile": puppetfile,
            "hiera.yaml": "version: 5\nhierarchy: [{name: a}]\n",
            "site-modules/role/manifests/init.pp": "class role {}\n",
        }
    )
    assert (unit.tool, unit.path) == ("puppet", ".")
    assert (unit.packages_local, unit.packages_pinned, unit.packages_unpinned) == (1, 2, 2)


def test_a_template_that_is_no_playbook_hides_none() -> None:
    file = File("here", "helmfile.yaml", b"releases:\n  - name: a\n    values:\n      - ingress:\n          hosts:\n{{ range }}\n  x: [\n")
    assert list(ansible.playbook(file)) == []


WEB = "services:\n  web:\n    image: acme/web:1.2\n"


@pytest.mark.parametrize(
    ("path", "content", "tool", "covers"),
    [
        ("stack.yml", WEB + "    deploy: {mode: replicated, replicas: 3}\n", "compose", "stack.yml"),
        ("stack.yml", WEB + "    deploy:\n      placement:\n        constraints: [node.role == manager]\n", "compose", "stack.yml"),
        ("ecs/web.json", '{"family": "web", "containerDefinitions": [{"name": "web", "image": "acme/web"}]}', "ecs", "ecs/web.json"),
        ("copilot/api/manifest.yml", "name: api\ntype: Load Balanced Web Service\n", "copilot", "copilot/api"),
        ("charts/cdk8s.yaml", "language: typescript\napp: ts-node main.ts\n", "cdk8s", "charts"),
        ("sst.config.ts", "export default $config({ app() {}, async run() {} })\n", "sst", "."),
        ("jobs/web/nomad.job", 'job "web" {\n  group "a" {}\n}\n', "nomad", "jobs/web/nomad.job"),
        ("svc/serverless.prod.yml", "service: x\nprovider: {name: aws}\nfunctions: {a: {}}\n", "serverless", "svc"),
        ("svc/serverless.ts", "const c: AWS = {\n  service: 'x',\n  provider: {\n    name: 'aws' } }\n", "serverless", "svc"),
        ("env/prod/spec.json", '{"apiVersion": "tanka.dev/v1alpha1", "kind": "Environment", "spec": {}}', "jsonnet", "env/prod"),
        ("nginx/app.cue", 'deployment: web: {\n  apiVersion: "apps/v1"\n  kind: "Deployment"\n}\n', "cue", "nginx"),
    ],
)
def test_other_ways_to_deploy_are_known_by_their_content(path: str, content: str, tool: str, covers: str) -> None:
    assert world({path: content}) == [(tool, covers)]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("docker-compose.yml", WEB),
        ("docker-compose.yml", WEB + "    deploy: {resources: {limits: {memory: 1G}}}\n"),
        ("docker-compose.yml", "services:\n  web:\n    build: .\n    deploy: {mode: global}\n"),
        ("dump.json", '{"family": "w", "taskDefinitionArn": "arn", "containerDefinitions": [{"image": "a"}]}'),
        ("package.json", '{"family": "w", "containerDefinitions": []}'),
        ("copilot/api/manifest.yml", "3\n"),
        ("config.yml", "service: x\nprovider: aws\nplugins: [a]\n"),
        ("schema.cue", '#Deployment: {\n  apiVersion: "apps/v1"\n  kind: "Deployment"\n}\n'),
        ("templates/app.cue", '#config: _\napiVersion: "apps/v1"\nkind: "Deployment"\n'),
        ("spec.json", '{"kind": "Environment"}'),
    ],
)
def test_what_only_looks_like_a_deployment_is_none(path: str, content: str) -> None:
    assert world({path: content}) == []


def test_a_formula_is_one_definition_from_its_root() -> None:
    assert world({"FORMULA": "name: nginx\n", "nginx/init.sls": "x: {}\n", "nginx/map.sls": "y: {}\n"}) == [("salt", ".")]
