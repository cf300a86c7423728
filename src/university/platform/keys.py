"""The keys by which the parts of the university know one another: named, in files that are read again."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

DEVELOPMENT = "development-"
"""What the name (`kid`) of a key begins with that everybody may know; the issuer's name follows."""
LOOK = 5.0
"""Seconds between two looks at the files."""
LOOK_SOONER = 1.0
"""Seconds between two looks when somebody shows a key that is not known: it may have been added meanwhile."""
Keys = dict[str, ECKey]
"""Keys by name, in the order of the file; of an issuer's private keys the first signs."""
_State = tuple[tuple[int, int, int], ...]
_log = logging.getLogger("university.keys")


def issuer_of(name: str) -> str:
    """Return whose key it is: a name is the issuer's, and after a dot what tells one key of the issuer from another."""
    return name.partition(".")[0]


@dataclass(slots=True)
class KeyFiles:
    """The two JWKS files of a process; where its keys must be `secret`, one with a development key is refused."""

    signing: Path
    trusted: Path
    secret: bool = False
    _seen: _State = field(default=())

    def read(self) -> tuple[Keys, Keys]:
        """Return the private keys and the public ones; raise `ValueError`, `OSError`, `KeyError`."""
        state = self._state()
        found = _keys_of(self.signing, secret=self.secret), _keys_of(self.trusted, secret=self.secret)
        self._seen = state
        return found

    def read_again(self) -> tuple[Keys, Keys] | None:
        """Return the keys when the files are others than before; None, and a warning, when they cannot be used.

        A mounted Secret is changed by a link that leads elsewhere: it is what the path leads to that is looked at.
        """
        try:
            return None if self._state() == self._seen else self.read()
        except (OSError, ValueError, KeyError, JoseError) as error:
            _log.warning("the keys before are kept, the files cannot be used: %r", error)
            return None

    def _state(self) -> _State:
        found = [file.stat() for file in (self.signing, self.trusted)]
        return tuple((one.st_ino, one.st_mtime_ns, one.st_size) for one in found)


def new_keys(*names: str) -> dict[str, Any]:
    """Return fresh private keys of these names as a JWKS."""
    keys = [ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"}) for name in names]
    return {"keys": [key.as_dict(private=True) for key in keys]}


def public_keys(*private: Mapping[str, Any]) -> dict[str, Any]:
    """Return the public halves of several JWKS as one."""
    keys = [ECKey.import_key(dict(key)) for jwks in private for key in jwks["keys"]]
    return {"keys": [key.as_dict(private=False) for key in keys]}


def _keys_of(file: Path, *, secret: bool) -> Keys:
    told = msgspec.json.decode(file.read_bytes(), type=dict[str, list[dict[str, str | list[str]]]])
    keys = {str(key["kid"]): ECKey.import_key(key) for key in told["keys"]}
    if not keys:
        raise ValueError(f"{file} holds no key")
    if secret and (known := [name for name in keys if name.startswith(DEVELOPMENT)]):
        raise ValueError(f"{file} holds development keys ({', '.join(known)}), and production mode takes none")
    return {name.removeprefix(DEVELOPMENT): key for name, key in keys.items()}
