"""Where the demo's content lies: services and organisations, their files, the agreement."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent
CONTENT = _HERE / "content"
AGREEMENT = _HERE / "agreement.json"
