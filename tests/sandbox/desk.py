"""A reception desk without doors: files are laid into its inbox, and it works when told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox import catalogue, database, verdicts
from sandbox.home import Home
from sandbox.intake import Intake
from tests.sandbox.partner import Answer


@dataclass
class Desk:
    home: Home
    intake: Intake

    def lay(self, files: Mapping[str, bytes], folder: str) -> None:
        self.intake.paths.create()
        for name, content in files.items():
            path = self.intake.paths.inbox / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def answers(self) -> list[Answer]:
        """Every acknowledgement that lies there, in the order of its name."""
        return [Answer(path.name, path.read_bytes()) for path in sorted(self.intake.paths.acknowledgements.iterdir())]

    def answer(self, message_id: str) -> Answer:
        """The one acknowledgement of a message."""
        (found,) = [answer for answer in self.answers() if answer.message_id == message_id]
        return found

    def step(self) -> None:
        with database.connection(self.home.database) as connection:
            self.intake.step(connection)

    def take(self, files: Mapping[str, bytes], folder: str) -> list[Answer]:
        """Deliver, let the desk work, and return the answers that were not there before."""
        before = {answer.name for answer in self.answers()} if self.intake.paths.acknowledgements.exists() else set()
        self.lay(files, folder)
        self.step()
        return [answer for answer in self.answers() if answer.name not in before]

    def catalogue(self, on: date = date(2026, 11, 23)) -> list[dict[str, Any]]:
        with database.connection(self.home.database) as connection:
            return catalogue.shown(connection, self.intake.platform.id, on)

    def messages(self) -> list[dict[str, Any]]:
        with database.connection(self.home.database) as connection:
            return verdicts.shown(connection, self.intake.platform.id, None)
