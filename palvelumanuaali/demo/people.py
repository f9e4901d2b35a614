"""The demo's people: invented, enough of them that staffing, pairs and lists look like real life.

PEOPLE are those that one signs in as, one for each role. The others keep the lists company; nobody
can sign in as them.
"""

from dataclasses import dataclass

from orgs.roles import Body, Role, SeatKind

PROJECT = "projekti"
Seat = tuple[Body, SeatKind]
WORKING = (Body.WORKING_GROUP, SeatKind.MEMBER)
WORKING_DEPUTY = (Body.WORKING_GROUP, SeatKind.DEPUTY)
STEERING = (Body.STEERING_GROUP, SeatKind.MEMBER)
STEERING_DEPUTY = (Body.STEERING_GROUP, SeatKind.DEPUTY)


@dataclass(frozen=True)
class Person:
    """Someone in the demo."""

    email: str
    name: str
    job_title: str
    organisation: str
    roles: tuple[Role, ...]
    language: str = "fi"
    seats: tuple[Seat, ...] = ()
    municipality: str = ""


_MAIN, _PRODUCER, _LEAD, _EXPERT = Role.MAIN_USER, Role.PRODUCER, Role.COMMUNICATIONS_LEAD, Role.EXPERT

PEOPLE = (
    Person(
        "asiantuntija@espoo.example",
        "Aino Neuvonen",
        "Työllisyysasiantuntija",
        "espoo",
        (_EXPERT,),
        municipality="049",
    ),
    Person("tuottaja@helsinki.example", "Ilmari Kirjava", "Palvelusuunnittelija", "helsinki", (_PRODUCER,)),
    Person("paakayttaja@vantaa.example", "Katri Vastuu", "Palveluesimies", "vantaa", (_MAIN,)),
    Person(
        "kommunikation@raasepori.example",
        "Linnea Strand",
        "Kommunikatör",
        "raasepori",
        (_LEAD,),
        "sv",
        municipality="710",
    ),
    Person(
        "tyoryhma@kerava.example",
        "Sampo Silta",
        "Kehittämispäällikkö",
        "kerava",
        (_EXPERT,),
        seats=(WORKING,),
    ),
    Person("tuottaja@kielisilta.example", "Onni Malli", "Kurssisihteeri", "kielisilta", (_PRODUCER,)),
    Person("paakayttaja@opintie.example", "Saara Polku", "Koulutuspäällikkö", "opintie", (_MAIN,)),
    Person(
        "projektipaallikko@projekti.example",
        "Martta Mittari",
        "Projektipäällikkö",
        PROJECT,
        (Role.PROJECT_MANAGER,),
    ),
    Person("ict@projekti.example", "Otso Kytkin", "ICT-erityisasiantuntija", PROJECT, (Role.ICT_SPECIALIST,)),
    Person(
        "viestinta@projekti.example",
        "Helmi Sanoja",
        "Viestintäasiantuntija",
        PROJECT,
        (Role.COMMUNICATIONS_OFFICER,),
    ),
)

# Name, job title, roles, seats: the rest of each partner. Kerava lacks a communications lead.
_PARTNERS: dict[str, tuple[tuple[str, str, tuple[Role, ...], tuple[Seat, ...]], ...]] = {
    "helsinki": (
        ("Venla Virtahepo", "Palvelupäällikkö", (_MAIN,), (WORKING,)),
        ("Eero Kaisla", "Palvelusuunnittelija", (_MAIN, _PRODUCER), (WORKING_DEPUTY,)),
        ("Tuulikki Sarka", "Viestintäsuunnittelija", (_LEAD,), ()),
        ("Roope Hiillos", "Perehdytyksen suunnittelija", (_LEAD, _EXPERT), ()),
        ("Marja Louhi", "Työllisyysjohtaja", (_EXPERT,), (STEERING,)),
    ),
    "espoo": (
        ("Kaarina Rinne", "Palvelupäällikkö", (_MAIN,), (WORKING,)),
        ("Joonas Lehto", "Palvelukoordinaattori", (_MAIN, _PRODUCER), (WORKING_DEPUTY,)),
        ("Sofia Nurmi", "Palvelusuunnittelija", (_PRODUCER,), ()),
        ("Pinja Haapa", "Viestintäasiantuntija", (_LEAD,), ()),
        ("Elias Vuori", "Asiantuntija", (_LEAD, _EXPERT), ()),
        ("Hannele Kallio", "Työllisyysjohtaja", (_EXPERT,), (STEERING,)),
    ),
    "vantaa": (
        ("Oskari Laine", "Palvelukoordinaattori", (_MAIN, _PRODUCER), (WORKING_DEPUTY,)),
        ("Iida Koski", "Palvelusuunnittelija", (_PRODUCER,), (WORKING,)),
        ("Aleksi Harju", "Viestintäsuunnittelija", (_LEAD,), ()),
        ("Noora Suo", "Perehdyttäjä", (_LEAD, _EXPERT), ()),
        ("Risto Maunula", "Työllisyysjohtaja", (_EXPERT,), (STEERING,)),
    ),
    "kerava": (
        ("Anni Kirsikka", "Palveluesihenkilö", (_MAIN,), (WORKING_DEPUTY,)),
        ("Lauri Paasi", "Palvelukoordinaattori", (_MAIN, _PRODUCER), ()),
        ("Emma Jokela", "Palvelusuunnittelija", (_PRODUCER,), ()),
        ("Veikko Tammi", "Viestintäasiantuntija", (_LEAD,), ()),
        ("Outi Salava", "Työllisyysjohtaja", (_EXPERT,), (STEERING,)),
    ),
    "raasepori": (
        ("Fredrika Holm", "Servicechef", (_MAIN,), (WORKING,)),
        ("Anders Ek", "Servicekoordinator", (_MAIN, _PRODUCER), (WORKING_DEPUTY,)),
        ("Maj-Lis Sund", "Serviceplanerare", (_PRODUCER,), ()),
        ("Oliver Backa", "Sakkunnig", (_LEAD, _EXPERT), ()),
        ("Ulrika Näs", "Sysselsättningsdirektör", (_EXPERT,), (STEERING,)),
    ),
}
# One person with both roles at each provider; the last has no content producer.
_PROVIDERS = {
    "opintie": "Teuvo Kaski",
    "tekijatalo": "Minttu Varpu",
    "mieliverso": "Arvo Lumme",
    "tyokykytalo": "Kerttu Paju",
    "kielisilta": "Jalmari Ranta",
    "tyopaja-tuuma": "Siiri Visakoivu",
    "uraluotsi": "Toivo Meri",
    "digirinki": "Inka Pilvi",
    "sahkola": "Reino Virta",
    "askelma": "Lempi Porras",
    "rekrykaari": "Tatu Kaari",
    "viherpaja": "Hilja Lehtola",
    "strandens": "Camilla Lind",
    "folkbryggan": "Torsten Berg",
    "kusti": "Birgitta Vik",
    "polkusaatio": "Ilona Halme",
    "lentoportti": "Santeri Kiito",
    "yritysveto": "Pyry Tuuma",
    "velkakompassi": "Senja Suunta",
}
_WITHOUT_PRODUCER = "velkakompassi"
_SWEDISH = frozenset({"raasepori", "strandens", "folkbryggan", "kusti"})


def others() -> list[Person]:
    """Return the people that nobody signs in as."""
    found = [
        Person(_address(name, partner), name, title, partner, roles, _language(partner), seats)
        for partner, rows in _PARTNERS.items()
        for name, title, roles, seats in rows
    ]
    for provider, name in _PROVIDERS.items():
        roles = (_MAIN,) if provider == _WITHOUT_PRODUCER else (_MAIN, _PRODUCER)
        title = "Koordinator" if provider in _SWEDISH else "Koordinaattori"
        found.append(Person(_address(name, provider), name, title, provider, roles, _language(provider)))
    return found


def _language(organisation: str) -> str:
    return "sv" if organisation in _SWEDISH else "fi"


def _address(name: str, organisation: str) -> str:
    plain = name.lower().translate(str.maketrans("åäö -", "aao.-"))
    return f"{plain}@{organisation}.example"
