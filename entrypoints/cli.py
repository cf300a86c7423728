"""The command line: `university`; a command's code is loaded when the command is called."""

import importlib
import importlib.util

import click

COMMANDS = {
    "accounts": "entrypoints.accounts:accounts",
    "asyncapi": "entrypoints.asyncapi:asyncapi",
    "broker": "entrypoints.broker:broker",
    "dead-letters": "entrypoints.dead_letters:group",
    "demo": "entrypoints.demo:demo",
    "export": "entrypoints.oneroster:take_out",
    "hand-out": "entrypoints.hand_out:hand_out",
    "import": "entrypoints.oneroster:bring_in",
    "keys": "entrypoints.keys:keys",
    "migrate": "entrypoints.migrate:migrate",
    "openapi": "entrypoints.openapi:openapi",
    "provision": "entrypoints.provision:provision",
    "reconcile": "entrypoints.reconcile:reconcile",
    "republish": "entrypoints.republish:republish",
    "resynchronize": "entrypoints.resynchronize:resynchronize",
    "run": "entrypoints.run:run",
}


class Commands(click.Group):
    """Commands by name: those that are here, for an image holds only what its module has a use for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of the commands that are here."""
        return sorted(filter(_here, COMMANDS))

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a command, loaded now."""
        if not _here(name):
            return None
        module, _, command = COMMANDS[name].partition(":")
        found = getattr(importlib.import_module(module), command)
        return found if isinstance(found, click.Command) else None


def _here(name: str) -> bool:
    return name in COMMANDS and importlib.util.find_spec(COMMANDS[name].partition(":")[0]) is not None


@click.command(cls=Commands)
@click.version_option(package_name="university", prog_name="university")
def main() -> None:
    """A registration system for a university: courses, students, enrollment and the door in front of them."""


if __name__ == "__main__":
    main()
