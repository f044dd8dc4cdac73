"""The polling pack of a unit: ballots, hall, signs, labels, checklist and the host's script as one PDF."""

from heli.assemblies.polling.pack import PollingPack, render_pack

__all__ = ["PollingPack", "render_pack"]
