"""The invented patients of the demo clinics, and their families."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """A patient of a demo clinic."""

    name: str
    born: str
    """The date of birth, such as `1984-03-12`."""
    is_online: bool = True
    """Whether the patient has an account. The front desk registered the others."""
    family: tuple[tuple[str, str], ...] = ()
    """The names and dates of birth of the people this patient books for."""
    allergies: str = ""
    conditions: str = ""
    medication: str = ""

    @property
    def first_name(self) -> str:
        """The first name."""
        return self.name.partition(" ")[0]

    @property
    def last_name(self) -> str:
        """The rest of the name."""
        return self.name.partition(" ")[2]

    def email(self, slug: str) -> str:
        """Return the address of the patient's account at the clinic."""
        return f"{self.name.lower().replace(' ', '.')}@{slug}.example"


def _desk(name: str, born: str, **details: str) -> DemoPatient:
    """A patient whom the front desk registered."""
    return DemoPatient(name, born, is_online=False, **details)  # type: ignore[arg-type]


RIVERSIDE_PATIENTS = (
    DemoPatient(
        "Abena Boateng", "1986-02-11", family=(("Kojo Boateng", "2016-05-03"), ("Esi Boateng", "2019-09-21"))
    ),
    DemoPatient(
        "Callum Hartley",
        "1979-07-30",
        family=(("Poppy Hartley", "2013-01-17"), ("Archie Hartley", "2015-11-08")),
    ),
    DemoPatient(
        "Meera Venkatesh", "1990-12-05", family=(("Arun Venkatesh", "2021-03-28"),), allergies="Penicillin"
    ),
    DemoPatient(
        "Yusuf Karaca",
        "1972-04-19",
        family=(("Elif Karaca", "2010-08-14"),),
        conditions="Type 2 diabetes",
        medication="Metformin",
    ),
    DemoPatient(
        "Niamh Gallacher",
        "1988-10-26",
        family=(("Oisin Gallacher", "2018-06-09"), ("Rose Gallacher", "1951-02-23")),
    ),
    DemoPatient("Tomasz Wilkowski", "1983-05-15", family=(("Zofia Wilkowska", "2014-12-01"),)),
    DemoPatient("Leila Farahani", "1993-08-02", allergies="Latex"),
    DemoPatient("Winston Bramble", "1958-01-13", conditions="High blood pressure", medication="Amlodipine"),
    DemoPatient("Chiara Bellandi", "1995-06-24"),
    DemoPatient("Hugo Lindahl", "1981-09-10", family=(("Saga Lindahl", "2017-04-22"),)),
    DemoPatient(
        "Priscilla Adeyemo",
        "1976-11-18",
        family=(("Tobi Adeyemo", "2009-02-27"), ("Funmi Adeyemo", "2012-07-16")),
    ),
    DemoPatient("Daniel Whitcombe", "1969-03-07"),
    DemoPatient("Hana Moriyama", "1991-01-29"),
    DemoPatient("Ewan Dalgleish", "1985-12-20", family=(("Isla Dalgleish", "2020-10-11"),)),
    DemoPatient("Soraya Benhaddou", "1998-05-04"),
    DemoPatient("Graham Pettifer", "1949-08-25", conditions="Asthma", medication="Salbutamol"),
    DemoPatient("Ines Carvalhal", "1987-02-14", family=(("Duarte Carvalhal", "2022-01-06"),)),
    DemoPatient("Kwame Asantewa", "1994-09-17"),
    DemoPatient("Bethan Llewelyn-Rees", "1974-06-12"),
    DemoPatient("Rahul Chaudhari", "1989-04-03"),
    DemoPatient("Olena Hrytsenko", "1980-10-31", family=(("Danylo Hrytsenko", "2011-03-19"),)),
    DemoPatient("Jasper Oakes", "2001-07-22"),
    DemoPatient("Mei-Ling Tsao", "1966-12-09", allergies="Aspirin"),
    DemoPatient("Samuel Okonjo", "1992-03-30"),
    _desk("Edith Brackenbury", "1938-05-27", conditions="Atrial fibrillation", medication="Apixaban"),
    _desk("Harold Stannard", "1942-11-02"),
    _desk("Parveen Siddique", "1955-09-14", allergies="Peanuts"),
    _desk("Doreen Applegarth", "1947-01-20"),
    _desk("Ignatius Obuya", "1961-06-06"),
    _desk("Sheila Cottingham", "1953-04-11", medication="Levothyroxine"),
    _desk("Bogdan Iliev", "1970-08-08"),
    _desk("Maureen Tolliver", "1945-12-16"),
    _desk("Luca Ferrandini", "1999-02-05"),
    _desk("Agnes Whitelaw", "1936-10-03"),
    _desk("Desmond Achterberg", "1964-07-19"),
    _desk("Fatima Zahouani", "1978-03-25"),
    _desk("Rupert Winslade", "1982-09-29"),
    _desk("Joy Mbatha", "1996-11-23"),
    _desk("Nikolai Petrenkov", "1959-05-31"),
    _desk("Tegan Rowsell", "2003-01-08"),
    _desk("Gwendolyn Sparrowe", "1950-06-18"),
    _desk("Amadou Keita-Holt", "1984-12-28"),
    _desk("Constance Vickery", "1957-09-06", conditions="Arthritis"),
    _desk("Piotr Szalinski", "1991-05-13"),
)

HUDSON_PATIENTS = (
    DemoPatient(
        "Rosalind Vega", "1984-04-21", family=(("Mateo Vega", "2014-09-02"), ("Lucia Vega", "2017-12-13"))
    ),
    DemoPatient("Terrell Washburn", "1977-10-08", family=(("Maya Washburn", "2012-05-26"),)),
    DemoPatient("Kavya Nandakumar", "1992-01-15", allergies="Sulfa drugs"),
    DemoPatient("Patrick Dunleavy", "1968-06-29", conditions="High cholesterol", medication="Atorvastatin"),
    DemoPatient("Ximena Barragan", "1995-03-11", family=(("Nico Barragan", "2021-08-07"),)),
    DemoPatient("Aaron Feldstein", "1981-11-24"),
    DemoPatient("Thuy Pham-Reyes", "1989-07-05", family=(("Linh Pham-Reyes", "2019-02-18"),)),
    DemoPatient("Bridget Halloran", "1973-09-30"),
    DemoPatient("Jerome Baptiste-Cole", "1998-12-22"),
    DemoPatient("Naomi Ostrander", "1986-05-09"),
    _desk("Beatrice Langhorne", "1944-02-17", medication="Warfarin"),
    _desk("Walter Kosinsky", "1952-08-03"),
    _desk("Dolores Quintanar", "1960-10-27", allergies="Penicillin"),
    _desk("Eugene Thackeray", "1939-04-14"),
    _desk("Shanice Pruitt", "2000-06-01"),
)
