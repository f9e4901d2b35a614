"""What actions raise where they refuse for another reason than rights or what was given."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """An action was refused; the message says why and what to do."""


class NotNow(Refused):
    """The thing is not in a state in which this can be done."""

    def __init__(self, state: str) -> None:
        super().__init__(
            _("This can't be done any more: the state is now “%(state)s”. Look at the page again.")
            % {"state": state}
        )
