"""The second look: what has changed in a public text since its reviewer last read it, and by whom."""

from dataclasses import dataclass

from orgs import clock
from orgs.models import User
from services import lifting, revisions
from services.fields import Document
from services.tracks import PUBLIC
from workflow.composition import Composition
from workflow.models import Look, Run


def looked(run: Run, carried: Composition, *, by: User) -> None:
    """Note that a reviewer has read what the run carries now."""
    seen = {"by": by, "at": clock.now(), "revision": carried.draft.copy.revision}
    kept = {"shape": lifting.current(), "public": carried.document["public"]}
    Look.objects.update_or_create(run=run, defaults=seen | kept)


@dataclass(frozen=True)
class Since:
    """What a run carried when its reviewer last read it, and who has changed its public text since then."""

    look: Look
    document: Document
    by: list[User]


def since(run: Run, carried: Composition) -> Since | None:
    """Return what was read last, where it is another text than now; None where nobody has read any."""
    look = Look.objects.select_related("by").filter(run=run).first()
    if look is None:
        return None
    public = lifting.lifted({"public": look.public}, look.shape)["public"]
    if public == carried.document["public"]:
        return None
    people = revisions.writers_since(carried.draft.copy, look.revision, PUBLIC)
    return Since(look, carried.document | {"public": public}, people)
