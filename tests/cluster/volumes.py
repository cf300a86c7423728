"""What a pod's volumes are on this machine: folders, filled from Secrets and ConfigMaps or empty."""

import os
import shutil
from pathlib import Path

from tests.cluster.telling import Store
from tests.deploy.manifests import Document

_MEMORY = Path("/dev/shm")  # noqa: S108 - a volume in memory is a folder in memory, made under a name of its own.
_KINDS = {"secret": "Secret", "configMap": "ConfigMap"}


class Volumes:
    """The folders of one pod; those that live as long as the pod are removed by `close`."""

    def __init__(self, folder: Path, pod: str, spec: Document, store: Store) -> None:
        self._own = [folder / "pods" / pod, _MEMORY / f"{folder.name}-{pod}"]
        self._claims = folder / "claims"
        self._group = spec.get("securityContext", {}).get("fsGroup")
        self._folders = {one["name"]: self._made(one, store) for one in spec.get("volumes", [])}

    def words(self, container: Document) -> list[str]:
        """Return how podman is told of a container's mounts."""
        words: list[str] = []
        for mount in container.get("volumeMounts", []):
            source = self._folders[mount["name"]] / mount.get("subPath", "")
            may = "ro" if mount.get("readOnly") or source.stat().st_mode & 0o222 == 0 else "rw"
            words += ["--volume", f"{source}:{mount['mountPath']}:{may}"]
        return words

    def close(self) -> None:
        """Forget what lives no longer than the pod."""
        for folder in self._own:
            shutil.rmtree(folder, ignore_errors=True)

    def _made(self, volume: Document, store: Store) -> Path:
        name = volume["name"]
        if "emptyDir" in volume:
            return self._open(self._own[volume["emptyDir"].get("medium") == "Memory"] / name)
        if "persistentVolumeClaim" in volume:
            return self._open(self._claims / volume["persistentVolumeClaim"]["claimName"])
        folder = self._open(self._own[0] / name)
        for source in volume["projected"]["sources"] if "projected" in volume else [volume]:
            self._fill(folder, source, store, volume)
        folder.chmod(0o555)
        return folder

    def _fill(self, folder: Path, source: Document, store: Store, volume: Document) -> None:
        ((word, wanted),) = ((word, source[word]) for word in _KINDS if word in source)
        name = wanted.get("name") or wanted["secretName"]
        content = store.content(_KINDS[word], name, optional=wanted.get("optional", False))
        items = wanted.get("items") or [{"key": key, "path": key} for key in content]
        mode = (volume.get("projected") or wanted).get("defaultMode", 0o644)
        for item in items:
            file = folder / item["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content[item["key"]])
            file.chmod(item.get("mode", mode) | (0o440 if self._group else 0))
            if self._group is not None:
                os.chown(file, 0, self._group)

    def _open(self, folder: Path) -> Path:
        if not folder.exists():
            folder.mkdir(parents=True)
            if self._group is not None:
                os.chown(folder, 0, self._group)
            folder.chmod(0o2777)
        return folder
