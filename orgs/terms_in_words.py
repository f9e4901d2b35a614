"""The terms of an agreement as sentences that a partner reads.

Spans of time stand in Finnish sentences in the genitive ("7 päivän kuluttua"), whatever their number.
"""

from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from orgs import dates
from orgs.money import euros
from orgs.terms import ACCOUNTS, FRESHNESS, GOVERNANCE, PIPELINE, SANCTIONS, STAFFING, Terms


def sections(terms: Terms) -> list[tuple[str, list[str]]]:
    """Return the parts of an agreement with their sentences, in the language of the page."""
    return [
        (str(PIPELINE), _pipeline(terms)),
        (str(SANCTIONS), _sanctions(terms)),
        (str(GOVERNANCE), _governance(terms)),
        (str(FRESHNESS), _freshness(terms)),
        (str(ACCOUNTS), _accounts(terms)),
        (str(STAFFING), _staffing(terms)),
    ]


def _days(count: int) -> str:
    return npgettext("within, after", "%(n)s day", "%(n)s days", count) % {"n": count}


def _weeks(count: int) -> str:
    return npgettext("within, after", "%(n)s week", "%(n)s weeks", count) % {"n": count}


def _months(count: int) -> str:
    return npgettext("within, after", "%(n)s month", "%(n)s months", count) % {"n": count}


def _hours(count: int) -> str:
    return npgettext("within, after", "%(n)s hour", "%(n)s hours", count) % {"n": count}


def _pipeline(terms: Terms) -> list[str]:
    return [
        _("An update is published within %(target)s if all goes well, and within %(due)s at the latest.")
        % {"target": _days(terms.update_target_days), "due": _days(terms.update_due_days)},
        _("A new service is published within %(target)s if all goes well, and within %(due)s at the latest.")
        % {"target": _days(terms.new_target_days), "due": _days(terms.new_due_days)},
        _("A due date on a day off moves to the next working day.")
        if terms.due_on_working_days
        else _("A due date on a day off does not move."),
    ]


def _sanctions(terms: Terms) -> list[str]:
    return [*_content(terms), *_cooperation(terms), *_handing_over(terms), _answered(terms)]


def _answered(terms: Terms) -> str:
    words = {"time": _days(terms.answer_days)}
    return _("A letter is answered by the day it names, or within %(time)s.") % words


def _content(terms: Terms) -> list[str]:
    return [
        _("After the first remark the breach is put right within %(time)s.")
        % {"time": _months(terms.first_remark_months)},
        _(
            "If it is not, a second remark follows. It is followed up after %(time)s; if the breach has not "
            "been put right by then, a third remark is given with a sanction of %(sum)s."
        )
        % {"time": _days(terms.second_remark_days), "sum": euros(terms.content_sanction)},
    ]


def _cooperation(terms: Terms) -> list[str]:
    return [
        _("In the steering group, absence number %(number)s of a calendar year and each later one counts.")
        % {"number": terms.steering_absence_limit},
        _("In the working group, absence number %(number)s of a calendar year and each later one counts.")
        % {"number": terms.working_absence_limit},
        _("A policy workshop that was to be facilitated and was not counts at once."),
        _("A half-year in which anything counts brings one sanction of %(sum)s, however much there is.")
        % {"sum": euros(terms.cooperation_sanction)},
    ]


def _handing_over(terms: Terms) -> list[str]:
    return [
        _("Knowledge is handed over within %(time)s. A substitution counts as a handover from %(long)s on.")
        % {"time": _days(terms.handover_days), "long": _days(terms.substitution_days)},
        _("A handover that was not done in time brings a remark."),
        _free(terms.handover_free_remarks)
        % {"n": terms.handover_free_remarks, "sum": euros(terms.handover_sanction)},
    ]


def clause(matter: str, terms: Terms) -> list[str]:
    """Return what the agreement says of breaches of "content", "cooperation" or "handover"."""
    return {"content": _content, "cooperation": _cooperation, "handover": _handing_over}[matter](terms)


def _free(remarks: int) -> str:
    """Return what the first remarks on handing over bring, and the later ones."""
    if remarks == 0:
        return _("Each such remark brings a sanction of %(sum)s.")
    if remarks == 1:
        return _("A partner's first such remark in the agreement brings no sanction, each later one %(sum)s.")
    return _(
        "A partner's first %(n)s such remarks in the agreement bring no sanction, each later one %(sum)s."
    )


def _governance(terms: Terms) -> list[str]:
    return [
        _("The working group meets every %(weeks)s on %(weekday)ss, %(hours)s.")
        % {
            "weeks": _weeks(terms.working_group_weeks),
            "weekday": dates.weekday(terms.working_group_weekday - 1, whole=True),
            "hours": dates.hours(terms.working_group_starts, terms.working_group_ends),
        },
        _("The policy workshop meets every %(weeks)s on %(weekday)ss, %(hours)s.")
        % {
            "weeks": _weeks(terms.workshop_weeks),
            "weekday": dates.weekday(terms.workshop_weekday - 1, whole=True),
            "hours": dates.hours(terms.workshop_starts, terms.workshop_ends),
        },
        _("The steering group meets every %(months)s, %(hours)s.")
        % {
            "months": _months(terms.steering_months),
            "hours": dates.hours(terms.steering_starts, terms.steering_ends),
        },
        _("A decision needs at least %(share)s of the whole voting power.") % {"share": terms.majority},
    ]


def _freshness(terms: Terms) -> list[str]:
    return [
        _("Content is confirmed at least every %(days)s.") % {"days": _days(terms.confirm_days)},
        _("A second reminder follows after %(second)s, and after %(outdated)s more the service is outdated.")
        % {"second": _days(terms.second_reminder_days), "outdated": _days(terms.outdate_days)},
        _("An outdated service is archived after %(months)s.") % {"months": _months(terms.archive_months)},
    ]


def _accounts(terms: Terms) -> list[str]:
    return [
        _("An invitation is valid for %(days)s.") % {"days": _days(terms.invitation_days)},
        _("Anyone who has not used their account for %(first)s is told, and again after %(second)s more.")
        % {"first": _days(terms.inactive_days), "second": _days(terms.second_notice_days)},
        _("After %(block)s more the account is blocked, and %(gone)s later personal data is removed.")
        % {"block": _days(terms.block_days), "gone": _days(terms.anonymise_days)},
        _("A password has at least %(n)s characters.") % {"n": terms.password_length},
        _("A session ends after %(hours)s without use, for those who only read after %(days)s.")
        % {"hours": _hours(terms.session_hours), "days": _days(terms.reading_session_days)},
    ]


def _staffing(terms: Terms) -> list[str]:
    return [
        _(
            "A partner has at least this many: main users %(main)s, content producers %(producers)s, "
            "communications leads %(leads)s, working group members %(members)s and deputies %(deputies)s, "
            "steering group members %(steering)s."
        )
        % {
            "main": terms.partner_main_users,
            "producers": terms.partner_producers,
            "leads": terms.partner_communications_leads,
            "members": terms.working_group_members,
            "deputies": terms.working_group_deputies,
            "steering": terms.steering_group_members,
        },
        _("A provider has at least this many: main users %(main)s, content producers %(producers)s.")
        % {"main": terms.provider_main_users, "producers": terms.provider_producers},
    ]
