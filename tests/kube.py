"""A real Kubernetes API server for a test: kube-apiserver on kine, no kubelet, no controllers.

    with api_server(tmp_path, crd_files(), users={"viewer": []}) as cluster:
        cluster.apply(application, field_manager="argocd-controller")
        cluster.update(application, user_agent="Mozilla/5.0")  # its manager is `Mozilla`
        scan(kubeconfig=cluster.kubeconfig("viewer"))  # 403 until a test binds it a role

Both processes listen on 127.0.0.1, keep everything in the given folder and end with the block.
Longer than a file should be, since server, processes and client are of use only together.
"""

import csv
import ctypes
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

TOOLS = Path(__file__).resolve().parents[1] / ".tools"
ADMIN = "admin"
START_SECONDS = 60.0  # a start takes 3 s on an idle machine
STOP_SECONDS = 5.0
REQUEST_SECONDS = 10.0
NOT_FOUND = 404

Object = dict[str, Any]


class MissingTool(RuntimeError):
    """Something that `make tools` builds is not there; the message names it."""


class ClusterFailed(RuntimeError):
    """A process ended or was not ready in time; the message closes with the logs' last lines."""


class ApiError(RuntimeError):
    """The API server refused a request; `status` is its HTTP status."""

    def __init__(self, request: str, status: int, answer: str) -> None:
        super().__init__(f"{request}: {status}: {answer}")
        self.status = status


def tool(name: str) -> Path:
    """The executable of that name. Errors: MissingTool."""
    path = TOOLS / "bin" / name
    if not path.exists():
        raise MissingTool(f"{name} is not in {path.parent}: run `make tools`")
    return path


def crd_files() -> list[Path]:
    """The CRD files of Argo CD and Flux. Errors: MissingTool."""
    files = sorted((TOOLS / "crds").glob("*.yaml"))
    if not files:
        raise MissingTool(f"no CRD files in {TOOLS / 'crds'}: run `make tools`")
    return files


@dataclass(frozen=True)
class Cluster:
    """A running API server, spoken to as `admin` (system:masters) where no user is named."""

    url: str
    folder: Path
    ca_file: Path
    tokens: Mapping[str, str]
    _served: dict[str, dict[str, Object]] = field(default_factory=dict)

    def kubeconfig(self, user: str = ADMIN) -> Path:
        """A kubeconfig file of that user. Errors: KeyError, if `api_server` was not told of it."""
        path = self.folder / f"kubeconfig-{user}.yaml"
        server = {"server": self.url, "certificate-authority": str(self.ca_file)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": server}],
            "users": [{"name": user, "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": user, "context": {"cluster": "test", "user": user}}],
            "current-context": user,
        }
        path.touch(mode=0o600)
        path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        return path

    def get(self, path: str, user: str = ADMIN) -> Object:
        """The object or list at that API path. Errors: ApiError."""
        return self._request("GET", path, user=user)

    def apply(self, manifest: Object, field_manager: str, *, subresource: str = "") -> Object:
        """The object after a forced server-side apply, which is how GitOps controllers write.

        Errors: ApiError, also for a field that the schema does not declare.
        """
        query = {"fieldManager": field_manager, "force": "true"}
        path, content = self.path(manifest, subresource), "application/apply-patch+yaml"
        return self._request("PATCH", path, manifest, query, content=content)

    def update(
        self,
        manifest: Object,
        *,
        field_manager: str = "",
        user_agent: str = "kubectl/v1.36.3",
        user: str = ADMIN,
        subresource: str = "",
    ) -> Object:
        """The object after a change by hand: merged into what is there, else created.

        In managedFields the operation is `Update`, the manager `field_manager` (`kubectl-edit`),
        else the User-Agent up to its first slash (a browser's is `Mozilla`).
        Errors: ApiError, also for a field that the schema does not declare.
        """
        query = {"fieldValidation": "Strict"}
        if field_manager:
            query["fieldManager"] = field_manager
        write = partial(self._request, body=manifest, query=query, user=user, agent=user_agent)
        path = self.path(manifest, subresource)
        try:
            return write("PATCH", path, content="application/merge-patch+json")
        except ApiError as error:
            if error.status != NOT_FOUND or subresource:
                raise
        return write("POST", path.rpartition("/")[0])

    def path(self, manifest: Object, subresource: str = "") -> str:
        """The API path of the object, in namespace `default` unless it names one.

        Errors: ApiError or KeyError, if the server does not serve that kind.
        """
        version, kind, meta = manifest["apiVersion"], manifest["kind"], manifest["metadata"]
        base = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if kind not in self._served.get(base, {}):
            listed = self.get(base)["resources"]
            self._served[base] = {r["kind"]: r for r in listed if "/" not in r["name"]}
        resource = self._served[base][kind]
        if resource["namespaced"]:
            base += f"/namespaces/{meta.get('namespace', 'default')}"
        return "/".join(filter(None, [base, resource["name"], meta["name"], subresource]))

    def _request(
        self,
        method: str,
        path: str,
        body: Object | None = None,
        query: Mapping[str, str] | None = None,
        *,
        content: str = "application/json",
        agent: str = "idp-assess-tests",
        user: str = ADMIN,
    ) -> Object:
        """The decoded answer. Errors: ApiError; OSError, if the server does not answer at all."""
        url = f"{self.url}{path}?{urlencode(query or {})}"
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": content, "User-Agent": agent}
        headers["Authorization"] = f"Bearer {self.tokens[user]}"
        trust = ssl.create_default_context(cafile=str(self.ca_file))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with opener.open(request, timeout=REQUEST_SECONDS) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                told = error.read().decode(errors="replace")
            raise ApiError(f"{method} {path} as {user}", error.code, told) from None
        return json.loads(text) if text.startswith(b"{") else {"text": text.decode()}


@contextmanager
def api_server(tmp_dir: Path, crds: Iterable[Path] = (), users: Mapping[str, Sequence[str]] | None = None) -> Iterator[Cluster]:
    """A ready cluster that serves those CRDs, ended with the block whatever happens in it.

    `users`: name to groups; these exist besides `admin`, with no rights but their groups'.
    Errors: MissingTool; ClusterFailed, if not ready in START_SECONDS; ApiError, for a bad CRD.
    """
    kine, server = tool("kine"), tool("kube-apiserver")
    folder = tmp_dir.resolve() / "kube"
    folder.mkdir(mode=0o700)
    tokens = _write_tokens(folder / "tokens.csv", {ADMIN: ["system:masters"], **(users or {})})
    store_port, port = _free_ports(2)
    certificate = folder / "certs" / "apiserver.crt"
    cluster = Cluster(f"https://127.0.0.1:{port}", folder, certificate, tokens)
    deadline = time.monotonic() + START_SECONDS
    with ExitStack() as stack:
        command = [str(kine), *_kine_flags(folder, store_port)]
        started = [stack.enter_context(_running(command, folder))]
        _wait(partial(_listens, store_port), "kine listens", deadline, started)
        command = [str(server), *_server_flags(folder, store_port, port)]
        started.append(stack.enter_context(_running(command, folder)))
        _wait(partial(_is_ready, cluster), "the API server is ready", deadline, started)
        for spec in [c["spec"] for file in crds for c in _apply_file(cluster, file)]:
            names = f"{spec['names']['plural']}.{spec['group']}"
            _wait(partial(_is_served, cluster, spec), f"{names} is served", deadline, started)
        yield cluster


def _kine_flags(folder: Path, port: int) -> list[str]:
    """Flags of kine, which speaks etcd's API over one SQLite file."""
    options = "_journal=WAL&cache=shared&_busy_timeout=30000"
    return [
        f"--endpoint=sqlite://{folder / 'state.db'}?{options}",
        f"--listen-address=127.0.0.1:{port}",
        "--metrics-bind-address=0",
    ]


def _server_flags(folder: Path, store_port: int, port: int) -> list[str]:
    """Flags of kube-apiserver; the TLS key it makes for itself signs service account tokens too."""
    key = folder / "certs" / "apiserver.key"
    return [
        f"--etcd-servers=http://127.0.0.1:{store_port}",
        f"--cert-dir={key.parent}",
        f"--secure-port={port}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--service-account-issuer=https://kubernetes.test",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--allow-privileged=true",
        "--disable-admission-plugins=ServiceAccount",
    ]


def _write_tokens(path: Path, users: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A fresh token for every user, also written as kube-apiserver's static token file."""
    tokens = {name: secrets.token_hex(16) for name in users}
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = ([tokens[name], name, name, ",".join(users[name])] for name in users)
        csv.writer(file).writerows(rows)
    return tokens


def _free_ports(count: int) -> list[int]:
    """That many different loopback ports that were free a moment ago."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for held in sockets:
            held.bind(("127.0.0.1", 0))
        return [held.getsockname()[1] for held in sockets]


@dataclass(frozen=True)
class _Running:
    """A process that leads a group of its own, and the file its output goes to."""

    process: subprocess.Popen[bytes]
    log: Path

    def signal(self, number: signal.Signals) -> None:
        """Nothing; after the process was waited for no signal is sent: its id may be reused."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[_Running]:
    """The started process, ended with its group when the block ends; it logs to NAME.log."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    running = _Running(process, log)
    try:
        yield running
    finally:
        running.signal(signal.SIGTERM)
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        finally:
            running.signal(signal.SIGKILL)
            process.wait()


def _die_with_parent() -> None:
    """Nothing. On Linux the process is killed when the test run is (PR_SET_PDEATHSIG is 1)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _listens(port: int) -> bool:
    """Whether something accepts connections there; a refused one costs the server a second."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), REQUEST_SECONDS):
        return True
    return False


def _is_ready(cluster: Cluster) -> bool:
    """Whether it says so itself and has its first namespace, which /readyz does not wait for."""
    with suppress(OSError, ApiError):  # OSError is also the certificate that is not made yet
        cluster.get("/readyz")
        cluster.get("/api/v1/namespaces/default")
        return True
    return False


def _apply_file(cluster: Cluster, file: Path) -> list[Object]:
    """The objects in a YAML file, as the server has them now. Errors: ApiError."""
    documents = yaml.load_all(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return [cluster.apply(document, "idp-assess-tests") for document in documents if document]


def _is_served(cluster: Cluster, spec: Object) -> bool:
    """Whether the API lists each served version of a CRD, as it does once that is Established."""
    versions = [version["name"] for version in spec["versions"] if version["served"]]
    with suppress(ApiError):
        lists = [cluster.get(f"/apis/{spec['group']}/{name}")["resources"] for name in versions]
        plural = spec["names"]["plural"]
        return all(any(served["name"] == plural for served in listed) for listed in lists)
    return False


def _wait(done: Callable[[], bool], what: str, deadline: float, started: Sequence[_Running]) -> None:
    """Nothing, once `done` says so. Errors: ClusterFailed, if a process ends or time is up."""
    while not done():
        ended = [running for running in started if running.process.poll() is not None]
        if not ended and time.monotonic() < deadline:
            time.sleep(0.05)
            continue
        why = "a process ended" if ended else f"{START_SECONDS:.0f} s had passed"
        logs = [running.log for running in ended or started]
        tails = [f"{log}:\n{log.read_text(errors='replace')[-2000:]}" for log in logs]
        raise ClusterFailed("\n".join([f"{why} before {what}", *tails]))
